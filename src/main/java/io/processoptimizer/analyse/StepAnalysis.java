package io.processoptimizer.analyse;

import io.processoptimizer.analyse.bottleneck.StepActivity;
import io.processoptimizer.analyse.oee.StepOee;

/** One step in one window: its OEE, and its part in the bottleneck. */
public record StepAnalysis(StepOee oee, StepActivity activity) {}
