package io.processoptimizer.status;

import io.processoptimizer.emit.WindowResult;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * A table of processes that is redrawn in place. What is said meanwhile (a warning, for instance) is printed above the
 * table and stays in the terminal's history, as does the last table.
 */
public final class LiveTable implements StatusView {
    /** Lines said between two redraws; a burst beyond it keeps the newest. */
    private static final int MAX_SAID = 200;

    private static final Pattern STYLE = Pattern.compile("\u001b\\[\\d+m");
    private static final String CLEAR_BELOW = "\r\u001b[J";

    /** Lines kept free: the cursor's own, and one above so that the table never scrolls. */
    private static final int SPARE_LINES = 2;

    private final PrintWriter out;
    private final Clock clock;
    private final Supplier<String> headline;
    private final Terminal terminal;
    private final Shape shape;
    private final ProcessBoard board;
    private final Deque<String> said = new ArrayDeque<>();
    private final ScheduledExecutorService redraw;
    /** Widths of the lines of the last frame: a terminal that became narrower has wrapped them since. */
    private List<Integer> drawn = List.of();

    private boolean closed;

    /**
     * How the table is drawn.
     *
     * @param refresh how often
     * @param rows most processes shown, ≥ 1; fewer where the terminal is lower
     */
    public record Shape(Duration refresh, int rows) {}

    /**
     * @param out a terminal; not closed by this
     * @param shape how often and how much is drawn
     * @param headline a line about the worker as a whole, asked for at each redraw
     */
    public LiveTable(PrintWriter out, Terminal terminal, Shape shape, Clock clock, Supplier<String> headline) {
        this.out = out;
        this.terminal = terminal;
        this.shape = shape;
        this.clock = clock;
        this.headline = headline;
        this.board = new ProcessBoard(clock);
        this.redraw = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "live-table");
            thread.setDaemon(true);
            return thread;
        });
        var unused =
                redraw.scheduleWithFixedDelay(this::draw, 0, shape.refresh().toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void result(WindowResult result) {
        board.result(result);
    }

    @Override
    public void gap(String processId, long fromMillis) {
        board.gap(processId);
    }

    @Override
    public void adjustment(String processId, long windowEndMillis, String text) {
        board.adjustment(processId, text);
    }

    @Override
    public void effect(String processId, long windowEndMillis, String text) {
        board.effect(processId, text);
    }

    @Override
    public void say(String line) {
        synchronized (said) {
            if (said.size() >= MAX_SAID) {
                said.removeFirst();
            }
            said.addLast(line);
        }
    }

    private synchronized void draw() {
        if (closed) {
            return;
        }
        Terminal.Size size = terminal.size();
        List<ProcessRow> rows = board.rows();
        List<String> lines = new ArrayList<>();
        lines.add(cut(summary(rows.size()), size.columns()));
        if (!rows.isEmpty()) {
            int room = Math.min(shape.rows() + 1, size.lines() - SPARE_LINES - 1);
            lines.addAll(BoardTable.draw(
                    rows,
                    clock.millis(),
                    new BoardTable.Size(size.columns(), Math.max(3, room), terminal.hasColour())));
        }
        StringBuilder frame = new StringBuilder();
        int up =
                drawn.stream().mapToInt(width -> linesOf(width, size.columns())).sum();
        if (up > 0) {
            frame.append("\u001b[").append(up).append('A');
        }
        frame.append(CLEAR_BELOW);
        synchronized (said) {
            said.forEach(line -> frame.append(line).append('\n'));
            said.clear();
        }
        lines.forEach(line -> frame.append(line).append('\n'));
        out.print(frame);
        out.flush();
        drawn = lines.stream().map(LiveTable::width).toList();
    }

    private static int linesOf(int width, int columns) {
        return Math.max(1, (width + columns - 1) / columns);
    }

    private static int width(String line) {
        return STYLE.matcher(line).replaceAll("").length();
    }

    private String summary(int processes) {
        StringBuilder line = new StringBuilder(Times.clock(clock.millis())).append("  ");
        if (processes == 0) {
            line.append("waiting for the first window to close");
        } else {
            line.append(processes)
                    .append(processes == 1 ? " process, " : " processes, ")
                    .append(board.belowTarget())
                    .append(" below target, ")
                    .append(board.windows())
                    .append(" windows");
        }
        String more = headline.get();
        return more.isEmpty() ? line.toString() : line.append("  ").append(more).toString();
    }

    private static String cut(String line, int columns) {
        return line.length() <= columns ? line : line.substring(0, Math.max(0, columns - 1)) + "…";
    }

    @Override
    public void close() {
        redraw.shutdown();
        draw();
        synchronized (this) {
            closed = true;
        }
    }
}
