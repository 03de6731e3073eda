package io.processoptimizer.status;

import io.processoptimizer.analyse.oee.Loss;
import io.processoptimizer.analyse.oee.OeeStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Draws the board as lines of text that fit a terminal: columns that do not fit are left out, the least needed first, and rows that do
 * not fit are counted in the last line. Pure: the same rows, size and time give the same lines.
 */
final class BoardTable {
    private static final String RESET = "\u001b[0m";
    private static final String BOLD = "\u001b[1m";
    private static final String DIM = "\u001b[2m";
    private static final String RED = "\u001b[31m";
    private static final String GREEN = "\u001b[32m";
    private static final String GAP = "  ";
    private static final String UNKNOWN = "–";

    /** Columns are as wide as their widest cell, and that is bounded. */
    private static final int MAX_CELL = 40;

    /**
     * A column.
     *
     * @param need a higher need stays longer when the terminal is narrow
     * @param right whether its cells stand at the right edge
     */
    private record Column(String title, int need, boolean right, BiFunction<ProcessRow, Long, String> text) {
        String cell(ProcessRow row, long now) {
            String whole = text.apply(row, now);
            return whole.length() <= MAX_CELL ? whole : whole.substring(0, MAX_CELL - 1) + "…";
        }
    }

    private static final Column PROCESS = new Column("PROCESS", 10, false, (row, now) -> row.processId());
    private static final Column OEE =
            new Column("OEE", 9, true, (row, now) -> percent(row.factors().oee()));
    private static final Column STATUS = new Column("STATUS", 8, false, (row, now) -> status(row.status()));

    /** In the order of the screen. */
    private static final List<Column> COLUMNS = List.of(
            PROCESS,
            OEE,
            new Column("A", 6, true, (row, now) -> percent(row.factors().availability())),
            new Column("P", 6, true, (row, now) -> percent(row.factors().performance())),
            new Column("Q", 6, true, (row, now) -> percent(row.factors().quality())),
            STATUS,
            new Column("CONSTRAINT", 7, false, (row, now) -> orUnknown(row.constraint())),
            new Column("LARGEST LOSS", 7, false, (row, now) -> loss(row.loss(), row.lossMicros())),
            new Column("LAST ADJUSTMENT", 5, false, (row, now) -> orUnknown(row.adjustment())),
            new Column("LAST EFFECT", 4, false, (row, now) -> orUnknown(row.effect())),
            new Column("WINDOW END", 3, false, (row, now) -> Times.clock(row.endMillis())),
            new Column("RESULT", 4, false, (row, now) -> result(row)),
            new Column("AGE", 2, true, (row, now) -> Times.duration(now - row.seenMillis())));

    private BoardTable() {}

    /**
     * How to draw.
     *
     * @param columns width of the terminal, ≥ 1
     * @param lines most lines to draw, header included, ≥ 3
     * @param colour whether the terminal understands colours
     */
    record Size(int columns, int lines, boolean colour) {}

    /** The lines, each at most as wide as the terminal, colours not counted. */
    static List<String> draw(List<ProcessRow> rows, long nowMillis, Size size) {
        List<String> lines = new ArrayList<>();
        int room = Math.max(1, size.lines() - 1);
        boolean all = rows.size() <= room;
        List<ProcessRow> shown = all ? rows : rows.subList(0, Math.max(1, room - 1));
        List<Column> columns = fitting(shown, nowMillis, size.columns());
        int[] widths = widths(columns, shown, nowMillis);
        lines.add(style(header(columns, widths), BOLD, size.colour()));
        for (ProcessRow row : shown) {
            lines.add(line(row, columns, widths, nowMillis, size));
        }
        if (!all) {
            lines.add(style("… and " + (rows.size() - shown.size()) + " better ones", DIM, size.colour()));
        }
        return lines;
    }

    private static List<Column> fitting(List<ProcessRow> rows, long now, int width) {
        List<Column> columns = new ArrayList<>(COLUMNS);
        while (columns.size() > 2 && total(widths(columns, rows, now)) > width) {
            Column least = columns.get(0);
            for (Column column : columns) {
                if (column.need() <= least.need()) {
                    least = column;
                }
            }
            columns.remove(least);
        }
        return columns;
    }

    private static int[] widths(List<Column> columns, List<ProcessRow> rows, long now) {
        int[] widths = new int[columns.size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = columns.get(i).title().length();
            for (ProcessRow row : rows) {
                widths[i] = Math.max(widths[i], columns.get(i).cell(row, now).length());
            }
        }
        return widths;
    }

    private static int total(int[] widths) {
        int total = GAP.length() * (widths.length - 1);
        for (int width : widths) {
            total += width;
        }
        return total;
    }

    private static String header(List<Column> columns, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            append(line, columns.get(i).title(), widths[i], columns.get(i).right(), i == widths.length - 1);
        }
        return line.toString();
    }

    private static String line(ProcessRow row, List<Column> columns, int[] widths, long now, Size size) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            Column column = columns.get(i);
            StringBuilder cell = new StringBuilder();
            append(cell, column.cell(row, now), widths[i], column.right(), i == widths.length - 1);
            line.append(
                    column.equals(STATUS) || column.equals(OEE)
                            ? style(cell.toString(), colour(row.status()), size.colour())
                            : cell);
        }
        String text = line.toString();
        return row.silent() ? style(text, DIM, size.colour()) : text;
    }

    private static void append(StringBuilder line, String text, int width, boolean right, boolean last) {
        String fill = " ".repeat(width - text.length());
        if (right) {
            line.append(fill).append(text);
        } else {
            line.append(text).append(last ? "" : fill);
        }
        if (!last) {
            line.append(GAP);
        }
    }

    private static String colour(OeeStatus status) {
        return switch (status) {
            case MEETING_TARGET -> GREEN;
            case BELOW_TARGET -> RED;
            case NO_DATA -> DIM;
        };
    }

    private static String style(String text, String code, boolean colour) {
        return colour ? code + text + RESET : text;
    }

    static String percent(double ratio) {
        return Double.isNaN(ratio) ? UNKNOWN : String.format(Locale.ROOT, "%.1f%%", ratio * 100);
    }

    static String status(OeeStatus status) {
        return switch (status) {
            case MEETING_TARGET -> "on target";
            case BELOW_TARGET -> "below";
            case NO_DATA -> "no data";
        };
    }

    static String loss(@Nullable Loss loss, long micros) {
        if (loss == null) {
            return UNKNOWN;
        }
        String name = loss.label().replace("_ms", "").replace('_', ' ');
        return name + " " + Times.duration(micros / 1_000);
    }

    private static String result(ProcessRow row) {
        if (row.silent()) {
            return "silent";
        }
        return row.isFinal() ? "final" : "provisional";
    }

    private static String orUnknown(@Nullable String text) {
        return text == null ? UNKNOWN : text;
    }
}
