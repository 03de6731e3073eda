package io.processoptimizer.advise;

import io.processoptimizer.emit.Adjustment;
import io.processoptimizer.emit.Advice;
import io.processoptimizer.emit.Advice.Change;
import io.processoptimizer.emit.AdviceRecord;
import io.processoptimizer.emit.AdviceRecord.Given;
import io.processoptimizer.emit.Priority;
import io.processoptimizer.emit.WindowResult;
import io.processoptimizer.event.Control;
import io.processoptimizer.event.Control.Parameter;
import io.processoptimizer.event.TelemetryEvent;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
        boolean closedLoop = settings.mode() == Adjustment.Mode.CLOSED_LOOP
                && request.control().closedLoop();
        long arrival = request.closingArrivalMillis();
        return Optional.of(new Adjustment(
                result,
                allowed(given.advice(), request.control()),
                given.source(),
                closedLoop ? Adjustment.Mode.CLOSED_LOOP : Adjustment.Mode.ADVISORY,
                arrival,
                arrival == TelemetryEvent.ABSENT ? TelemetryEvent.ABSENT : arrival + settings.maxAgeMillis(),
                request.withheld()));
    }

    /**
     * Advice may have been recorded when another definition was in force: of its changes those are passed on that this one allows, too.
     */
    private static Advice allowed(Advice advice, Control control) {
        List<Change> allowed = advice.changes().stream()
                .filter(change -> isAllowed(change, control.parameter(change.parameter())))
                .toList();
        return allowed.size() == advice.changes().size()
                ? advice
                : new Advice(advice.priority(), advice.summary(), advice.recommendations(), advice.risk(), allowed);
    }

    private static boolean isAllowed(Change change, @Nullable Parameter parameter) {
        if (parameter == null || change.current() != parameter.current().doubleValue()) {
            return false;
        }
        BigDecimal proposed = BigDecimal.valueOf(change.proposed());
        return proposed.compareTo(parameter.min()) >= 0
                && proposed.compareTo(parameter.max()) <= 0
                && proposed.subtract(parameter.current()).abs().compareTo(parameter.maxStep()) <= 0;
    }
}
