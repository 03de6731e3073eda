/**
 * The simulated factory: from one seed, serial lines with finite buffers, failures, changeovers and rejects, and the
 * canonical telemetry they would send, in the order in which it would arrive. Out go bytes to a sink port, the matching
 * process definitions, and the true bottleneck of a line. Knows nothing of AWS or of how the telemetry is evaluated.
 */
@NullMarked
package io.processoptimizer.simulate;

import org.jspecify.annotations.NullMarked;
