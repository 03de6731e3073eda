package io.processoptimizer.analyse.bottleneck;

import io.processoptimizer.analyse.WindowAnalyser;
import io.processoptimizer.analyse.bottleneck.RandomLine.Regime;
import io.processoptimizer.event.ProcessDefinition;
import io.processoptimizer.event.TelemetryEvent;
import io.processoptimizer.window.StepFacts;
import io.processoptimizer.window.WindowFacts;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How often the product names the true bottleneck: the step that, made 5 % faster, raises the throughput of a long run most. Lines are
 * drawn at random, windows are analysed by the product's own code, and standard errors are those of a mean over lines.
 *
 * <p>Usage: {@code BottleneckBenchmark [LINES_PER_REGIME [SEED]]}.
 */
public final class BottleneckBenchmark {
    private static final int PARTS = 22_000;

    /** By then the line has forgotten that it began empty. */
    private static final int FIRST = 2_000;

    private static final int[] WINDOW_PARTS = {50, 200, 1_000, PARTS - FIRST - 1};

    /** Windows of one line, apart from each other. */
    private static final int WINDOWS = 4;

    private static final double FASTER = 0.95;

    /** A case is clear where the best gain is more than so many times the second. */
    private static final double CLEAR = 1.5;

    private static final int PUBLISHED_LINES = 70;

    private BottleneckBenchmark() {}

    /** Means over lines. */
    private static final class Mean {
        private double sum;
        private double squares;
        private int count;

        void add(double value) {
            sum += value;
            squares += value * value;
            count++;
        }

        double mean() {
            return sum / count;
        }

        double error() {
            double mean = mean();
            return Math.sqrt(Math.max(0, squares / count - mean * mean) / Math.max(1, count - 1));
        }

        @Override
        public String toString() {
            return count == 0 ? "     –     " : String.format(Locale.ROOT, "%.3f ±%.3f", mean(), error());
        }
    }

    /** Of one regime and length of window. */
    private static final class Score {
        final Map<String, Mean> hit = new LinkedHashMap<>();
        final Map<String, Mean> clearHit = new LinkedHashMap<>();
        final Map<Confidence, Mean> coverage = new EnumMap<>(Confidence.class);
        final Map<Confidence, Mean> precision = new EnumMap<>(Confidence.class);
        final Mean impactError = new Mean();
        final Mean impactMiss = new Mean();
    }

    public static void main(String[] args) {
        int lines = args.length > 0 ? Integer.parseInt(args[0]) : 400;
        long seed = args.length > 1 ? Long.parseLong(args[1]) : 1;
        System.out.printf(Locale.ROOT, "%d lines a regime, seed %d, runs of %d parts%n", lines, seed, PARTS);
        for (Regime regime : Regime.values()) {
            List<Score> scores = new ArrayList<>();
            for (int ignored : WINDOW_PARTS) {
                scores.add(new Score());
            }
            int count = regime == Regime.PUBLISHED ? PUBLISHED_LINES : lines;
            for (int index = 0; index < count; index++) {
                score(RandomLine.draw(regime, seed, index, PARTS), scores);
            }
            for (int i = 0; i < WINDOW_PARTS.length; i++) {
                print(regime, WINDOW_PARTS[i], scores.get(i));
            }
        }
    }

    private static void score(RandomLine line, List<Score> scores) {
        double base = line.throughput(-1, 1);
        double[] gains = new double[line.steps];
        int truth = 0;
        for (int step = 0; step < line.steps; step++) {
            gains[step] = line.throughput(step, FASTER) / base - 1;
            truth = gains[step] > gains[truth] ? step : truth;
        }
        double second = 0;
        for (int step = 0; step < line.steps; step++) {
            second = step == truth ? second : Math.max(second, gains[step]);
        }
        boolean clear = gains[truth] > CLEAR * second;
        for (int i = 0; i < WINDOW_PARTS.length; i++) {
            score(line, WINDOW_PARTS[i], new Truth(id(truth), clear, gains), scores.get(i));
        }
    }

    /** The true bottleneck of a line, and what each step gains. */
    @SuppressWarnings("ArrayRecordComponent") // read only, and never compared
    private record Truth(String step, boolean clear, double[] gains) {}

