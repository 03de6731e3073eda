/** Tests of the rehearsal's plan and of its comparison. */
@NullMarked
package io.processoptimizer.recover.rewind;

import org.jspecify.annotations.NullMarked;
