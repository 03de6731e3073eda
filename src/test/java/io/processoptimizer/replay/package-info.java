/** Tests of backtesting and its report. */
@NullMarked
package io.processoptimizer.replay;

import org.jspecify.annotations.NullMarked;
