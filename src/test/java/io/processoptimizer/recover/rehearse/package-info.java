/** Tests of the rehearsal's plan and of its comparison. */
@NullMarked
package io.processoptimizer.recover.rehearse;

import org.jspecify.annotations.NullMarked;
