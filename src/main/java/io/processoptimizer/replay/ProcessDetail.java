package io.processoptimizer.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.processoptimizer.analyse.bottleneck.Confidence;
import io.processoptimizer.emit.AdviceJson;
import io.processoptimizer.event.StepState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All that the report shows of one process in time. Bounded: beyond {@value #MAX_WINDOWS} windows every second one is dropped. */
final class ProcessDetail {
    /** Points of a curve: more than any screen has pixels. */
    private static final int MAX_WINDOWS = 4_096;

    /** Runs of one step's strip; a machine that chatters faster than this is drawn up to there. */
    private static final int MAX_RUNS = 50_000;

    private static final int MAX_ADJUSTMENTS = 1_000;

    /** Shifts of a process: nearly a year of three a day. */
    private static final int MAX_SHIFTS = 1_000;

    private static final int SPARK_POINTS = 24;
    private static final ObjectMapper JSON = new ObjectMapper();

    final String processId;
    final List<Point> points = new ArrayList<>();
    final List<Stretch> constraints = new ArrayList<>();
    final Map<String, List<Run>> states = new LinkedHashMap<>();
    final List<Adjusted> adjustments = new ArrayList<>();
    final List<WindowDigest> shifts = new ArrayList<>();
    private int stride = 1;
    private long windows;

    record Point(
            long endMillis, double oee, double availability, double performance, double quality, boolean isFinal) {}

    record Stretch(
            long fromMillis,
            long toMillis,
            String step,
            @Nullable Confidence confidence) {}

    record Run(long fromMillis, long toMillis, StepState state) {}

    /**
     * @param expected as {@link AdviceJson} writes it
     * @param effect likewise
     */
    record Adjusted(
            long atMillis,
            String id,
            @Nullable String step,
            String lever,
            String text,
            String priority,
            String source,
            JsonNode expected,
            JsonNode effect) {}

    ProcessDetail(String processId) {
        this.processId = processId;
    }

    void add(WindowDigest digest, long slideMillis) {
        if (windows++ % stride == 0) {
            points.add(new Point(
                    digest.endMillis(),
                    digest.factors().oee(),
                    digest.factors().availability(),
                    digest.factors().performance(),
                    digest.factors().quality(),
                    digest.isFinal()));
            if (points.size() > MAX_WINDOWS) {
                thinOut();
            }
        }
        String constraint = digest.constraint();
        if (constraint != null) {
            long from = digest.endMillis() - slideMillis;
            append(constraints, new Stretch(from, digest.endMillis(), constraint, digest.confidence()));
        }
        for (WindowDigest.Strip strip : digest.strips()) {
            List<Run> runs = states.computeIfAbsent(strip.stepId(), step -> new ArrayList<>());
            for (int run = 0; run < strip.starts().length && runs.size() < MAX_RUNS; run++) {
                long to = run + 1 < strip.starts().length ? strip.starts()[run + 1] : strip.end();
                append(runs, new Run(strip.starts()[run], to, WindowDigest.state(strip, run)));
            }
        }
    }

    /** A window that is a shift; of more than {@value #MAX_SHIFTS} the first give way. */
    void addShift(WindowDigest digest) {
        if (shifts.size() == MAX_SHIFTS) {
            shifts.remove(0);
        }
        shifts.add(digest);
    }

    private void thinOut() {
        stride *= 2;
        List<Point> kept = new ArrayList<>();
        for (int i = 0; i < points.size(); i += 2) {
            kept.add(points.get(i));
        }
        points.clear();
        points.addAll(kept);
    }

    private static void append(List<Stretch> stretches, Stretch next) {
        int last = stretches.size() - 1;
        Stretch before = last < 0 ? null : stretches.get(last);
        if (before != null
                && before.toMillis >= next.fromMillis
                && before.step.equals(next.step)
                && before.confidence == next.confidence) {
            stretches.set(last, new Stretch(before.fromMillis, next.toMillis, next.step, next.confidence));
        } else {
            stretches.add(next);
        }
    }

    private static void append(List<Run> runs, Run next) {
        int last = runs.size() - 1;
        Run before = last < 0 ? null : runs.get(last);
        if (before != null && before.toMillis == next.fromMillis && before.state == next.state) {
            runs.set(last, new Run(before.fromMillis, next.toMillis, next.state));
        } else {
            runs.add(next);
        }
    }

    void add(Slice adjustment) throws IOException {
        if (adjustments.size() >= MAX_ADJUSTMENTS) {
            return;
        }
        JsonNode event = JSON.readTree(adjustment.bytes(), adjustment.from(), adjustment.length());
        JsonNode first = event.path("recommendations").path(0);
        adjustments.add(new Adjusted(
                event.path("window_end").asLong(),
                event.path("adjustment_id").asText(),
                first.path("step_id").isTextual() ? first.path("step_id").asText() : null,
                first.path("lever").asText(""),
                first.path("text").asText(""),
                event.path("priority").asText(""),
                event.path("source").asText(""),
                event.path(AdviceJson.EXPECTED),
                event.path(AdviceJson.EFFECT)));
    }

    /** Mean OEE over equal parts of the process's time; NaN where a part has none. */
    double[] spark() {
        double[] sums = new double[SPARK_POINTS];
        int[] counts = new int[SPARK_POINTS];
        if (!points.isEmpty()) {
            long from = points.get(0).endMillis;
            long span = Math.max(1, points.get(points.size() - 1).endMillis - from + 1);
            for (Point point : points) {
                int part = (int) ((point.endMillis - from) * SPARK_POINTS / span);
                if (!Double.isNaN(point.oee)) {
                    sums[part] += point.oee;
                    counts[part]++;
                }
            }
        }
        for (int i = 0; i < SPARK_POINTS; i++) {
            sums[i] = counts[i] == 0 ? Double.NaN : sums[i] / counts[i];
        }
        return sums;
    }

    /** Where a silence that began at {@code from} ended, or null where it lasts. */
    @Nullable
    Long endOfSilence(long from, long slideMillis) {
        for (Point point : points) {
            if (point.endMillis - slideMillis > from) {
                return point.endMillis - slideMillis;
            }
        }
        return null;
    }
}
