/**
 * The rehearsal of recovery: workers are killed, stopped and starved of their sinks while telemetry comes, and what they leave is
 * compared with a replay of the recorded stream. {@link io.processoptimizer.recover.rehearse.DisturbancePlan} and the classes named
 * …Check are pure; the rest drives processes and AWS. It knows workers as processes only, never their insides.
 */
@NullMarked
package io.processoptimizer.recover.rehearse;

import org.jspecify.annotations.NullMarked;
