package io.processoptimizer.replay;

import io.processoptimizer.advise.AdjustmentPolicy;
import io.processoptimizer.advise.AdviceDesk;
import io.processoptimizer.advise.EfficiencyPort;
import io.processoptimizer.emit.AdviceOutputs;
import io.processoptimizer.event.ProcessDefinitions;
import io.processoptimizer.pipeline.PipelineSettings;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One of the configurations that a replay runs over the same records.
 *
 * @param name names it in the comparison
 * @param settings what its pipeline works by
 * @param changes the settings that differ from the defaults, by path, for people
 * @param recorded the advice that was recorded; null where the rules advise
 */
public record Variant(
        String name,
        PipelineSettings settings,
        ProcessDefinitions definitions,
        Map<String, String> changes,
        @Nullable RecordedDesk recorded) {
    public Variant {
        changes = new TreeMap<>(changes);
    }

    /** One that the rules advise. */
    public Variant(
            String name, PipelineSettings settings, ProcessDefinitions definitions, Map<String, String> changes) {
        this(name, settings, definitions, changes, null);
    }

    /** The same with a model that says what to expect. */
    public Variant expecting(EfficiencyPort model) {
        return new Variant(name, settings.expecting(model), definitions, changes, recorded);
    }

    /** The same with advice that was recorded. */
    public Variant advisedBy(RecordedDesk desk) {
        return new Variant(name, settings, definitions, changes, desk);
    }

    AdviceDesk desk(AdviceOutputs outputs, AdjustmentPolicy policy) {
        return recorded == null ? AdviceDesk.unaided(outputs, policy) : recorded.desk(outputs, policy);
    }
}
