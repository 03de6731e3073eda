package io.processoptimizer.window;

import io.processoptimizer.event.Calendar;
import io.processoptimizer.event.ProcessDefinition;
import io.processoptimizer.event.ProcessSnapshot;
import io.processoptimizer.event.StepState;
import io.processoptimizer.event.TelemetryEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * All accepted records of one process, for ever, and what they say of any window: every question is answered by looking at every
 * record again. Obviously right and hopelessly slow.
 */
final class NaiveFacts {
    private static final long OPEN = Long.MAX_VALUE;

    /**
     * A state held over {@code [start, end)}, by the record no. {@code order} of the process.
     *
     * @param from where it counts from: after its start where its beginning was late
     * @param corrects whether it goes before all claims that do not
     */
    private record Claim(StepState state, long start, long from, long end, int order, boolean corrects) {
        boolean goesBefore(Claim other) {
            if (corrects != other.corrects) {
                return corrects;
            }
            if (start != other.start) {
                return start > other.start;
            }
            return from > other.from || (from == other.from && order > other.order);
        }
    }

    /** A record of one step; it counts from {@code time} on, which lies after the claim's start where its beginning was late. */
    private record Fact(int order, long time, @Nullable Claim claim, TelemetryEvent values) {}

    private record Run(long start, StepState state) {}

    private record PartKey(@Nullable String product, long idealCycle) {}

    private final long paneMillis;
    private final Map<String, List<Fact>> steps = new TreeMap<>();
    private final List<ProcessSnapshot> figures = new ArrayList<>();
    private int order;

    NaiveFacts(long paneMillis) {
        this.paneMillis = paneMillis;
    }

    /** The runs of each step under the rules of a definition, as long as no record is added: the one thing that is kept, for the sake of time. */
    private final Map<String, Map<ProcessDefinition, List<Run>>> runs = new HashMap<>();

    void add(TelemetryEvent event) {
        StepState state = event.state;
        Claim claim = null;
        if (state != null) {
            long end =
                    event.durationMillis == TelemetryEvent.ABSENT ? OPEN : event.timestampMillis + event.durationMillis;
            boolean corrects = event.correction && event.durationMillis > 0;
            claim = new Claim(state, event.timestampMillis, event.timestampMillis, end, order, corrects);
        }
        add(event.stepId, event.timestampMillis, claim, event);
    }

    /** What is left of an interval whose beginning is late: its state from {@code from} on. */
    void addRestOfClaim(TelemetryEvent event, long from) {
        StepState state = Objects.requireNonNull(event.state);
        long end = event.timestampMillis + event.durationMillis;
        Claim rest = new Claim(state, event.timestampMillis, from, end, order, event.correction);
        add(event.stepId, from, rest, new TelemetryEvent());
    }

    void add(ProcessSnapshot snapshot) {
        figures.add(snapshot);
        for (ProcessSnapshot.StepReading reading : snapshot.steps()) {
            TelemetryEvent values = new TelemetryEvent();
            values.utilizationNano = reading.utilizationNano();
            values.cycleTimeMicros = reading.cycleTimeMicros();
            add(reading.stepId(), snapshot.timestampMillis(), null, values);
        }
    }

    private void add(String stepId, long time, @Nullable Claim claim, TelemetryEvent values) {
        List<Fact> facts = steps.computeIfAbsent(stepId, id -> new ArrayList<>());
        facts.add(new Fact(order, time, claim, values));
        facts.sort(Comparator.comparingLong(Fact::time).thenComparingInt(Fact::order));
        order++;
        runs.remove(stepId);
    }

    /** The earliest instant that any accepted record speaks of. */
    long earliest() {
        long earliest = Long.MAX_VALUE;
        for (List<Fact> facts : steps.values()) {
            earliest = Math.min(earliest, facts.get(0).time());
        }
        for (ProcessSnapshot snapshot : figures) {
            earliest = Math.min(earliest, snapshot.timestampMillis());
        }
        return earliest;
    }

