/** Tests of recordings. */
@NullMarked
package io.processoptimizer.replay;

import org.jspecify.annotations.NullMarked;
