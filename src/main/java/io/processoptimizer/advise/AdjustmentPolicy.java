package io.processoptimizer.advise;

import io.processoptimizer.emit.Adjustment;
import io.processoptimizer.emit.AdviceRecord;
import io.processoptimizer.emit.AdviceRecord.Given;
import io.processoptimizer.emit.Priority;
import io.processoptimizer.emit.WindowResult;
import io.processoptimizer.event.TelemetryEvent;
import java.util.Optional;

/** Decides which advice becomes an adjustment: of priority high, on the first final result of the default window. */
public final class AdjustmentPolicy {
    private final AdviceSettings settings;

    public AdjustmentPolicy(AdviceSettings settings) {
        this.settings = settings;
    }

    /**
     * @param advice the recorded advice on that result
     * @param closingArrivalMillis when the record that closed the window arrived on the stream, epoch milliseconds, or
     *     {@link TelemetryEvent#ABSENT}: then the adjustment never expires
     */
    public Optional<Adjustment> decide(WindowResult result, AdviceRecord advice, long closingArrivalMillis) {
        boolean steers =
                result.isFinal() && result.revision() == 0 && result.window().equals(settings.window());
        if (!steers
                || !(advice.outcome() instanceof Given given)
                || given.advice().priority() != Priority.HIGH) {
            return Optional.empty();
        }
        long expiresAt = closingArrivalMillis == TelemetryEvent.ABSENT
                ? TelemetryEvent.ABSENT
                : closingArrivalMillis + settings.maxAgeMillis();
        return Optional.of(new Adjustment(
                result, given.advice(), given.source(), settings.mode(), closingArrivalMillis, expiresAt));
    }
}