    WindowFacts window(String processId, String name, long start, long end, ProcessDefinition definition) {
        List<StepFacts> stepFacts = new ArrayList<>();
        steps.forEach((stepId, facts) -> {
            if (facts.get(0).time() < end) {
                stepFacts.add(step(stepId, facts, start, end, definition));
            }
        });
        List<StepFacts> counted = new ArrayList<>();
        for (StepFacts step : stepFacts) {
            boolean named = definition.stepOrder().contains(step.stepId())
                    || Objects.equals(definition.outputStep(), step.stepId())
                    || new ProcessDefinition.Basis.Step(step.stepId()).equals(definition.basis());
            if (named || holdsAnything(step)) {
                counted.add(step);
            }
        }
        int silent = stepFacts.size() - counted.size();
        return new WindowFacts(
                processId,
                name,
                start,
                end,
                definition,
                counted,
                silent,
                stated(start, end),
                energyPeak(start, end),
                null);
    }

    /** By the definition: the first pane of those that used most. */
    private WindowFacts.@Nullable EnergyPeak energyPeak(long start, long end) {
        TreeMap<Long, Long> used = new TreeMap<>();
        for (List<Fact> facts : steps.values()) {
            for (Fact fact : facts) {
                long energy = fact.values().energyMilliwattHours;
                if (fact.time() >= start && fact.time() < end && energy != TelemetryEvent.ABSENT) {
                    used.merge(Math.floorDiv(fact.time(), paneMillis) * paneMillis, energy, Long::sum);
                }
            }
        }
        long most = used.values().stream().mapToLong(Long::longValue).max().orElse(0);
        for (Map.Entry<Long, Long> pane : used.entrySet()) {
            if (most > 0 && pane.getValue() == most) {
                return new WindowFacts.EnergyPeak(pane.getKey(), paneMillis, most);
            }
        }
        return null;
    }

    /** Whether a window holds anything: a part, a figure, a reading, or a moment in which a step's state is known. */
    static boolean holdsAnything(WindowFacts facts) {
        boolean anything = facts.stated() != null;
        for (StepFacts step : facts.steps()) {
            anything |= holdsAnything(step);
        }
        return anything;
    }

    private static boolean holdsAnything(StepFacts step) {
        boolean anything = !step.parts().isEmpty() || step.utilization() != null || step.observedCycle() != null;
        anything |= step.unplannedGood() != 0
                || step.energyRunningMilliwattHours() != 0
                || step.energyOtherMilliwattHours() != 0;
        for (StepState state : step.timeline().states()) {
            anything |= state != StepState.UNKNOWN;
        }
        return anything;
    }

    // ---- states

    private static StepState stateAt(List<Fact> facts, long instant, long timeout) {
        Claim best = null;
        long lastSignal = Long.MIN_VALUE;
        for (Fact fact : facts) {
            if (fact.time() > instant) {
                continue;
            }
            Claim claim = fact.claim();
            boolean fromMachine = claim == null || !claim.corrects();
            lastSignal = fromMachine ? Math.max(lastSignal, fact.time()) : lastSignal;
            if (claim == null) {
                continue;
            }
            if (claim.end() != OPEN && fromMachine) {
                lastSignal = Math.max(lastSignal, claim.end());
            }
            if (instant < claim.end() && (best == null || claim.goesBefore(best))) {
                best = claim;
            }
        }
        if (best == null) {
            return StepState.UNKNOWN;
        }
        boolean silent = timeout != ProcessDefinition.NO_TIMEOUT && instant - lastSignal >= timeout;
        return best.end() == OPEN && silent ? StepState.UNKNOWN : best.state();
    }

    /** The states of a step from its first record on, for ever, as runs of equal state. */
    private List<Run> runs(String stepId, ProcessDefinition definition) {
        return runs.computeIfAbsent(stepId, id -> new HashMap<>()).computeIfAbsent(definition, key -> {
            List<Fact> facts = Objects.requireNonNull(steps.get(stepId));
            List<Run> claimed = runs(facts, definition.signalTimeoutMillis());
            return definition.inference().changeover() ? withChangeovers(claimed, facts) : claimed;
        });
    }

    /** A stop in which the product changes is a changeover from then on. */
    private static List<Run> withChangeovers(List<Run> claimed, List<Fact> facts) {
        List<Run> all = new ArrayList<>();
        for (int i = 0; i < claimed.size(); i++) {
            Run run = claimed.get(i);
            long end = i + 1 < claimed.size() ? claimed.get(i + 1).start() : OPEN;
            long change = run.state() == StepState.DOWN || run.state() == StepState.IDLE
                    ? firstProductChange(facts, run.start(), end)
                    : OPEN;
            if (change > run.start()) {
                add(all, run);
            }
            if (change < end) {
                add(all, new Run(change, StepState.SETUP));
            }
        }
        return all;
    }

