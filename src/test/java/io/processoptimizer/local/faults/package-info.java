/** Tests of the faults. */
@NullMarked
package io.processoptimizer.local.faults;

import org.jspecify.annotations.NullMarked;
