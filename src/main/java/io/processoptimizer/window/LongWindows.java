package io.processoptimizer.window;

import io.processoptimizer.event.Calendar;
import io.processoptimizer.event.Calendar.Period;
import io.processoptimizer.event.Calendar.Span;
import io.processoptimizer.event.ProcessDefinition;
import io.processoptimizer.event.ProcessDefinitions;
import io.processoptimizer.event.StepState;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The shift and day windows of one process, after the calendar of its definition. They do not overlap, so each is kept as running totals of
 * what is past lateness, and what may still change is read off the retained rows: the state does not grow with a window's length. Which
 * windows there are is decided by the version of the definition in force at a window's start.
 *
 * <p>Everything before {@link #foldedTo} is in the totals or belongs to no window any more. What a window says does not depend on where
 * that is. States are told by the rules in force pane by pane.
 */
final class LongWindows {
    private static final Period[] PERIODS = Period.values();

    /** The windows of one period. */
    private static final class Family {
        final Period period;
        final ClosedWindows closed = new ClosedWindows();
        final Map<String, TotalsBuilder> totals = new TreeMap<>();
        final FigureTotals figures = new FigureTotals();
        final EnergyPanes energy;

        /** The window that {@link #foldedTo} lies in; null between two. */
        @Nullable
        Span current;

        Family(Period period, long paneMillis) {
            this.period = period;
            energy = new EnergyPanes(paneMillis);
        }

        void open(@Nullable Span span) {
            current = span;
            totals.clear();
            figures.reset();
            energy.begin(span == null ? 0 : span.startMillis());
        }
    }

    private final String processId;
    private final ShardWindows shard;
    private final Steps steps;
    private final FigureLog figureLog;
    private final RulesInForce rules;
    private final List<Family> families = new ArrayList<>();
    private final TotalsBuilder scratch = new TotalsBuilder();
    private long foldedTo;

    LongWindows(String processId, ShardWindows shard, Steps steps, FigureLog figureLog, RulesInForce rules) {
        this.processId = processId;
        this.shard = shard;
        this.steps = steps;
        this.figureLog = figureLog;
        this.rules = rules;
        for (Period period : PERIODS) {
            families.add(new Family(period, shard.policy().paneMillis()));
        }
    }

    /** Whether a process has such windows at an instant. */
    static boolean existAt(String processId, long millis, ProcessDefinitions definitions) {
        return definitions.of(processId, millis).calendar() != null;
    }

    /** Begins with a process, of which nothing before {@code from} will ever be taken: the windows that are on are part of it. */
    void begin(long from, long watermark) {
        foldedTo = from;
        for (Family family : families) {
            Calendar calendar = calendarAt(from);
            Span on = calendar == null ? null : calendar.containing(family.period, from);
            boolean inForce = on != null && Objects.equals(calendar, calendarAt(on.startMillis()));
            family.open(inForce ? on : null);
            family.energy.begin(from); // what the window's panes before it used is not known
            family.closed.closedUpTo(watermark);
        }
        settle();
    }

    /** Begins in the middle of a process's life, with windows that start at or after {@code from}: facts before it may be gone. */
    void beginUnderWay(long from, long watermark) {
        foldedTo = from;
        for (StepLog step : steps.inOrder()) {
            step.foldBefore(from, rules);
        }
        for (Family family : families) {
            family.open(null);
            family.closed.closedUpTo(Math.max(from, watermark));
        }
        settle();
    }

    // ---- which windows there are

    @Nullable
    private Calendar calendarAt(long millis) {
        return definitionAt(millis).calendar();
    }

    private ProcessDefinition definitionAt(long millis) {
        return shard.definitions().of(processId, millis);
    }

    /** The first window that starts in {@code [from, to)}, or null. */
    private @Nullable Span next(Period period, long from, long to) {
        long pane = shard.policy().paneMillis();
        for (long at = shard.policy().paneStart(from); at < to; at += pane) {
            Calendar calendar = calendarAt(at);
            Span span = calendar == null || !calendar.has(period)
                    ? null
                    : calendar.startingIn(period, Math.max(at, from), Math.min(at + pane, to));
            if (span != null) {
                return span;
            }
        }
        return null;
    }

    /** The window after one, or the first that is not folded away: of those that start before {@code to}. */
    private @Nullable Span after(Family family, @Nullable Span before, long to) {
        if (before != null) {
            return next(family.period, before.endMillis(), to);
        }
        return family.current != null ? family.current : next(family.period, foldedTo, to);
    }

    // ---- close

    /**
     * Closes what the watermark has passed, and closes again what late facts may have changed.
     *
     * @param touchedFrom the earliest late fact, or {@link Long#MAX_VALUE}
     */
    void close(long watermark, long touchedFrom, long generation) {
        for (Family family : families) {
            Span window = after(family, null, watermark);
            while (window != null && window.endMillis() <= watermark) {
                boolean first = window.endMillis() > family.closed.closedUpTo();
                if (first || touchedFrom < window.endMillis()) {
                    close(family, window, generation);
                }
                if (first) {
                    family.closed.closedUpTo(window.endMillis());
                }
                window = after(family, window, watermark);
            }
        }
    }

    private void close(Family family, Span window, long generation) {
        long end = window.endMillis();
        WindowFacts facts = factsOf(family, window, family.closed.wasEmitted(end));
        if (facts == null) {
            return;
        }
        int revision = family.closed.nextRevision(end, Fingerprint.of(facts));
        boolean isNew = revision >= 0;
        if (isNew || generation > 0) {
            int edition = isNew ? revision : family.closed.revisionOf(end);
            shard.output().closed(facts, new Emission(true, generation, edition, !isNew));
        }
    }

    /** As of a sliding window: null where it holds nothing; a step that nobody named is part of it only where it holds anything. */
    private @Nullable WindowFacts factsOf(Family family, Span window, boolean evenIfEmpty) {
        long start = window.startMillis();
        long end = window.endMillis();
        ProcessDefinition process = definitionAt(start);
        List<StepFacts> stepFacts = new ArrayList<>(steps.size());
        boolean hasFacts = false;
        int silentSteps = 0;
        EnergyPanes energy = shard.energyPanes();
        if (window.equals(family.current)) {
            energy.goOnFrom(family.energy);
        } else {
            energy.begin(start);
        }
        List<Long> cuts = cuts(start, end);
        for (StepLog step : steps.inOrder()) {
            if (!step.seenBefore(end)) {
                continue;
            }
            TotalsBuilder known = window.equals(family.current) ? family.totals.get(step.stepId()) : null;
            if (known == null) {
                scratch.reset();
            } else {
                scratch.copyFrom(known);
            }
            TimelineSweep sweep = shard.scratch();
            step.resumeAtFold(sweep);
            long at = foldedTo;
            for (long to : cuts) {
                FactSink sink = at < start ? FactsBuilder.NOTHING : scratch.by(process, sweep, energy);
                step.passOver(to, rules.at(at), sweep, sink);
                at = to;
            }
            boolean holdsAnything = scratch.hasFacts();
            hasFacts |= holdsAnything;
            if (holdsAnything || process.names(step.stepId())) {
                stepFacts.add(scratch.build(step.stepId(), end, !step.seenBefore(start + 1)));
            } else {
                silentSteps++;
            }
        }
        FigureTotals figures = new FigureTotals();
        if (window.equals(family.current)) {
            figures.copyFrom(family.figures);
        }
        figureLog.readInto(Math.max(start, foldedTo), end, figures);
        WindowFacts.StatedFigures stated = figures.until(end);
        if (!hasFacts && stated == null && !evenIfEmpty) {
            return null;
        }
        energy.settle(end);
        return new WindowFacts(
                processId,
                family.period.windowName(),
                start,
                end,
                process,
                stepFacts,
                silentSteps,
                stated,
                energy.peak(),
                window);
    }

    /** Where what is retained is to be read in pieces, up to a window's end: at its start, and where the rules change. */
    private List<Long> cuts(long start, long end) {
        List<Long> cuts = new ArrayList<>();
        for (long at = foldedTo; at < end; ) {
            at = rules.endOf(at, at < start ? start : end);
            cuts.add(at);
        }
        return cuts;
    }

    // ---- show provisionally

    /**
     * Shows the windows that are not closed yet, and end by {@code lastEnd} or have started by {@code lastStart}; {@link Long#MIN_VALUE} for
     * neither. Returns whether there were any.
     */
    boolean show(long lastEnd, long lastStart, long generation, int silences) {
        boolean shown = false;
        long bound = Math.max(lastEnd, lastStart == Long.MIN_VALUE ? lastStart : lastStart + 1);
        for (Family family : families) {
            Span window = after(family, null, bound);
            while (window != null && (window.endMillis() <= lastEnd || window.startMillis() <= lastStart)) {
                if (window.endMillis() > family.closed.shownUpTo()) {
                    WindowFacts facts = factsOf(family, window, false);
                    if (facts != null) {
                        shard.output().closed(facts, new Emission(false, generation, silences));
                    }
                    family.closed.provisionalUpTo(window.endMillis());
                    shown = true;
                }
                window = after(family, window, bound);
            }
        }
        return shown;
    }

    void silenceEnded() {
        families.forEach(family -> family.closed.silenceEnded());
    }

    /** Windows that have begun by {@code lastStart} and are not closed. */
    int open(long lastStart) {
        int open = 0;
        for (Family family : families) {
            Span window = after(family, null, lastStart + 1);
            for (; window != null && window.startMillis() <= lastStart; window = after(family, window, lastStart + 1)) {
                open += window.endMillis() > family.closed.closedUpTo() ? 1 : 0;
            }
        }
        return open;
    }

    // ---- evict

    /** Adds to the totals what nothing before {@code retainedFrom} can change any more, and folds it away. */
    void fold(long retainedFrom, long reopenableFrom) {
        while (foldedTo < retainedFrom) {
            long cut = retainedFrom;
            for (Family family : families) {
                Span span = family.current;
                Span next = span == null ? next(family.period, foldedTo, cut) : null;
                cut = Math.min(cut, span != null ? span.endMillis() : next != null ? next.startMillis() : cut);
            }
            cut = rules.endOf(foldedTo, cut);
            for (StepLog step : steps.inOrder()) {
                if (step.seenBefore(cut)) {
                    step.foldInto(cut, rules.at(foldedTo), new ToFamilies(step));
                }
            }
            for (Family family : families) {
                if (family.current != null) {
                    figureLog.readInto(foldedTo, cut, family.figures);
                    family.energy.settle(cut);
                }
            }
            foldedTo = cut;
            settle();
        }
        families.forEach(family -> family.closed.forgetUpTo(reopenableFrom));
    }

    /** What has been folded to its end gives way to what starts there. */
    private void settle() {
        for (Family family : families) {
            Span current = family.current;
            if (current != null && current.endMillis() > foldedTo) {
                continue;
            }
            Span next = next(family.period, foldedTo, foldedTo + 1);
            if (current != null || next != null) {
                family.open(next);
            }
        }
    }

    /** Hands what is folded of one step to the windows that are on. */
    private final class ToFamilies implements FactSink {
        private final List<TotalsBuilder> targets = new ArrayList<>(PERIODS.length);

        ToFamilies(StepLog step) {
            for (Family family : families) {
                Span span = family.current;
                if (span != null) {
                    targets.add(family.totals
                            .computeIfAbsent(step.stepId(), id -> new TotalsBuilder())
                            .by(definitionAt(span.startMillis()), step.folded(), family.energy));
                }
            }
        }

        @Override
        public void segment(StepState state, long from, long to) {
            for (TotalsBuilder target : targets) {
                target.segment(state, from, to);
            }
        }

        @Override
        public void parts(
                long time,
                StepState state,
                @Nullable String product,
                long idealCycle,
                long good,
                long reject,
                long startupReject,
                long rework) {
            for (TotalsBuilder target : targets) {
                target.parts(time, state, product, idealCycle, good, reject, startupReject, rework);
            }
        }

        @Override
        public void inferredStartupRejects(long time, StepState state, long rejects) {
            targets.forEach(target -> target.inferredStartupRejects(time, state, rejects));
        }

        @Override
        public void energy(long time, StepState state, long milliwattHours) {
            targets.forEach(target -> target.energy(time, state, milliwattHours));
        }

        @Override
        public void cycle(long micros) {
            targets.forEach(target -> target.cycle(micros));
        }

        @Override
        public void utilization(long time, long nano) {
            targets.forEach(target -> target.utilization(time, nano));
        }
    }

    // ---- snapshot, restore

    void write(DataOutput out) throws IOException {
        out.writeLong(foldedTo);
        for (Family family : families) {
            family.closed.write(out);
            Span span = family.current;
            out.writeBoolean(span != null);
            if (span == null) {
                continue;
            }
            Wire.writeName(out, span.shift());
            out.writeLong(span.day().toEpochDay());
            out.writeLong(span.startMillis());
            out.writeLong(span.endMillis());
            Wire.writeCount(out, family.totals.size());
            for (Map.Entry<String, TotalsBuilder> step : family.totals.entrySet()) {
                out.writeUTF(step.getKey());
                step.getValue().write(out);
            }
            family.figures.write(out);
            family.energy.write(out);
        }
    }

    /** Returns from when on nothing is in the totals yet. */
    long read(DataInput in) throws IOException {
        foldedTo = in.readLong();
        for (Family family : families) {
            family.closed.read(in);
            family.open(null);
            if (!in.readBoolean()) {
                continue;
            }
            family.current =
                    new Span(Wire.readName(in), LocalDate.ofEpochDay(in.readLong()), in.readLong(), in.readLong());
            int count = Wire.readCount(in);
            for (int i = 0; i < count; i++) {
                String stepId = in.readUTF();
                TotalsBuilder totals = new TotalsBuilder();
                totals.read(in);
                family.totals.put(stepId, totals);
            }
            family.figures.read(in);
            family.energy.read(in);
        }
        return foldedTo;
    }
}