    private static void add(List<Run> runs, Run run) {
        if (runs.isEmpty() || runs.get(runs.size() - 1).state() != run.state()) {
            runs.add(run);
        }
    }

    private static long firstProductChange(List<Fact> facts, long from, long to) {
        String product = null;
        for (Fact fact : facts) {
            String named = fact.values().product;
            boolean changes = named != null && product != null && !named.equals(product);
            if (changes && fact.time() >= from && fact.time() < to) {
                return fact.time();
            }
            product = named != null ? named : product;
        }
        return OPEN;
    }

    /** Whether the step last began to run, by {@code time}, after a stop after which it has to start up, less than so long ago. */
    private static boolean isStartingUp(List<Run> runs, long time, ProcessDefinition definition) {
        boolean mustStartUp = false;
        long startedUpAt = OPEN;
        for (int i = 0; i < runs.size() && runs.get(i).start() <= time; i++) {
            Run run = runs.get(i);
            if (run.state() == StepState.RUNNING && mustStartUp) {
                startedUpAt = run.start();
                mustStartUp = false;
            }
            long end = i + 1 < runs.size() ? runs.get(i + 1).start() : OPEN;
            mustStartUp |= run.state() == StepState.SETUP
                    || run.state() == StepState.PLANNED_STOP
                    || (run.state() == StepState.DOWN && end - run.start() >= definition.minorStopMillis());
        }
        return startedUpAt != OPEN
                && time - startedUpAt < definition.inference().startupMillis();
    }

    /** How much of a window's planned time is a changeover, though another state was claimed. */
    private static long inferredSetup(
            List<Run> claimed, List<Run> told, long start, long end, ProcessDefinition definition) {
        long millis = 0;
        for (int i = 0; i < told.size(); i++) {
            long from = Math.max(start, told.get(i).start());
            long to = Math.min(end, i + 1 < told.size() ? told.get(i + 1).start() : OPEN);
            if (told.get(i).state() != StepState.SETUP || from >= to) {
                continue;
            }
            millis += definition.plannedMillis(from, to);
            for (int k = 0; k < claimed.size(); k++) {
                long claimedFrom = Math.max(from, claimed.get(k).start());
                long claimedTo =
                        Math.min(to, k + 1 < claimed.size() ? claimed.get(k + 1).start() : OPEN);
                if (claimed.get(k).state() == StepState.SETUP && claimedFrom < claimedTo) {
                    millis -= definition.plannedMillis(claimedFrom, claimedTo);
                }
            }
        }
        return millis;
    }

    private static List<Run> runs(List<Fact> facts, long timeout) {
        TreeSet<Long> changes = new TreeSet<>();
        for (Fact fact : facts) {
            List<Long> signals = new ArrayList<>(List.of(fact.time()));
            if (fact.claim() != null && fact.claim().end() != OPEN) {
                signals.add(fact.claim().end());
            }
            for (long signal : signals) {
                changes.add(signal);
                if (timeout != ProcessDefinition.NO_TIMEOUT) {
                    changes.add(signal + timeout);
                }
            }
        }
        List<Run> runs = new ArrayList<>();
        for (long change : changes.tailSet(facts.get(0).time())) {
            StepState state = stateAt(facts, change, timeout);
            if (runs.isEmpty() || runs.get(runs.size() - 1).state() != state) {
                runs.add(new Run(change, state));
            }
        }
        return runs;
    }

    private static StepFacts.Timeline timeline(List<Run> all, long start, long end) {
        List<Run> inside = new ArrayList<>();
        int firstInside = -1;
        for (int i = 0; i < all.size(); i++) {
            long from = Math.max(start, all.get(i).start());
            long to = i + 1 < all.size() ? Math.min(end, all.get(i + 1).start()) : end;
            if (from < to) {
                firstInside = firstInside < 0 ? i : firstInside;
                inside.add(new Run(from, all.get(i).state()));
            }
        }
        long stateSince = all.get(firstInside).start();
        long activeSince = inside.get(0).start();
        for (int i = firstInside; i >= 0 && all.get(i).state().isActive(); i--) {
            activeSince = all.get(i).start();
        }
        return new StepFacts.Timeline(
                inside.stream().mapToLong(Run::start).toArray(),
                inside.stream().map(Run::state).toArray(StepState[]::new),
                end,
                stateSince,
                activeSince,
                all.get(0).start() > start);
    }

    // ---- shifts and days

