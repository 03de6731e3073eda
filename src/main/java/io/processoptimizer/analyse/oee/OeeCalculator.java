package io.processoptimizer.analyse.oee;

import io.processoptimizer.event.ProcessDefinition.Basis;
import io.processoptimizer.event.ProcessDefinition.Profile;
import io.processoptimizer.event.TelemetryEvent;
import io.processoptimizer.window.StepFacts;
import io.processoptimizer.window.WindowFacts;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** OEE of the steps of a window, then, once the constraint is known, of the process. Cost: the runs and part counts, once. */
public final class OeeCalculator {
    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final long MILLIWATT_HOURS_PER_KWH = 1_000_000;

    /** Stated throughput is in thousandths of parts per hour. */
    private static final long THROUGHPUT_SCALE = 1_000;

    /** Above it a stated utilization would not be exact as a ratio of longs: 106 days, where its sum no longer fits either. */
    private static final long MAX_STATED_MILLIS = Long.MAX_VALUE / TelemetryEvent.NANO;

    private final WindowFacts facts;
    private final Line line;
    private final Profile profile;
    private final Sums[] sums;
    private final boolean stateSeen;

    public OeeCalculator(WindowFacts facts, Line line) {
        this.facts = facts;
        this.line = line;
        this.sums = new Sums[line.steps().size()];
        boolean seen = false;
        for (int i = 0; i < sums.length; i++) {
            sums[i] = Sums.of(line.steps().get(i), facts.definition(), facts.lengthMillis());
            seen |= sums[i].stateSeen();
        }
        this.stateSeen = seen;
        this.profile = profileOf(facts, seen);
    }

    private static Profile profileOf(WindowFacts facts, boolean stateSeen) {
        Profile configured = facts.definition().profile();
        if (configured != null) {
            return configured;
        }
        return facts.stated() != null && !stateSeen ? Profile.SIMPLE : Profile.ISO22400;
    }

    /** One per step, in line order. */
    public List<StepOee> steps() {
        List<StepOee> steps = new ArrayList<>(sums.length);
        for (int i = 0; i < sums.length; i++) {
            steps.add(step(line.steps().get(i), sums[i]));
        }
        return steps;
    }

    private StepOee step(StepFacts step, Sums sums) {
        Set<Reason> reasons = EnumSet.noneOf(Reason.class);
        boolean simple = profile == Profile.SIMPLE;
        if (sums.partialStart) {
            reasons.add(Reason.PARTIAL_START);
        }
        Factors factors = simple
                ? Factors.NONE
                : FactorRule.of(sums, profile, facts.definition().targetOeeNano(), reasons)
                        .factors();
        long energy = step.energyRunningMilliwattHours() + step.energyOtherMilliwattHours();
        return new StepOee(
                step.stepId(),
                utilization(step, sums),
                sums.stateSeen() ? Exact.divide(sums.active(), sums.planned()) : Double.NaN,
                factors,
                sums.parts(),
                sums.times(),
                simple && !sums.stateSeen() ? Losses.NONE : sums.losses(),
                List.copyOf(reasons),
                cycles(step.observedCycle(), sums),
                sums.failures,
                energy == 0 ? Double.NaN : Exact.divide(energy, MILLIWATT_HOURS_PER_KWH),
                step.inferred());
    }

    private static Ratio utilization(StepFacts step, Sums sums) {
        StepFacts.WeightedSum stated = step.utilization();
        if (stated != null && stated.weightMillis() <= MAX_STATED_MILLIS) {
            return new Ratio(stated.sumNanoMillis(), stated.weightMillis() * TelemetryEvent.NANO);
        }
        return sums.stateSeen() ? new Ratio(sums.running, sums.planned()) : Ratio.UNKNOWN;
    }

    private static StepOee.Cycles cycles(StepFacts.@Nullable ObservedCycle observed, Sums sums) {
        double actual = sums.running > 0 ? KpiRule.cycleSeconds(sums) : Double.NaN;
        if (observed == null) {
            return Double.isNaN(actual) ? StepOee.Cycles.NONE : new StepOee.Cycles(actual, Double.NaN, Double.NaN);
        }
        return new StepOee.Cycles(
                actual,
                Exact.divideProducts(observed.sumMicros(), 1, observed.count(), MICROS_PER_SECOND),
                observed.fifthPercentileMicros() == TelemetryEvent.ABSENT
                        ? Double.NaN
                        : Exact.divide(observed.fifthPercentileMicros(), MICROS_PER_SECOND));
    }

