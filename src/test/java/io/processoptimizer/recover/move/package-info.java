/** Tests of the rehearsal's plan and of its comparison. */
@NullMarked
package io.processoptimizer.recover.move;

import org.jspecify.annotations.NullMarked;
