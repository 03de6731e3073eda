package io.processoptimizer.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Rows of text in columns as wide as their widest cell. */
final class TextTable {
    private final List<String> heading;
    private final List<List<String>> rows = new ArrayList<>();

    TextTable(String... heading) {
        this.heading = List.of(heading);
    }

    /** As many cells as the heading has. */
    void row(List<String> cells) {
        if (cells.size() != heading.size()) {
            throw new IllegalArgumentException(cells.size() + " cells under a heading of " + heading.size());
        }
        rows.add(List.copyOf(cells));
    }

    void print(PrintWriter out, Style style) {
        int[] widths = heading.stream().mapToInt(String::length).toArray();
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        out.println(style.bold(line(heading, widths)));
        rows.forEach(row -> out.println(line(row, widths)));
    }

    private static String line(List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            line.append(i == 0 ? "" : "  ")
                    .append(cells.get(i))
                    .append(" ".repeat(widths[i] - cells.get(i).length()));
        }
        return line.toString().stripTrailing();
    }
}
