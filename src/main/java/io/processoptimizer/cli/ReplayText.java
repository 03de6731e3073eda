package io.processoptimizer.cli;

import io.processoptimizer.config.Configuration;
import io.processoptimizer.replay.BaselineCheck;
import io.processoptimizer.replay.Comparison;
import io.processoptimizer.replay.RecordedDesk;
import io.processoptimizer.replay.Replay;
import io.processoptimizer.replay.ReplaySummary;
import io.processoptimizer.replay.ReplayTable;
import io.processoptimizer.replay.ReplayTotals;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a replay gave, for a person. */
final class ReplayText {
    private static final int WORST = 10;
    private static final int MAX_CELL = 60;
    private static final Pattern INVISIBLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]");

    private final PrintWriter out;
    private final Style style;

    ReplayText(PrintWriter out, Style style) {
        this.out = out;
        this.style = style;
    }

    void print(Replay replay, Configuration configuration) {
        ReplayTotals totals = replay.totals();
        ReplaySummary summary = replay.summary();
        out.printf(
                Locale.ROOT,
                "%s of %s in %.1f s (%,.0f a second); definitions: %s%n",
                Plural.of(totals.records(), "record", "records"),
                Plural.of(totals.processes(), "process", "processes"),
                replay.seconds(),
                totals.records() / replay.seconds(),
                configuration.definitionsFile() == null
                        ? "defaults"
                        : configuration.definitionsFile().toString());
        out.printf(
                Locale.ROOT,
                "%s (%,d revised, %,d provisional), %s%n",
                Plural.of(summary.windows(), "window", "windows"),
                summary.revised(),
                summary.provisional(),
                Plural.of(summary.adjustments(), "adjustment", "adjustments"));
        effects(summary);
        RecordedDesk recorded = replay.request().plan().base().recorded();
        if (recorded != null) {
            out.println(recorded.told());
        }
        quality(totals);
        if (totals.records() == 0) {
            out.println(style.warning("the input holds no records"));
            files(replay);
            return;
        }
        out.println();
        table(ReplayTable.worst(summary, WORST));
        if (totals.processes() > WORST) {
            out.printf(Locale.ROOT, "… and %,d better ones%n", totals.processes() - WORST);
        }
        Comparison comparison = replay.comparison();
        if (comparison != null) {
            out.println();
            table(ReplayTable.comparison(comparison));
        }
        BaselineCheck baseline = replay.baseline();
        if (baseline != null) {
            out.println();
            baseline(baseline);
        }
        files(replay);
    }

    private void effects(ReplaySummary summary) {
        Map<String, Long> effects = summary.effects();
        if (!effects.isEmpty()) {
            String parts = effects.entrySet().stream()
                    .map(entry -> String.format(
                            Locale.ROOT,
                            "%,d %s",
                            entry.getValue(),
                            entry.getKey().replace('_', ' ')))
                    .collect(Collectors.joining(", "));
            out.println("OEE after an adjustment, where the input goes on for long enough: " + parts);
        }
    }

    private void quality(ReplayTotals totals) {
        if (totals.duplicates() + totals.cutClaims() > 0) {
            out.printf(
                    Locale.ROOT,
                    "%s counted once, %s cut at their late part%n",
                    Plural.of(totals.duplicates(), "duplicate", "duplicates"),
                    Plural.of(totals.cutClaims(), "claim", "claims"));
        }
        Map<String, Long> refused = totals.refused();
        if (!refused.isEmpty()) {
            out.println(style.warning("refused: "
                    + refused.entrySet().stream()
                            .map(entry -> String.format(Locale.ROOT, "%,d %s", entry.getValue(), entry.getKey()))
                            .collect(Collectors.joining(", "))));
        }
    }

    private void baseline(BaselineCheck baseline) {
        String counts = String.format(
                Locale.ROOT,
                "baseline: %,d windows the same, %,d different, %,d missing, %,d new%s%s",
                baseline.same(),
                baseline.different(),
                baseline.missing(),
                baseline.added(),
                baseline.notCompared() == 0
                        ? ""
                        : String.format(Locale.ROOT, ", %,d provisional not compared", baseline.notCompared()),
                baseline.takenBack() == 0
                        ? ""
                        : String.format(Locale.ROOT, ", %,d superseded by a rewind", baseline.takenBack()));
        out.println(baseline.isEqual() ? style.good(counts) : style.bad(counts));
        baseline.shown().forEach(difference -> out.println("  " + difference));
        long others = baseline.different()
                + baseline.missing()
                + baseline.added()
                - baseline.shown().size();
        if (others > 0) {
            out.printf(Locale.ROOT, "  … and %,d more%n", others);
        }
    }

    private void files(Replay replay) {
        Replay.Request request = replay.request();
        if (request.output() != null) {
            out.println();
            out.println("results in " + request.output());
        }
        if (request.report() != null) {
            out.println("report in " + request.report());
        }
    }

    /** Columns as wide as their widest cell; all but the first of numbers stand at the right. */
    private void table(List<List<String>> rows) {
        int columns = rows.get(0).size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], shown(row.get(i)).length());
            }
        }
        for (int r = 0; r < rows.size(); r++) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                String cell = shown(rows.get(r).get(i));
                String padding = " ".repeat(widths[i] - cell.length());
                boolean text = i == 0 || rows.get(0).get(i).matches("CONSTRAINT|LARGEST LOSS");
                line.append(i == 0 ? "" : "  ").append(text ? cell + padding : padding + cell);
            }
            out.println(
                    r == 0
                            ? style.bold(line.toString().stripTrailing())
                            : line.toString().stripTrailing());
        }
    }

    /** Names are as machines sent them: nothing in them may turn the line around, and one long name not widen all lines. */
    private static String shown(String cell) {
        String harmless = INVISIBLE.matcher(cell).replaceAll("\uFFFD");
        return harmless.codePointCount(0, harmless.length()) <= MAX_CELL
                ? harmless
                : harmless.substring(0, harmless.offsetByCodePoints(0, MAX_CELL - 1)) + "…";
    }
}
