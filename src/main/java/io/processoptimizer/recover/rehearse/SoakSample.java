package io.processoptimizer.recover.rehearse;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * What was seen at the end of an interval, just before a kill.
 *
 * @param at since the beginning
 * @param records sent so far
 * @param perSecond records in this interval, a second
 * @param longestBehindMillis the longest that a stored state was behind the stream in this interval: what a crash would have read again
 * @param behindMillis the same at its end
 * @param heapBytes in use after a full collection, the least of some, of all workers together
 */
public record SoakSample(
        Duration at, long records, double perSecond, long longestBehindMillis, long behindMillis, long heapBytes) {
    /** The heap may differ by this share. */
    static final double MAX_HEAP_SHARE = 0.05;

    /** What is in hand at the moment, as batches that were fetched, makes so much more or less even so, whatever the load. */
    static final long MAX_HEAP_NOISE_BYTES = 16 << 20;

    /** The longest take-over seen is 51 s, a commit every 10 s, and what has gathered in that time is read within some seconds. */
    static final long MAX_BEHIND_MILLIS = 120_000;

    /** A killed worker has been caught up with long before the next is killed. */
    static final long MAX_BEHIND_AT_END_MILLIS = 30_000;

    private static final int FEWEST = 3;
    private static final double MEBIBYTE = 1 << 20;

    /**
     * What must not be.
     *
     * @param steadyAfter the heap is judged from then on
     */
    static List<String> problems(List<SoakSample> samples, Duration steadyAfter) {
        List<String> problems = new ArrayList<>();
        for (SoakSample sample : samples) {
            long minutes = sample.at().toMinutes();
            if (sample.longestBehindMillis() > MAX_BEHIND_MILLIS) {
                problems.add("until minute " + minutes + " a state was up to " + sample.longestBehindMillis() / 1_000
                        + " s behind; at most " + MAX_BEHIND_MILLIS / 1_000 + " s are expected, even after a kill");
            }
            if (sample.behindMillis() > MAX_BEHIND_AT_END_MILLIS) {
                problems.add("in minute " + minutes + " a state was still " + sample.behindMillis() / 1_000
                        + " s behind; at most " + MAX_BEHIND_AT_END_MILLIS / 1_000
                        + " s are expected so long after a kill");
            }
        }
        double share = heapShare(samples, steadyAfter);
        List<Long> heaps = steady(samples, steadyAfter);
        if (share > MAX_HEAP_SHARE && Collections.max(heaps) - Collections.min(heaps) > MAX_HEAP_NOISE_BYTES) {
            problems.add(String.format(
                    Locale.ROOT,
                    "the workers' heap after a full collection differs by %.1f %%; at most %.0f %%, or %.0f MiB, are expected",
                    100 * share,
                    100 * MAX_HEAP_SHARE,
                    MAX_HEAP_NOISE_BYTES / MEBIBYTE));
        }
        return problems;
    }

    /** By which share the largest heap exceeds the smallest; NaN where there are too few samples to tell. */
    static double heapShare(List<SoakSample> samples, Duration steadyAfter) {
        List<Long> heaps = steady(samples, steadyAfter);
        if (heaps.size() < FEWEST) {
            return Double.NaN;
        }
        long least = heaps.stream().mapToLong(Long::longValue).min().orElseThrow();
        long most = heaps.stream().mapToLong(Long::longValue).max().orElseThrow();
        return (double) (most - least) / least;
    }

    private static List<Long> steady(List<SoakSample> samples, Duration steadyAfter) {
        return samples.stream()
                .filter(sample -> sample.at().compareTo(steadyAfter) >= 0)
                .map(SoakSample::heapBytes)
                .toList();
    }

    /** What can be said of the heap, in a sentence. */
    static String heapText(List<SoakSample> samples, Duration steadyAfter) {
        double share = heapShare(samples, steadyAfter);
        if (Double.isNaN(share)) {
            return "Too short to judge the heap: it takes " + FEWEST + " intervals after minute "
                    + steadyAfter.toMinutes() + ", when as much is retained as ever will be.";
        }
        List<Long> heaps = steady(samples, steadyAfter);
        return String.format(
                Locale.ROOT,
                "Heap of all workers after a full collection, from minute %d on: %.0f to %.0f MiB in %d intervals, which is %.1f %%"
                        + " (at most %.0f %%, or %.0f MiB).",
                steadyAfter.toMinutes(),
                heaps.stream().mapToLong(Long::longValue).min().orElseThrow() / MEBIBYTE,
                heaps.stream().mapToLong(Long::longValue).max().orElseThrow() / MEBIBYTE,
                heaps.size(),
                100 * share,
                100 * MAX_HEAP_SHARE,
                MAX_HEAP_NOISE_BYTES / MEBIBYTE);
    }

    /** The names of a {@link #row()}'s columns. */
    static String heading() {
        return String.format(Locale.ROOT, ROW, "after", "records", "records/s", "behind, most", "behind now", "heap");
    }

    private static final String ROW = "%7s %13s %10s %13s %11s %9s";

    /** A line of the table. */
    String row() {
        return String.format(
                Locale.ROOT,
                ROW,
                String.format(Locale.ROOT, "%d:%02d", at.toMinutes(), at.toSecondsPart()),
                String.format(Locale.ROOT, "%,d", records),
                String.format(Locale.ROOT, "%,.0f", perSecond),
                String.format(Locale.ROOT, "%.1f s", longestBehindMillis / 1e3),
                String.format(Locale.ROOT, "%.1f s", behindMillis / 1e3),
                String.format(Locale.ROOT, "%.0f MiB", heapBytes / MEBIBYTE));
    }
}
