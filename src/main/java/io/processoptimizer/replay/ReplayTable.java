package io.processoptimizer.replay;

import io.processoptimizer.analyse.oee.Loss;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The processes and the comparison of a replay as rows of text, for a terminal. */
public final class ReplayTable {
    private static final String UNKNOWN = "–";

    private ReplayTable() {}

    /** A heading and a row for each of the worst processes. */
    public static List<List<String>> worst(ReplaySummary summary, int most) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(
                "PROCESS", "OEE", "A", "P", "Q", "TARGET", "BELOW", "CONSTRAINT", "LARGEST LOSS", "ADJUSTMENTS"));
        List<ProcessSummary> processes = summary.worstFirst();
        for (ProcessSummary process : processes.subList(0, Math.min(most, processes.size()))) {
            Loss loss = process.largestLoss();
            String constraint = process.constraint();
            rows.add(List.of(
                    process.processId,
                    percent(process.oee()),
                    percent(process.availability()),
                    percent(process.performance()),
                    percent(process.quality()),
                    percent(process.targetOee),
                    process.belowTarget + " of " + process.windows,
                    constraint == null ? UNKNOWN : constraint + " " + percent(process.constraintShare(constraint)),
                    loss == null
                            ? UNKNOWN
                            : name(loss) + " "
                                    + percent(process.lossMillis(loss) / Math.max(1, process.plannedMillis())),
                    Long.toString(process.adjustments)));
        }
        return rows;
    }

    /** A heading and a row for each configuration. */
    public static List<List<String>> comparison(Comparison comparison) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(
                "CONFIGURATION",
                "WINDOWS",
                "MEDIAN OEE",
                "BELOW",
                "STATUS CHANGED",
                "BOTTLENECKS FLAGGED",
                "CONSTRAINT CHANGED",
                "ADJUSTMENTS",
                "NEW",
                "GONE"));
        for (Comparison.Side side : comparison.sides()) {
            rows.add(List.of(
                    side.name(),
                    Long.toString(side.windows),
                    percent(side.medianOee()),
                    Long.toString(side.belowTarget),
                    Long.toString(side.changedStatus),
                    Long.toString(side.bottlenecksFlagged),
                    Long.toString(side.changedConstraint),
                    Long.toString(side.adjustments),
                    Long.toString(side.adjustmentsAdded),
                    Long.toString(side.adjustmentsRemoved)));
        }
        return rows;
    }

    private static String name(Loss loss) {
        return loss.label().replace("_ms", "").replace('_', ' ');
    }

    private static String percent(double ratio) {
        return Double.isNaN(ratio) ? UNKNOWN : String.format(Locale.ROOT, "%.1f %%", ratio * 100);
    }
}
