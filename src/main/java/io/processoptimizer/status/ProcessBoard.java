package io.processoptimizer.status;

import io.processoptimizer.analyse.bottleneck.Constraint;
import io.processoptimizer.analyse.oee.Loss;
import io.processoptimizer.analyse.oee.OeeStatus;
import io.processoptimizer.analyse.oee.ProcessOee;
import io.processoptimizer.emit.WindowResult;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The newest result of each process, for showing. Bounded; safe for use by several threads. */
final class ProcessBoard {
    /** More than a person looks at; the tables hold all. */
    static final int MAX_PROCESSES = 10_000;

    /** Worst first: the lowest OEE at the top, what has none at the bottom. */
    private static final Comparator<ProcessRow> WORST_FIRST = Comparator.comparingDouble(
                    (ProcessRow row) -> Double.isNaN(row.factors().oee())
                            ? Double.MAX_VALUE
                            : row.factors().oee())
            .thenComparing(ProcessRow::processId);

    private final ConcurrentMap<String, ProcessRow> rows = new ConcurrentHashMap<>();
    private final AtomicLong windows = new AtomicLong();
    private final Clock clock;

    ProcessBoard(Clock clock) {
        this.clock = clock;
    }

    void result(WindowResult result) {
        windows.incrementAndGet();
        if (rows.size() >= MAX_PROCESSES && !rows.containsKey(result.processId())) {
            return;
        }
        ProcessRow row = row(result, clock.millis());
        rows.merge(row.processId(), row, ProcessBoard::newer);
    }

    /** A revision of an older window does not hide a newer one, and a provisional result does not hide the final one. */
    private static ProcessRow newer(ProcessRow was, ProcessRow is) {
        boolean older = is.endMillis() < was.endMillis()
                || (is.endMillis() == was.endMillis() && was.isFinal() && !is.isFinal());
        return older ? was : is.withAdvice(was.adjustment(), was.effect());
    }

    private static ProcessRow row(WindowResult result, long nowMillis) {
        ProcessOee process = result.analysis().process();
        Constraint constraint = result.analysis().constraint();
        Loss loss = process.losses().largest();
        return new ProcessRow(
                result.processId(),
                result.endMillis(),
                result.isFinal(),
                process.factors(),
                process.status(),
                name(constraint),
                loss,
                loss == null ? 0 : process.losses().micros(loss),
                null,
                null,
                false,
                nowMillis);
    }

    private static @Nullable String name(Constraint constraint) {
        if (constraint.stepId() == null) {
            return null;
        }
        return constraint.confidence() == null
                ? constraint.stepId()
                : constraint.stepId() + " (" + constraint.confidence().label() + ")";
    }

    void gap(String processId) {
        rows.computeIfPresent(processId, (id, row) -> row.fallenSilent());
    }

    void adjustment(String processId, String text) {
        rows.computeIfPresent(processId, (id, row) -> row.withAdvice(text, row.effect()));
    }

    void effect(String processId, String text) {
        rows.computeIfPresent(processId, (id, row) -> row.withAdvice(row.adjustment(), text));
    }

    /** Worst first. */
    List<ProcessRow> rows() {
        return rows.values().stream().sorted(WORST_FIRST).toList();
    }

    long windows() {
        return windows.get();
    }

    long belowTarget() {
        return rows.values().stream()
                .filter(row -> row.status() == OeeStatus.BELOW_TARGET)
                .count();
    }
}