    private static void score(RandomLine line, int windowParts, Truth truth, Score score) {
        int windows = Math.min(WINDOWS, (PARTS - FIRST - 1) / windowParts);
        Map<String, Integer> hits = new LinkedHashMap<>();
        Map<Confidence, int[]> byConfidence = new EnumMap<>(Confidence.class);
        for (Confidence confidence : Confidence.values()) {
            byConfidence.put(confidence, new int[2]);
        }
        int apart = (PARTS - FIRST - 1) / windows;
        for (int w = 0; w < windows; w++) {
            int first = FIRST + w * apart;
            Constraint found = analyse(line, line.leftTheLine(first), line.leftTheLine(first + windowParts));
            Constraint.Votes votes = found.votes();
            count(hits, "utilization", votes.utilization(), truth);
            count(hits, "active_period", votes.activePeriod(), truth);
            count(hits, "shifting", votes.shifting(), truth);
            count(hits, "turning_point", votes.turningPoint(), truth);
            count(hits, "balance", votes.balance(), truth);
            count(hits, "answer", found.stepId(), truth);
            Confidence confidence = found.confidence();
            if (confidence != null) {
                int[] counts = Objects.requireNonNull(byConfidence.get(confidence));
                counts[0]++;
                counts[1] += truth.step().equals(found.stepId()) ? 1 : 0;
            }
            Constraint.Impact impact = found.impact();
            if (impact != null && found.stepId() != null && windows == 1) {
                // The estimate is for its own relief; gains are nearly in proportion.
                double estimate = impact.throughputGain() * (1 - FASTER) / impact.relief();
                double real = truth.gains()[Integer.parseInt(found.stepId().substring(1)) - 1];
                score.impactError.add(estimate - real);
                score.impactMiss.add(Math.abs(estimate - real));
            }
        }
        for (Map.Entry<String, Integer> hit : hits.entrySet()) {
            double rate = (double) hit.getValue() / windows;
            score.hit.computeIfAbsent(hit.getKey(), key -> new Mean()).add(rate);
            if (truth.clear()) {
                score.clearHit.computeIfAbsent(hit.getKey(), key -> new Mean()).add(rate);
            }
        }
        byConfidence.forEach((confidence, counts) -> {
            score.coverage.computeIfAbsent(confidence, key -> new Mean()).add((double) counts[0] / windows);
            if (counts[0] > 0) {
                score.precision.computeIfAbsent(confidence, key -> new Mean()).add((double) counts[1] / counts[0]);
            }
        });
    }

    private static void count(Map<String, Integer> hits, String method, @Nullable String step, Truth truth) {
        hits.merge(method, truth.step().equals(step) ? 1 : 0, Integer::sum);
    }

    private static String id(int step) {
        return "s" + (step + 1);
    }

    private static Constraint analyse(RandomLine line, long start, long end) {
        List<StepFacts> steps = new ArrayList<>();
        for (int step = 0; step < line.steps; step++) {
            long made = line.finished(step, start, end);
            steps.add(new StepFacts(
                    id(step),
                    line.timeline(step, start, end),
                    List.of(new StepFacts.PartCounts(null, TelemetryEvent.ABSENT, made, 0, 0, 0)),
                    0,
                    0,
                    0,
                    null,
                    null));
        }
        WindowFacts facts = new WindowFacts("line", "main", start, end, definition(line), steps, null);
        return WindowAnalyser.analyse(facts).constraint();
    }

    /** The order is configured. */
    private static ProcessDefinition definition(RandomLine line) {
        List<String> order = new ArrayList<>();
        for (int step = 0; step < line.steps; step++) {
            order.add(id(step));
        }
        ProcessDefinition byDefault = ProcessDefinition.DEFAULT;
        return new ProcessDefinition(
                "benchmark",
                order,
                null,
                null,
                null,
                byDefault.targetOeeNano(),
                byDefault.minorStopMillis(),
                byDefault.signalTimeoutMillis(),
                Map.of(),
                byDefault.utilizationThresholdNano());
    }

    private static void print(Regime regime, int windowParts, Score score) {
        String length = windowParts == PARTS - FIRST - 1 ? "long run" : windowParts + " parts";
        System.out.printf(Locale.ROOT, "%n%s, %s: hit rate; on clear cases%n", regime.title, length);
        for (Map.Entry<String, Mean> hit : score.hit.entrySet()) {
            Mean clear = score.clearHit.getOrDefault(hit.getKey(), new Mean());
            System.out.printf(Locale.ROOT, "  %-14s %s   %s%n", hit.getKey(), hit.getValue(), clear);
        }
        for (Confidence confidence : Confidence.values()) {
            System.out.printf(
                    Locale.ROOT,
                    "  %-6s coverage %s   precision %s%n",
                    confidence.label(),
                    score.coverage.getOrDefault(confidence, new Mean()),
                    score.precision.getOrDefault(confidence, new Mean()));
        }
        if (score.impactError.count > 0) {
            System.out.printf(
                    Locale.ROOT,
                    "  impact of 5 %%: estimate − truth %s, absolute %s%n",
                    score.impactError,
                    score.impactMiss);
        }
    }
}
