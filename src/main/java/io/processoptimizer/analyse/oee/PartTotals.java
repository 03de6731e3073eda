package io.processoptimizer.analyse.oee;

/**
 * Parts made in the window, all ≥ 0.
 *
 * @param good GQ
 * @param reject all rejects, those at start-up included
 * @param startupReject contained in {@code reject}
 * @param rework parts to be reworked
 * @param unplannedGood good parts made outside planned time; in none of the others
 */
public record PartTotals(long good, long reject, long startupReject, long rework, long unplannedGood) {
    public static final PartTotals NONE = new PartTotals(0, 0, 0, 0, 0);

    /** PQ: all parts processed in planned time. */
    public long processed() {
        return good + reject + rework;
    }
}
