/** Tests of what a person sees. */
@NullMarked
package io.processoptimizer.status;

import org.jspecify.annotations.NullMarked;
