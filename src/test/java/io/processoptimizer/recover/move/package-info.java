/** Tests of exports, of copies and of their comparison. */
@NullMarked
package io.processoptimizer.recover.move;

import org.jspecify.annotations.NullMarked;
