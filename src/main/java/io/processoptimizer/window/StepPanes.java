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

    /** Has passed all rows before {@code to}, if the panes are known. */
    private final TimelineSweep sweep = new TimelineSweep();

    private boolean areKnown;

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
        if (!areKnown || process != inForce || start < from || start > to) {
            inForce = process;
            from = start;
            to = start;
            areKnown = true;
            log.passBefore(start, before, sweep);
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
                log.passOver(to, process, sweep, facts);
                log.sweptTo(sweep.now());
            }
            window.append(facts);
            energy.add(pane, facts.energy());
        }
    }

    /** A row comes up before where the sweep stands. */
    void rowBehind() {
        areKnown = false;
    }

    /** The rows before {@code millis} are folded away. */
    void rowsDropped(long millis) {
        areKnown &= sweep.now() >= millis;
    }

    /** The rows are others. */
    void clear() {
        areKnown = false;
    }
}
