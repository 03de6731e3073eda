package io.processoptimizer.replay;

import io.processoptimizer.analyse.oee.Loss;
import io.processoptimizer.analyse.oee.OeeStatus;
import io.processoptimizer.event.TelemetryEvent;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A process over the whole replay, folded from the results of its default window in their order. Times and losses are sums over windows
 * that do not overlap, so that nothing counts twice; ratios are divisions of those sums, never averages of ratios. Counts of windows
 * are over all of them. What a process does in an unfinished last window is not in the sums.
 */
final class ProcessSummary {
    private static final Loss[] LOSSES = Loss.values();
    private static final double MICROS_PER_MILLI = 1e3;

    final String processId;
    private long summedUpTo = Long.MIN_VALUE;

    long windows;
    long provisional;
    long revised;
    long belowTarget;
    long meetingTarget;
    long adjustments;
    double targetOee = Double.NaN;
    double worstOee = Double.NaN;
    long worstAtMillis;
    long firstStartMillis = Long.MAX_VALUE;
    long lastEndMillis = Long.MIN_VALUE;

    private long plannedMillis;
    private long productivePlannedMillis;
    private long productiveMicros;
    private double weightedAvailability;
    private double weightedPerformance;
    private double weightedQuality;
    private long availabilityWeight;
    private long performanceWeight;
    private long qualityWeight;
    private final Map<Loss, Long> lossMicros = new EnumMap<>(Loss.class);
    private final Map<String, Long> constraintWindows = new HashMap<>();

    ProcessSummary(String processId) {
        this.processId = processId;
    }

    /** Takes the last result of one of its default windows. */
    void add(WindowDigest digest, int editions) {
        windows++;
        provisional += digest.isFinal() ? 0 : 1;
        revised += editions > 1 ? 1 : 0;
        belowTarget += digest.status() == OeeStatus.BELOW_TARGET ? 1 : 0;
        meetingTarget += digest.status() == OeeStatus.MEETING_TARGET ? 1 : 0;
        targetOee = digest.targetOee();
        firstStartMillis = Math.min(firstStartMillis, digest.startMillis());
        lastEndMillis = Math.max(lastEndMillis, digest.endMillis());
        double oee = digest.factors().oee();
        if (!Double.isNaN(oee) && (Double.isNaN(worstOee) || oee < worstOee)) {
            worstOee = oee;
            worstAtMillis = digest.endMillis();
        }
        if (digest.constraint() != null) {
            constraintWindows.merge(digest.constraint(), 1L, Long::sum);
        }
        if (digest.startMillis() >= summedUpTo) {
            summedUpTo = digest.endMillis();
            addSums(digest);
        }
    }

    private void addSums(WindowDigest digest) {
        long planned = digest.plannedMillis();
        plannedMillis += planned;
        if (digest.fullyProductiveMicros() != TelemetryEvent.ABSENT) {
            productiveMicros += digest.fullyProductiveMicros();
            productivePlannedMillis += planned;
        }
        for (int i = 0; i < LOSSES.length; i++) {
            if (digest.lossMicros()[i] != TelemetryEvent.ABSENT) {
                lossMicros.merge(LOSSES[i], digest.lossMicros()[i], Long::sum);
            }
        }
        double availability = digest.factors().availability();
        if (!Double.isNaN(availability)) {
            weightedAvailability += availability * planned;
            availabilityWeight += planned;
        }
        double performance = digest.factors().performance();
        if (!Double.isNaN(performance) && !Double.isNaN(availability)) {
            long running = Math.round(availability * planned);
            weightedPerformance += performance * running;
            performanceWeight += running;
        }
        double quality = digest.factors().quality();
        if (!Double.isNaN(quality)) {
            weightedQuality += quality * planned;
            qualityWeight += planned;
        }
    }

    /** Fully productive time over planned time, of the windows that have both; NaN where none has, or none in which it ran. */
    double oee() {
        return ratio(productiveMicros / MICROS_PER_MILLI, productivePlannedMillis());
    }

    /** Weighted by planned time. */
    double availability() {
        return ratio(weightedAvailability, availabilityWeight);
    }

    /** Weighted by running time. */
    double performance() {
        return ratio(weightedPerformance, performanceWeight);
    }

    /** Weighted by planned time. */
    double quality() {
        return ratio(weightedQuality, qualityWeight);
    }

    private static double ratio(double part, long whole) {
        return whole > 0 ? part / whole : Double.NaN;
    }

    long plannedMillis() {
        return plannedMillis;
    }

    /**
     * Planned time of the windows that know their fully productive time. That is 0 by nature where nothing ran: if it is known of such
     * windows alone, it is not known of the process.
     */
    long productivePlannedMillis() {
        return productiveMicros > 0 || productivePlannedMillis == plannedMillis ? productivePlannedMillis : 0;
    }

    /** Fully productive time, microseconds. */
    long productiveMicros() {
        return productiveMicros;
    }

    double productiveMillis() {
        return productiveMicros / MICROS_PER_MILLI;
    }

    double lossMillis(Loss loss) {
        return lossMicros.getOrDefault(loss, 0L) / MICROS_PER_MILLI;
    }

    /** The largest loss above 0, or null. */
    @Nullable
    Loss largestLoss() {
        Loss largest = null;
        for (Loss loss : LOSSES) {
            double millis = lossMillis(loss);
            if (millis > 0 && (largest == null || millis > lossMillis(largest))) {
                largest = loss;
            }
        }
        return largest;
    }

    /** The step that was the constraint in most windows, the first by name of equals, or null. */
    @Nullable
    String constraint() {
        String most = null;
        long windowsOfMost = 0;
        for (Map.Entry<String, Long> entry : new TreeMap<>(constraintWindows).entrySet()) {
            if (entry.getValue() > windowsOfMost) {
                most = entry.getKey();
                windowsOfMost = entry.getValue();
            }
        }
        return most;
    }

    /** In which share of its windows a step was the constraint. */
    double constraintShare(String step) {
        return ratio(constraintWindows.getOrDefault(step, 0L), windows);
    }

    /** How far below its target a process is: by how much a list of processes is sorted, the largest first. */
    double shortfall() {
        double oee = oee();
        return Double.isNaN(oee) ? Double.NEGATIVE_INFINITY : targetOee - oee;
    }
}
