package io.processoptimizer.event;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a process beforehand. Everything has a default, so a process that nobody defined works.
 *
 * @param version names this version of the definition on every result that used it; "default" where none is configured
 * @param stepOrder steps in line order; empty where nobody configured it (then the natural order of the ids is assumed)
 * @param outputStep the step whose parts are the process's parts; null: the last in the order
 * @param profile how A, P and Q are formed; null: {@link Profile#ISO22400}, or {@link Profile#SIMPLE} where a window holds
 *     process snapshots and no step states
 * @param basis which step or sum the process OEE stands on; null: the constraint where the step order is configured, else
 *     the roll-up
 * @param targetOeeNano target OEE in billionths
 * @param minorStopMillis a DOWN shorter than this is a minor stop
 * @param signalTimeoutMillis silence after which an open state becomes UNKNOWN, or {@link #NO_TIMEOUT}
 * @param idealCycleMicros microseconds per part by step and product; product {@link #ANY_PRODUCT} matches every product
 * @param utilizationThresholdNano a step above it is listed as a bottleneck, in billionths
 * @param control what may be changed without a person
 * @param calendar when production is planned; null: always
 * @param place where the process stands; changes no result
 * @param inference what is inferred where machines do not say it
 * @param waiting whether waiting is inferred from a machine's neighbours
 */
public record ProcessDefinition(
        String version,
        List<String> stepOrder,
        @Nullable String outputStep,
        @Nullable Profile profile,
        @Nullable Basis basis,
        long targetOeeNano,
        long minorStopMillis,
        long signalTimeoutMillis,
        Map<String, Map<String, Long>> idealCycleMicros,
        long utilizationThresholdNano,
        Control control,
        @Nullable Calendar calendar,
        Place place,
        Inference inference,
        WaitingRule waiting) {
    /** A signal timeout that never comes: for machines that only report changes. */
    public static final long NO_TIMEOUT = Long.MAX_VALUE;

    /** Key of an ideal cycle that holds for every product of its step. */
    public static final String ANY_PRODUCT = "*";

    /** The definition of a process that nobody defined: DOMAIN's defaults. */
    public static final ProcessDefinition DEFAULT = new ProcessDefinition(
            "default", List.of(), null, null, null, 850_000_000L, 300_000L, 900_000L, Map.of(), 900_000_000L);

    public ProcessDefinition {
        stepOrder = List.copyOf(stepOrder);
        idealCycleMicros = Map.copyOf(idealCycleMicros);
    }

    /** Nothing may be changed without a person, and production is planned always. */
    public ProcessDefinition(
            String version,
            List<String> stepOrder,
            @Nullable String outputStep,
            @Nullable Profile profile,
            @Nullable Basis basis,
            long targetOeeNano,
            long minorStopMillis,
            long signalTimeoutMillis,
            Map<String, Map<String, Long>> idealCycleMicros,
            long utilizationThresholdNano) {
        this(
                version,
                stepOrder,
                outputStep,
                profile,
                basis,
                targetOeeNano,
                minorStopMillis,
                signalTimeoutMillis,
                idealCycleMicros,
                utilizationThresholdNano,
                Control.NONE,
                null,
                Place.UNSAID,
                Inference.NONE,
                WaitingRule.STATED);
    }

    /** The same under another name. */
    public ProcessDefinition named(String other) {
        return with(other, calendar, inference, waiting);
    }

    /** The same with other inferences. */
    public ProcessDefinition withInference(Inference other) {
        return with(version, calendar, other, waiting);
    }

    /** The same with waiting told otherwise. */
    public ProcessDefinition withWaiting(WaitingRule other) {
        return with(version, calendar, inference, other);
    }

    /** The same with another calendar. */
    public ProcessDefinition withCalendar(@Nullable Calendar other) {
        return with(version, other, inference, waiting);
    }

    private ProcessDefinition with(String name, @Nullable Calendar planned, Inference inferred, WaitingRule waits) {
        return new ProcessDefinition(
                name,
                stepOrder,
                outputStep,
                profile,
                basis,
                targetOeeNano,
                minorStopMillis,
                signalTimeoutMillis,
                idealCycleMicros,
                utilizationThresholdNano,
                control,
                planned,
                place,
                inferred,
                waits);
    }

    /** Whether the states of a machine, and its start-ups, are told by the same rules. */
    public boolean tellsStatesAs(ProcessDefinition other) {
        return signalTimeoutMillis == other.signalTimeoutMillis
                && minorStopMillis == other.minorStopMillis
                && inference.equals(other.inference);
    }

    /** Whether production is planned at an instant, states set aside. */
    public boolean isPlanned(long millis) {
        return calendar == null || calendar.isPlanned(millis);
    }

    /** How much of {@code [from, to)} is planned, milliseconds, states set aside. */
    public long plannedMillis(long from, long to) {
        return calendar == null ? to - from : calendar.plannedMillis(from, to);
    }

    /** Whether a step belongs to the process whatever it says: it has a place in the order, or is the output or the basis. */
    public boolean names(String stepId) {
        return stepOrder.contains(stepId)
                || stepId.equals(outputStep)
                || (basis instanceof Basis.Step step && stepId.equals(step.stepId()));
    }

    /** Microseconds per part for a product (null: unknown) at a step, or {@link TelemetryEvent#ABSENT}. */
    public long idealCycleMicros(String stepId, @Nullable String product) {
        Map<String, Long> byProduct = idealCycleMicros.get(stepId);
        if (byProduct == null) {
            return TelemetryEvent.ABSENT;
        }
        Long exact = product == null ? null : byProduct.get(product);
        Long found = exact != null ? exact : byProduct.get(ANY_PRODUCT);
        return found != null ? found : TelemetryEvent.ABSENT;
    }

    /** How the factors of OEE are formed. */
    public enum Profile {
        /** ISO 22400-2: minor stops and set-up are availability losses. */
        ISO22400,
        /** Nakajima: minor stops count against performance. */
        CLASSIC,
        /** A, P and Q as the record states them. */
        SIMPLE
    }

    /** What the OEE of a whole process stands on. */
    public sealed interface Basis {
        /** The OEE of the bottleneck step. */
        record Constraint() implements Basis {}

        /** Sums over the steps in numerator and denominator. */
        record Rollup() implements Basis {}

        /** The OEE of one named step. */
        record Step(String stepId) implements Basis {}
    }
}
