package io.processoptimizer.config;

import io.processoptimizer.event.ProcessDefinition;
import io.processoptimizer.event.ProcessDefinitions;

/**
 * Definitions that versions are added to while shards are processed. A reader may see an addition at any moment between two lookups: it
 * concerns only event times that nobody has looked up yet ({@link DefinitionsLead}). Safe for use by several threads.
 */
public final class LiveDefinitions implements ProcessDefinitions {
    private volatile ConfiguredProcesses inForce;

    public LiveDefinitions(ConfiguredProcesses inForce) {
        this.inForce = inForce;
    }

    @Override
    public ProcessDefinition of(String processId, long atMillis) {
        return inForce.of(processId, atMillis);
    }

    /** What is in force now; never changes itself. */
    public ConfiguredProcesses inForce() {
        return inForce;
    }

    /** Takes over what {@link DefinitionsChange.Addition} has found, or the same merged with what never changes. */
    public void takeOver(ConfiguredProcesses added) {
        inForce = added;
    }
}
