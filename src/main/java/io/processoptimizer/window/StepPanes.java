package io.processoptimizer.window;

import io.processoptimizer.event.ProcessDefinition;
import org.jspecify.annotations.Nullable;

/**
 * The facts of the last panes of one step, of which windows are joined, so that a row is swept once and not once for each window that
 * it lies in: a close costs the runs of its panes and not the rows. A cache: it is dropped where a row lands before its end or another
 * definition comes into force, begun anew from the log, and no part of a snapshot.
 */
final class StepPanes {
    private final StepLog log;
    private final long paneMillis;

    /** By the number of the pane, modulo the panes of the longest window. */
    private final @Nullable FactsBuilder[] panes;

    /** The panes in {@code [from, to)} are known; edges of panes. */
    private long from;

    private long to;

    /** Has passed all rows before {@code to}, which are the ones before position {@code next}; meaningless where that is negative. */
    private final TimelineSweep sweep = new TimelineSweep();

    private int next = -1;

    /** Under which the panes were swept; another version of it is another object. */
    private @Nullable ProcessDefinition inForce;

    StepPanes(StepLog log, WindowPolicy policy) {
        this.log = log;
        paneMillis = policy.paneMillis();
        panes = new @Nullable FactsBuilder[policy.longestWindowPanes()];
    }

    /**
     * Joins the facts of {@code [start, end)} to a window's.
     *
     * @param energy takes what was used in each pane
     * @param process the definition in force at {@code start}; {@code before} tells the rules before
     */
    @SuppressWarnings(
            "ReferenceEquality") // a version that returns later is another object: in between there was another
    void joinTo(
            FactsBuilder window,
            EnergyPanes energy,
            long start,
            long end,
            ProcessDefinition process,
            RulesInForce before) {
        if (next < 0 || process != inForce || start < from || start > to) {
            inForce = process;
            from = start;
            to = start;
            next = log.passBefore(start, before, sweep);
        }
        for (long pane = start; pane < end; pane += paneMillis) {
            int slot = Math.floorMod(pane / paneMillis, panes.length);
            FactsBuilder facts = panes[slot];
            if (facts == null) {
                facts = new FactsBuilder(FactsBuilder.OF_A_PANE);
                panes[slot] = facts;
            }
            if (pane == to) {
                facts.begin(sweep, process.calendar());
                to += paneMillis;
                from = Math.max(from, to - panes.length * paneMillis);
                next = log.passOver(to, next, process, sweep, facts);
                log.sweptTo(sweep.now());
            }
            window.append(facts);
            energy.add(pane, facts.energy());
        }
    }

    /** A row comes up before where the sweep stands. */
    void rowBehind() {
        next = -1;
    }

    /** The rows before the position {@code dropped}, those before {@code millis}, are folded away. */
    void rowsDropped(int dropped, long millis) {
        next = next >= dropped && sweep.now() >= millis ? next - dropped : -1;
    }

    /** The rows are others. */
    void clear() {
        next = -1;
    }
}
