package io.processoptimizer.replay;

import io.processoptimizer.advise.EfficiencyPort;
import io.processoptimizer.event.ProcessDefinitions;
import io.processoptimizer.pipeline.PipelineSettings;
import java.util.Map;
import java.util.TreeMap;

/**
 * One of the configurations that a replay runs over the same records.
 *
 * @param name names it in the comparison
 * @param settings what its pipeline works by
 * @param changes the settings that differ from the defaults, by path, for people
 */
public record Variant(
        String name, PipelineSettings settings, ProcessDefinitions definitions, Map<String, String> changes) {
    public Variant {
        changes = new TreeMap<>(changes);
    }

    /** The same with a model that says what to expect. */
    public Variant expecting(EfficiencyPort model) {
        return new Variant(name, settings.expecting(model), definitions, changes);
    }
}
