package io.processoptimizer.cli;

import io.processoptimizer.checkpoint.ComputedWith;
import io.processoptimizer.config.Configuration;
import io.processoptimizer.config.ConfigurationFingerprint;
import io.processoptimizer.config.ConfiguredProcesses;
import io.processoptimizer.config.DefinitionsLead;
import io.processoptimizer.config.LiveDefinitions;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/**
 * What a worker computes with while it runs: settings that stay, and definitions that versions are added to. Two configurations that differ
 * only in versions which are in force nowhere yet compute the same, so that a worker that has one of them may go on where the other is
 * asked for.
 */
final class RunningConfiguration implements ComputedWith {
    private final Configuration configuration;
    private final LiveDefinitions definitions;
    private final @Nullable String model;
    private final DefinitionsLead lead;
    private final Clock clock;
    private volatile @Nullable Named last;

    private record Named(ConfiguredProcesses definitions, String fingerprint) {}

    /** @param model names the content of the model of efficiency, null where there is none */
    RunningConfiguration(
            Configuration configuration,
            LiveDefinitions definitions,
            @Nullable String model,
            DefinitionsLead lead,
            Clock clock) {
        this.configuration = configuration;
        this.definitions = definitions;
        this.model = model;
        this.lead = lead;
        this.clock = clock;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // what is in force never changes: another one is another object
    public String fingerprint() {
        ConfiguredProcesses inForce = definitions.inForce();
        Named known = last;
        if (known == null || known.definitions != inForce) {
            known = new Named(inForce, of(inForce));
            last = known;
        }
        return known.fingerprint;
    }

    @Override
    public boolean isAs(String other) {
        if (other.equals(fingerprint())) {
            return true;
        }
        ConfiguredProcesses inForce = definitions.inForce();
        return inForce.beginningsFrom(lead.latestTaken(clock.millis()) + 1).stream()
                .anyMatch(beginning -> other.equals(of(inForce.beginningBefore(beginning))));
    }

    private String of(ConfiguredProcesses processes) {
        return ConfigurationFingerprint.of(configuration.settings(), processes, configuration.mappings(), model);
    }
}
