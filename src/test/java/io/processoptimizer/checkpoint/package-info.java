/** Tests of what is durable up to where. */
@NullMarked
package io.processoptimizer.checkpoint;

import org.jspecify.annotations.NullMarked;