    /** The same facts where the runs are not kept: what they come to. */
    static WindowFacts summed(WindowFacts facts, Calendar.Span span) {
        List<StepFacts> steps = new ArrayList<>();
        for (StepFacts step : facts.steps()) {
            StepFacts.ObservedCycle cycle = step.observedCycle();
            steps.add(new StepFacts(
                    step.stepId(),
                    new StepFacts.Timeline(
                            new long[0],
                            new StepState[0],
                            facts.endMillis(),
                            facts.endMillis(),
                            facts.endMillis(),
                            step.timeline().partialStart()),
                    step.parts(),
                    step.unplannedGood(),
                    step.energyRunningMilliwattHours(),
                    step.energyOtherMilliwattHours(),
                    step.utilization(),
                    cycle == null
                            ? null
                            : new StepFacts.ObservedCycle(cycle.count(), cycle.sumMicros(), TelemetryEvent.ABSENT),
                    totals(step.timeline(), facts.definition()),
                    step.inferred()));
        }
        return new WindowFacts(
                facts.processId(),
                facts.window(),
                facts.startMillis(),
                facts.endMillis(),
                facts.definition(),
                steps,
                facts.silentSteps(),
                facts.stated(),
                facts.energyPeak(),
                span);
    }

    private static StepTotals totals(StepFacts.Timeline timeline, ProcessDefinition definition) {
        Map<StepState, Long> times = new HashMap<>();
        long breakdown = 0;
        long minor = 0;
        long outside = 0;
        long failures = 0;
        long periods = 0;
        long active = 0;
        boolean seen = false;
        for (int run = 0; run < timeline.runs(); run++) {
            StepState state = timeline.states()[run];
            long start = timeline.starts()[run];
            long end = timeline.endOf(run);
            long planned = definition.plannedMillis(start, end);
            times.merge(state, planned, Long::sum);
            outside += end - start - planned;
            seen |= state != StepState.UNKNOWN;
            if (state == StepState.DOWN && planned > 0) {
                failures++;
                boolean isMinor = end - (run == 0 ? timeline.firstStateSince() : start) < definition.minorStopMillis();
                minor += isMinor ? planned : 0;
                breakdown += isMinor ? 0 : planned;
            }
            if (state.isActive()) {
                boolean goesOn = run > 0 && timeline.states()[run - 1].isActive();
                periods += goesOn ? 0 : 1;
                active += end - (run == 0 ? timeline.firstActiveSince() : start);
            }
        }
        return new StepTotals(
                times.getOrDefault(StepState.RUNNING, 0L),
                times.getOrDefault(StepState.SETUP, 0L),
                breakdown,
                minor,
                times.getOrDefault(StepState.STARVED, 0L),
                times.getOrDefault(StepState.BLOCKED, 0L),
                times.getOrDefault(StepState.IDLE, 0L),
                times.getOrDefault(StepState.PLANNED_STOP, 0L) + outside,
                times.getOrDefault(StepState.UNKNOWN, 0L),
                failures,
                periods,
                active,
                seen);
    }

    // ---- sums

    private StepFacts step(String stepId, List<Fact> facts, long start, long end, ProcessDefinition definition) {
        long timeout = definition.signalTimeoutMillis();
        Map<PartKey, StepFacts.PartCounts> parts = new LinkedHashMap<>();
        List<long[]> utilization = new ArrayList<>();
        List<Long> cycles = new ArrayList<>();
        long unplanned = 0;
        long energyRunning = 0;
        long energyOther = 0;
        List<Run> told = runs(stepId, definition);
        long inferredStartup = 0;
        NaiveCounters counters = new NaiveCounters();
        for (Fact fact : facts) {
            TelemetryEvent values = fact.values();
            counters.read(values);
            String product = counters.product;
            long ofItsKind =
                    values.correction && counters.idealCycle != null ? counters.idealCycle : values.idealCycleMicros;
            long good = values.good + counters.goods;
            boolean hasParts = values.hasParts() || counters.goods != 0 || counters.rejects != 0;
            if (fact.time() < start || fact.time() >= end) {
                continue;
            }
            StepState state = stateAt(facts, fact.time(), timeout);
            boolean planned = state != StepState.PLANNED_STOP && definition.isPlanned(fact.time());
            long reject = values.reject + counters.rejects;
            long startup = values.startupReject;
            if (reject > startup && !values.correction && isStartingUp(told, fact.time(), definition)) {
                inferredStartup += planned ? reject - startup : 0;
                startup = reject;
            }
            if (hasParts && !planned) {
                unplanned += good;
            } else if (hasParts) {
                parts.merge(
                        new PartKey(product, ofItsKind),
                        new StepFacts.PartCounts(product, ofItsKind, good, reject, startup, values.rework),
                        NaiveFacts::sum);
            }
            if (values.energyMilliwattHours != TelemetryEvent.ABSENT) {
                energyRunning += state == StepState.RUNNING ? values.energyMilliwattHours : 0;
                energyOther += state == StepState.RUNNING ? 0 : values.energyMilliwattHours;
            }
            if (values.utilizationNano != TelemetryEvent.ABSENT) {
                utilization.add(new long[] {fact.time(), values.utilizationNano});
            }
            if (values.cycleTimeMicros != TelemetryEvent.ABSENT) {
                cycles.add(values.cycleTimeMicros);
            }
        }
        return new StepFacts(
                stepId,
                timeline(told, start, end),
                parts.values().stream().map(NaiveFacts::atLeastNone).toList(),
                Math.max(0, unplanned),
                energyRunning,
                energyOther,
                weighted(utilization, end),
                observed(cycles),
                null,
                new StepFacts.Inferred(
                        inferredSetup(runs(facts, timeout), told, start, end, definition), inferredStartup));
    }

