package io.processoptimizer.analyse;

import io.processoptimizer.event.ProcessDefinition;
import io.processoptimizer.event.ProcessDefinition.Basis;
import io.processoptimizer.event.ProcessDefinition.Profile;
import io.processoptimizer.window.WindowFacts;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The default process definition with one thing changed. */
public final class Definitions {
    private Definitions() {}

    /** The same facts of a window in which another definition is in force. */
    static WindowFacts inForce(WindowFacts facts, ProcessDefinition definition) {
        return new WindowFacts(
                facts.processId(),
                facts.window(),
                facts.startMillis(),
                facts.endMillis(),
                definition,
                facts.steps(),
                facts.silentSteps(),
                facts.stated(),
                facts.energyPeak(),
                facts.span());
    }

    public static ProcessDefinition profile(Profile profile) {
        return of(List.of(), profile, null, 300_000, Map.of());
    }

    public static ProcessDefinition minorStop(Profile profile, long minorStopMillis) {
        return of(List.of(), profile, null, minorStopMillis, Map.of());
    }

    public static ProcessDefinition order(String... steps) {
        return of(List.of(steps), null, null, 300_000, Map.of());
    }

    public static ProcessDefinition basis(Basis basis) {
        return of(List.of(), null, basis, 300_000, Map.of());
    }

    public static ProcessDefinition ideal(Map<String, Map<String, Long>> idealCycleMicros) {
        return of(List.of(), null, null, 300_000, idealCycleMicros);
    }

    public static ProcessDefinition of(
            List<String> order,
            @Nullable Profile profile,
            @Nullable Basis basis,
            long minorStopMillis,
            Map<String, Map<String, Long>> idealCycleMicros) {
        return new ProcessDefinition(
                "v1",
                order,
                null,
                profile,
                basis,
                850_000_000L,
                minorStopMillis,
                900_000L,
                idealCycleMicros,
                900_000_000L);
    }
}
