package io.processoptimizer.advise;

import io.processoptimizer.emit.Efficiency;
import org.jspecify.annotations.Nullable;

/** The efficiency model. What it says of the same features is always the same, and it neither waits nor fails. */
@FunctionalInterface
public interface EfficiencyPort {
    /** No model: nothing is remembered for it either. */
    EfficiencyPort NONE = features -> null;

    /** What to expect of a process; null where nothing can be said. */
    @Nullable
    Efficiency predict(Features features);
}