    private static StepFacts.PartCounts atLeastNone(StepFacts.PartCounts counts) {
        long reject = Math.max(0, counts.reject());
        return new StepFacts.PartCounts(
                counts.product(),
                counts.statedIdealCycleMicros(),
                Math.max(0, counts.good()),
                reject,
                Math.max(0, Math.min(reject, counts.startupReject())),
                Math.max(0, counts.rework()));
    }

    private static StepFacts.PartCounts sum(StepFacts.PartCounts a, StepFacts.PartCounts b) {
        return new StepFacts.PartCounts(
                a.product(),
                a.statedIdealCycleMicros(),
                a.good() + b.good(),
                a.reject() + b.reject(),
                a.startupReject() + b.startupReject(),
                a.rework() + b.rework());
    }

    /** Each value (instant, value) holds until the next one, the last one to the end. */
    private static StepFacts.@Nullable WeightedSum weighted(List<long[]> values, long end) {
        if (values.isEmpty()) {
            return null;
        }
        long sum = 0;
        long weight = 0;
        for (int i = 0; i < values.size(); i++) {
            long until = i + 1 < values.size() ? values.get(i + 1)[0] : end;
            long length = until - values.get(i)[0];
            sum += values.get(i)[1] * length;
            weight += length;
        }
        return new StepFacts.WeightedSum(sum, weight);
    }

    /** The nearest-rank percentile p of n sorted values is the one at rank ⌈p·n⌉, counted from 1. */
    private static StepFacts.@Nullable ObservedCycle observed(List<Long> cycles) {
        if (cycles.isEmpty()) {
            return null;
        }
        List<Long> sorted = cycles.stream().sorted().toList();
        int rank = (int) Math.ceil(sorted.size() * 5 / 100.0);
        long sum = sorted.stream().mapToLong(Long::longValue).sum();
        return new StepFacts.ObservedCycle(sorted.size(), sum, sorted.get(rank - 1));
    }

    private WindowFacts.@Nullable StatedFigures stated(long start, long end) {
        List<ProcessSnapshot> inside = figures.stream()
                .filter(figure -> figure.timestampMillis() >= start && figure.timestampMillis() < end)
                .sorted(Comparator.comparingLong(ProcessSnapshot::timestampMillis)) // stable: stream order stays
                .toList();
        if (inside.isEmpty()) {
            return null;
        }
        return new WindowFacts.StatedFigures(
                figure(inside, ProcessSnapshot::availabilityNano, end),
                figure(inside, ProcessSnapshot::performanceNano, end),
                figure(inside, ProcessSnapshot::qualityNano, end),
                figure(inside, ProcessSnapshot::throughputMilli, end));
    }

    private static StepFacts.@Nullable WeightedSum figure(
            List<ProcessSnapshot> figures, ToLongFunction<ProcessSnapshot> of, long end) {
        List<long[]> values = new ArrayList<>();
        for (ProcessSnapshot figure : figures) {
            if (of.applyAsLong(figure) != TelemetryEvent.ABSENT) {
                values.add(new long[] {figure.timestampMillis(), of.applyAsLong(figure)});
            }
        }
        return weighted(values, end);
    }
}
