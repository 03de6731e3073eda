/**
 * What an application stands on (leases, pointers, states), taken out and put in again: into a file, the same application or another.
 * START HERE with {@link io.processoptimizer.recover.move.Source}, which reads, and {@link io.processoptimizer.recover.move.Target}, which
 * writes. Items are copied attribute by attribute, so that what a later version adds to them is not lost.
 */
@NullMarked
package io.processoptimizer.recover.move;

import org.jspecify.annotations.NullMarked;
