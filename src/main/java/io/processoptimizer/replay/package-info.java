/**
 * Backtesting: recorded events and other settings enter; results, comparisons and a report that explains them leave. Knows the
 * pipeline, files and people; publishes nothing.
 */
@NullMarked
package io.processoptimizer.replay;

import org.jspecify.annotations.NullMarked;
