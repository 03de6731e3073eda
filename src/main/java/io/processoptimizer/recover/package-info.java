/**
 * What an operator does from outside: where every shard stands is read into a {@code Sighting}, a pure {@code Diagnosis} says what is
 * wrong with it and which command helps, and changes are a plan first. Knows nothing of text and terminals.
 */
@NullMarked
package io.processoptimizer.recover;

import org.jspecify.annotations.NullMarked;
