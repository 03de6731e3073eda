/** Tests of what would become of dead letters. */
@NullMarked
package io.processoptimizer.recover.redrive;

import org.jspecify.annotations.NullMarked;
