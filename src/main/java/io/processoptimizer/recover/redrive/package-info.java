/**
 * Dead letters, put on the stream again: START HERE with {@link io.processoptimizer.recover.redrive.Redrive}. What would become of
 * each is tried on a copy of the state before anything is put.
 */
@NullMarked
package io.processoptimizer.recover.redrive;

import org.jspecify.annotations.NullMarked;