    /**
     * The process on its basis.
     *
     * @param constraintStep the bottleneck, or null where none can be named
     */
    public ProcessOee process(@Nullable String constraintStep) {
        Set<Reason> reasons = EnumSet.noneOf(Reason.class);
        String basisLabel = basisLabel(constraintStep, reasons);
        Sums basis = basisSums(basisLabel, constraintStep, reasons);
        Sums output = line.outputIndex() >= 0 ? sums[line.outputIndex()] : new Sums();
        if (line.outputIndex() < 0) {
            reasons.add(Reason.OUTPUT_STEP_UNSEEN);
        }
        for (Sums step : sums) {
            if (step.partialStart) {
                reasons.add(Reason.PARTIAL_START);
            }
        }
        if (facts.silentSteps() > 0) {
            reasons.add(Reason.SILENT_STEPS);
        }
        FactorRule.Rated rated = rate(basis, reasons);
        boolean withTimes = stateSeen || profile != Profile.SIMPLE;
        return new ProcessOee(
                profile,
                basisLabel,
                line.outputStep(),
                basis.times(),
                output.parts(),
                rated.factors(),
                facts.definition().targetOeeNano(),
                rated.status(),
                List.copyOf(reasons),
                withTimes ? basis.losses() : Losses.NONE,
                KpiRule.of(basis, output, throughput(output), withTimes));
    }

    private String basisLabel(@Nullable String constraintStep, Set<Reason> reasons) {
        Basis basis = facts.definition().basis();
        if (basis instanceof Basis.Step step) {
            return "step:" + step.stepId();
        }
        boolean onConstraint = basis instanceof Basis.Constraint || (basis == null && !line.assumed());
        if (onConstraint && constraintStep == null) {
            reasons.add(Reason.NO_CONSTRAINT);
        }
        return onConstraint && constraintStep != null ? "constraint" : "rollup";
    }

    private Sums basisSums(String basisLabel, @Nullable String constraintStep, Set<Reason> reasons) {
        if (basisLabel.equals("rollup")) {
            Sums all = new Sums();
            for (Sums step : sums) {
                all.add(step);
            }
            return all;
        }
        String stepId = facts.definition().basis() instanceof Basis.Step step ? step.stepId() : constraintStep;
        int index = line.indexOf(stepId);
        if (index < 0) {
            reasons.add(Reason.BASIS_STEP_UNSEEN);
            return new Sums();
        }
        return sums[index];
    }

    private FactorRule.Rated rate(Sums basis, Set<Reason> reasons) {
        long target = facts.definition().targetOeeNano();
        if (profile != Profile.SIMPLE) {
            return FactorRule.of(basis, profile, target, reasons);
        }
        if (stateSeen && basis.planned() <= 0) {
            reasons.add(Reason.NO_PLANNED_TIME);
            return FactorRule.Rated.NONE;
        }
        return FactorRule.stated(facts.stated(), target, reasons);
    }

    private double throughput(Sums output) {
        if (profile != Profile.SIMPLE) {
            return KpiRule.throughputPerHour(output, facts.lengthMillis());
        }
        WindowFacts.StatedFigures figures = facts.stated();
        StepFacts.WeightedSum stated = figures == null ? null : figures.throughput();
        if (stated != null) {
            return Exact.divideProducts(stated.sumNanoMillis(), 1, stated.weightMillis(), THROUGHPUT_SCALE);
        }
        // A record that states no throughput says nothing of parts: none counted is not none made.
        return output.processed() == 0 ? Double.NaN : KpiRule.throughputPerHour(output, facts.lengthMillis());
    }

    /** Of all steps, per good part of the output step. */
    public Energy energy() {
        long running = 0;
        long other = 0;
        for (StepFacts step : line.steps()) {
            running += step.energyRunningMilliwattHours();
            other += step.energyOtherMilliwattHours();
        }
        long total = running + other;
        if (total == 0) {
            return Energy.NONE;
        }
        long good = line.outputIndex() >= 0 ? sums[line.outputIndex()].good : 0;
        WindowFacts.EnergyPeak peak = facts.energyPeak();
        return new Energy(
                Exact.divide(total, MILLIWATT_HOURS_PER_KWH),
                Exact.divideProducts(total, 1, good, MILLIWATT_HOURS_PER_KWH),
                Exact.divide(other, MILLIWATT_HOURS_PER_KWH),
                Exact.divide(other, total),
                peak == null ? Double.NaN : Exact.divide(peak.milliwattHours() * 36, peak.lengthMillis() * 10),
                peak == null ? TelemetryEvent.ABSENT : peak.startMillis());
    }
}
