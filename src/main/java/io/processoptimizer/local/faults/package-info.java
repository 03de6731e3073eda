/**
 * Faults on demand: a request of a service passes through here first, and leaves with a throttling, a failure, no answer at all, or
 * on its way, at once or later. What is to go wrong comes over a local page. It knows of the services only how their requests are told apart.
 */
@NullMarked
package io.processoptimizer.local.faults;

import org.jspecify.annotations.NullMarked;
