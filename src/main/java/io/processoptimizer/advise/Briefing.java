package io.processoptimizer.advise;

import io.processoptimizer.emit.Efficiency;
import io.processoptimizer.emit.WindowResult;
import io.processoptimizer.event.Control;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a model is told of one window.
 *
 * @param result the window's result
 * @param features what the efficiency model goes by
 * @param trend figures of the last windows by name, the last one first; NaN where not known
 * @param control which parameters may be changed, and how far
 * @param expected what the efficiency model expects; null where none was asked or it had nothing to go by
 */
public record Briefing(
        WindowResult result,
        Features features,
        Map<String, List<Double>> trend,
        Control control,
        @Nullable Efficiency expected) {
    public Briefing {
        trend = Map.copyOf(trend);
    }

    /** The same with what an efficiency model expects. */
    public Briefing expecting(@Nullable Efficiency efficiency) {
        return new Briefing(result, features, trend, control, efficiency);
    }
}
