package io.processoptimizer.analyse.oee;

/**
 * Key figures of ISO 22400-2 beside OEE and its factors. A figure whose denominator is 0, or that needs an ideal cycle which is
 * not known, is {@code NaN} ({@code TelemetryEvent.ABSENT} for the long). Of a process, the times are those of its basis, and
 * scrap, rework and throughput those of its output step.
 *
 * @param nee net equipment effectiveness, (APT+AUST)/PBT · P · Q
 * @param technicalEfficiency APT / (APT + ADET)
 * @param setupRatio AUST / (APT + AUST)
 * @param utilizationEfficiency APT / AUBT
 * @param allocationEfficiency AUBT / PBT
 * @param scrapRatio reject / PQ
 * @param reworkRatio rework / PQ
 * @param firstPassYield good / PQ: parts that needed neither scrapping nor rework
 * @param failures DOWN runs that overlap the window
 * @param mtbfSeconds running and set-up time per failure
 * @param mttrSeconds DOWN time per failure
 * @param teep OEE · PBT / calendar time: ideal time of the good parts over the whole window
 * @param throughputPerHour PQ / window, parts per hour; in profile {@code simple} as stated
 * @param cycleTimeSeconds APT / PQ
 * @param fullyProductiveMicros Σ ideal cycle · good, microseconds
 */
public record Kpis(
        double nee,
        double technicalEfficiency,
        double setupRatio,
        double utilizationEfficiency,
        double allocationEfficiency,
        double scrapRatio,
        double reworkRatio,
        double firstPassYield,
        long failures,
        double mtbfSeconds,
        double mttrSeconds,
        double teep,
        double throughputPerHour,
        double cycleTimeSeconds,
        long fullyProductiveMicros) {}
