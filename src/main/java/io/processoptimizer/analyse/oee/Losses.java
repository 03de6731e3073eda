package io.processoptimizer.analyse.oee;

import io.processoptimizer.event.TelemetryEvent;
import org.jspecify.annotations.Nullable;

/**
 * Planned time that did not make good parts, in microseconds (ideal cycles are microseconds, so nothing is rounded); their sum is
 * exactly planned time − fully productive time. A loss that is not known is {@link TelemetryEvent#ABSENT}: L4–L6 without an
 * ideal cycle, all of them where no state was ever reported.
 */
public record Losses(
        long breakdownsMicros,
        long setupMicros,
        long minorStopsMicros,
        long reducedSpeedMicros,
        long startupRejectsMicros,
        long productionRejectsMicros,
        long noSignalMicros) {
    private static final Loss[] ALL = Loss.values();
    private static final long ABSENT = TelemetryEvent.ABSENT;

    public static final Losses NONE = new Losses(ABSENT, ABSENT, ABSENT, ABSENT, ABSENT, ABSENT, ABSENT);

    /** Microseconds of one loss, or {@link TelemetryEvent#ABSENT}. */
    public long micros(Loss loss) {
        return switch (loss) {
            case BREAKDOWNS -> breakdownsMicros;
            case SETUP -> setupMicros;
            case MINOR_STOPS -> minorStopsMicros;
            case REDUCED_SPEED -> reducedSpeedMicros;
            case STARTUP_REJECTS -> startupRejectsMicros;
            case PRODUCTION_REJECTS -> productionRejectsMicros;
            case NO_SIGNAL -> noSignalMicros;
        };
    }

    /** The largest known loss above 0, the first of equals, or null where there is none. */
    public @Nullable Loss largest() {
        Loss largest = null;
        long most = 0;
        for (Loss loss : ALL) {
            long micros = micros(loss); // ABSENT is the smallest long, so it never wins
            if (micros > most) {
                most = micros;
                largest = loss;
            }
        }
        return largest;
    }
}
