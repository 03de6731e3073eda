package io.processoptimizer.analyse.oee;

import io.processoptimizer.event.ProcessDefinition;
import io.processoptimizer.event.StepState;
import io.processoptimizer.event.TelemetryEvent;
import io.processoptimizer.window.StepFacts;
import io.processoptimizer.window.StepTotals;

/**
 * The integers that the figures of one step, or of several steps together, are divided from: milliseconds by state, parts, and
 * the ideal time of parts in microseconds. One pass over the runs and part counts of a step.
 */
final class Sums {
    /** The window, once per step: what TEEP calls calendar time. */
    long calendar;

    long running;
    long setup;
    long breakdown;
    long minorStop;
    long starved;
    long blocked;
    long idle;
    long plannedStop;
    long unknown;

    /** DOWN runs that overlap planned time of the window. */
    long failures;

    long good;
    long reject;
    long startupReject;
    long rework;
    long unplannedGood;

    /** Σ ideal cycle · parts, in microseconds: of all parts, of the good ones, of the start-up rejects. */
    long idealProcessed;

    long idealGood;
    long idealStartup;

    /** The longest ideal cycle among the parts: the measure of "one part". */
    long longestIdeal;

    /** No part was made whose ideal cycle is not known. Trivially so where no part was made. */
    boolean idealKnown = true;

    /** An ideal time does not fit in 63 bits (292,000 years): figures that need it are null. */
    boolean outOfRange;

    boolean partialStart;

    /** Any state but {@link StepState#UNKNOWN} was seen. */
    private boolean stateSeen;

    static Sums of(StepFacts step, ProcessDefinition definition, long windowMillis) {
        Sums sums = new Sums();
        sums.calendar = windowMillis;
        sums.partialStart = step.timeline().partialStart();
        sums.unplannedGood = step.unplannedGood();
        StepTotals totals = step.totals();
        if (totals == null) {
            sums.addTimeline(step.timeline(), definition);
        } else {
            sums.addTotals(totals);
        }
        for (StepFacts.PartCounts parts : step.parts()) {
            sums.addParts(parts, step.stepId(), definition);
        }
        return sums;
    }

    private void addTotals(StepTotals totals) {
        running += totals.running();
        setup += totals.setup();
        breakdown += totals.breakdown();
        minorStop += totals.minorStop();
        starved += totals.starved();
        blocked += totals.blocked();
        idle += totals.idle();
        plannedStop += totals.plannedStop();
        unknown += totals.unknown();
        failures += totals.failures();
        stateSeen |= totals.stateSeen();
    }

    /** Time outside the calendar counts as a planned stop, whatever the machine does in it. */
    private void addTimeline(StepFacts.Timeline timeline, ProcessDefinition definition) {
        for (int run = 0; run < timeline.runs(); run++) {
            long start = timeline.starts()[run];
            long end = timeline.endOf(run);
            long length = definition.plannedMillis(start, end);
            plannedStop += end - start - length;
            stateSeen |= timeline.states()[run] != StepState.UNKNOWN;
            switch (timeline.states()[run]) {
                case RUNNING -> running += length;
                case SETUP -> setup += length;
                case DOWN -> {
                    // A stop that lies outside the calendar altogether hinders nobody.
                    failures += length > 0 ? 1 : 0;
                    // One that began before the window is judged by its whole length, and counted by what lies inside.
                    long whole = end - (run == 0 ? timeline.firstStateSince() : start);
                    if (whole < definition.minorStopMillis()) {
                        minorStop += length;
                    } else {
                        breakdown += length;
                    }
                }
                case STARVED -> starved += length;
                case BLOCKED -> blocked += length;
                case IDLE -> idle += length;
                case PLANNED_STOP -> plannedStop += length;
                case UNKNOWN -> unknown += length;
            }
        }
    }

    private void addParts(StepFacts.PartCounts parts, String stepId, ProcessDefinition definition) {
        if (parts.processed() == 0) {
            return;
        }
        good += parts.good();
        reject += parts.reject();
        startupReject += parts.startupReject();
        rework += parts.rework();
        long ideal = parts.statedIdealCycleMicros() != TelemetryEvent.ABSENT
                ? parts.statedIdealCycleMicros()
                : definition.idealCycleMicros(stepId, parts.product());
        if (ideal == TelemetryEvent.ABSENT) {
            idealKnown = false;
            return;
        }
        idealProcessed = plus(idealProcessed, times(ideal, parts.processed()));
        idealGood = plus(idealGood, times(ideal, parts.good()));
        idealStartup = plus(idealStartup, times(ideal, parts.startupReject()));
        longestIdeal = Math.max(longestIdeal, ideal);
    }

    /** Numerators and denominators of several steps together. */
    void add(Sums step) {
        calendar += step.calendar;
        running += step.running;
        setup += step.setup;
        breakdown += step.breakdown;
        minorStop += step.minorStop;
        starved += step.starved;
        blocked += step.blocked;
        idle += step.idle;
        plannedStop += step.plannedStop;
        unknown += step.unknown;
        failures += step.failures;
        good += step.good;
        reject += step.reject;
        startupReject += step.startupReject;
        rework += step.rework;
        unplannedGood += step.unplannedGood;
        idealProcessed = plus(idealProcessed, step.idealProcessed);
        idealGood = plus(idealGood, step.idealGood);
        idealStartup = plus(idealStartup, step.idealStartup);
        longestIdeal = Math.max(longestIdeal, step.longestIdeal);
        idealKnown &= step.idealKnown;
        outOfRange |= step.outOfRange;
        partialStart |= step.partialStart;
        stateSeen |= step.stateSeen;
    }

    private long times(long a, long b) {
        long product = a * b;
        outOfRange |= Math.multiplyHigh(a, b) != product >> 63;
        return product;
    }

    private long plus(long a, long b) {
        long sum = a + b;
        outOfRange |= ((a ^ sum) & (b ^ sum)) < 0;
        return sum;
    }

    /** PBT. */
    long planned() {
        return running + setup + down() + starved + blocked + idle + unknown;
    }

    /** ADET. */
    long down() {
        return breakdown + minorStop;
    }

    /** AUBT. */
    long active() {
        return running + setup + down();
    }

    /** PQ. */
    long processed() {
        return good + reject + rework;
    }

    /** Whether any state but {@link StepState#UNKNOWN} was seen. */
    boolean stateSeen() {
        return stateSeen;
    }

    /** Whether figures that need an ideal cycle can be given. */
    boolean hasIdeal() {
        return idealKnown && !outOfRange;
    }

    StateTimes times() {
        return new StateTimes(planned(), running, setup, down(), starved, blocked, idle, plannedStop, unknown);
    }

    PartTotals parts() {
        return new PartTotals(good, reject, startupReject, rework, unplannedGood);
    }

    /** The six big losses and the no-signal line: Nakajima's, in the time classes of ISO 22400-2. */
    Losses losses() {
        boolean hasIdeal = hasIdeal();
        return new Losses(
                micros(breakdown),
                micros(setup),
                micros(minorStop + idle + starved + blocked),
                hasIdeal ? micros(running) - idealProcessed : TelemetryEvent.ABSENT,
                hasIdeal ? idealStartup : TelemetryEvent.ABSENT,
                hasIdeal ? idealProcessed - idealGood - idealStartup : TelemetryEvent.ABSENT,
                micros(unknown));
    }

    static long micros(long millis) {
        return millis * 1000;
    }
}
