package io.processoptimizer.advise;

import io.processoptimizer.emit.Adjustment;
import io.processoptimizer.emit.AdviceRecord;
import io.processoptimizer.emit.AdviceRecord.Given;
import io.processoptimizer.emit.Priority;
import io.processoptimizer.emit.WindowResult;
import io.processoptimizer.event.TelemetryEvent;
import java.util.Optional;

/**
 * Decides which advice becomes an adjustment: of priority high, on the first final result of the default window. Safe to use from many
 * threads.
 */
public final class AdjustmentPolicy {
    private final AdviceSettings settings;

    public AdjustmentPolicy(AdviceSettings settings) {
        this.settings = settings;
    }

    /**
     * @param advice the recorded advice on the request's result
     * @return one that never expires where it is not known when the window was closed
     */
    public Optional<Adjustment> decide(AdviceRequest request, AdviceRecord advice) {
        WindowResult result = request.result();
        boolean steers =
                result.isFinal() && result.revision() == 0 && result.window().equals(settings.window());
        if (!steers
                || !(advice.outcome() instanceof Given given)
                || given.advice().priority() != Priority.HIGH) {
            return Optional.empty();
        }
        // Two switches, since what machines take over nobody looks at first: the worker's and the process's own.
        boolean closedLoop = settings.mode() == Adjustment.Mode.CLOSED_LOOP && request.closedLoop();
        long arrival = request.closingArrivalMillis();
        return Optional.of(new Adjustment(
                result,
                given.advice(),
                given.source(),
                closedLoop ? Adjustment.Mode.CLOSED_LOOP : Adjustment.Mode.ADVISORY,
                arrival,
                arrival == TelemetryEvent.ABSENT ? TelemetryEvent.ABSENT : arrival + settings.maxAgeMillis(),
                request.withheld()));
    }
}
