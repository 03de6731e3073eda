/**
 * Adapters to AWS: outputs and states enter through the ports of the core and become items, events and metrics. Retries, bounds on what
 * is in flight and the mapping to AWS's shapes live here; what the outputs mean is not known here.
 */
@NullMarked
package io.processoptimizer.aws;

import org.jspecify.annotations.NullMarked;
