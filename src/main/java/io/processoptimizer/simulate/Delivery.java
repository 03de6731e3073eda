package io.processoptimizer.simulate;

import java.time.Duration;

/**
 * How imperfectly records travel. The shares are of all records, each decided by chance.
 *
 * @param eventIdShare records that carry an {@code event_id}
 * @param duplicateShare of the records with an {@code event_id}, those sent twice
 * @param shuffledShare records held up, but no longer than {@code disorder}
 * @param lateShare records held up longer than {@code disorder}, but no longer than {@code lateness}
 * @param brokenShare further records, beside the true ones, that no decoder should accept
 * @param disorder the delay in event time that receivers allow, 0 to {@code lateness}
 * @param lateness the longest delay, at most {@link #MAX_LATENESS}
 */
public record Delivery(
        double eventIdShare,
        double duplicateShare,
        double shuffledShare,
        double lateShare,
        double brokenShare,
        Duration disorder,
        Duration lateness) {

    /** Records on their way are held in memory, so the longest delay is bounded. */
    public static final Duration MAX_LATENESS = Duration.ofHours(1);

    /** A plausible plant: some retries, some disorder, few late records, nothing broken; limits as DOMAIN defaults. */
    public static final Delivery DEFAULT =
            new Delivery(0.3, 0.005, 0.02, 0.002, 0, Duration.ofSeconds(5), Duration.ofMinutes(10));

    /** Every record at once and in order, none twice, none with an id. */
    public static final Delivery PERFECT = new Delivery(0, 0, 0, 0, 0, Duration.ZERO, Duration.ZERO);

    /** The same with other delays and repetitions. */
    public Delivery with(Duration newDisorder, double newLateShare, double newDuplicateShare) {
        Duration longest = lateness.compareTo(newDisorder) < 0 ? newDisorder : lateness;
        return new Delivery(
                eventIdShare, newDuplicateShare, shuffledShare, newLateShare, brokenShare, newDisorder, longest);
    }

    public Delivery {
        StepSpec.requireShare("eventIdShare", eventIdShare);
        StepSpec.requireShare("duplicateShare", duplicateShare);
        StepSpec.requireShare("shuffledShare", shuffledShare);
        StepSpec.requireShare("lateShare", lateShare);
        StepSpec.requireShare("brokenShare", brokenShare);
        if (disorder.isNegative() || disorder.compareTo(lateness) > 0) {
            throw new IllegalArgumentException("disorder is " + disorder + " and lateness " + lateness
                    + "; use a disorder from 0 to the lateness");
        }
        if (lateness.compareTo(MAX_LATENESS) > 0) {
            throw new IllegalArgumentException("lateness is " + lateness + "; use at most " + MAX_LATENESS);
        }
        if (shuffledShare + lateShare > 1) {
            throw new IllegalArgumentException("shuffledShare " + shuffledShare + " and lateShare " + lateShare
                    + " exceed 1 together; lower one of them");
        }
        if (lateShare > 0 && disorder.equals(lateness)) {
            throw new IllegalArgumentException("lateShare is " + lateShare
                    + " but lateness equals disorder; raise lateness or set lateShare to 0");
        }
    }
}
