package io.processoptimizer.status;

import io.processoptimizer.analyse.oee.Factors;
import io.processoptimizer.analyse.oee.Loss;
import io.processoptimizer.analyse.oee.ProcessOee;
import io.processoptimizer.emit.WindowResult;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One line a closed window, for pipes and log files: space-separated, {@code name=value}. Whoever reads too slowly misses lines, and is
 * told how many, since showing must never hold up processing.
 */
public final class PlainLines implements StatusView {
    /** Lines that may wait for a slow reader. */
    private static final int QUEUE = 10_000;

    private static final long CLOSE_WITHIN_MILLIS = 2_000;
    private static final long POLL_MILLIS = 200;

    private final PrintWriter out;
    private final BlockingQueue<String> lines = new ArrayBlockingQueue<>(QUEUE);
    private final AtomicLong skipped = new AtomicLong();
    private final Thread writer;
    private volatile boolean closing;

    /** @param out not closed by this */
    public PlainLines(PrintWriter out) {
        this.out = out;
        this.writer = new Thread(this::write, "status-lines");
        writer.setDaemon(true);
        writer.start();
    }

    @Override
    public void result(WindowResult result) {
        offer(line(result));
    }

    @Override
    public void gap(String processId, long fromMillis) {
        offer(Instant.ofEpochMilli(fromMillis) + " " + processId + " silent");
    }

    @Override
    public void adjustment(String processId, long windowEndMillis, String text) {
        offer(Instant.ofEpochMilli(windowEndMillis) + " " + processId + " adjustment: " + text);
    }

    @Override
    public void effect(String processId, long windowEndMillis, String text) {
        offer(Instant.ofEpochMilli(windowEndMillis) + " " + processId + " effect: " + text);
    }

    @Override
    public void say(String line) {
        offer(line);
    }

    private void offer(String line) {
        if (!lines.offer(line)) {
            skipped.incrementAndGet();
        }
    }

    static String line(WindowResult result) {
        ProcessOee process = result.analysis().process();
        Factors factors = process.factors();
        Loss loss = process.losses().largest();
        String constraint = result.analysis().constraint().stepId();
        StringBuilder line = new StringBuilder()
                .append(Instant.ofEpochMilli(result.endMillis()))
                .append(' ')
                .append(result.processId())
                .append(" oee=")
                .append(BoardTable.percent(factors.oee()))
                .append(" a=")
                .append(BoardTable.percent(factors.availability()))
                .append(" p=")
                .append(BoardTable.percent(factors.performance()))
                .append(" q=")
                .append(BoardTable.percent(factors.quality()))
                .append(" status=")
                .append(process.status().label())
                .append(" constraint=")
                .append(constraint == null ? "-" : constraint)
                .append(" largest_loss=");
        if (loss == null) {
            line.append('-');
        } else {
            line.append(loss.label().replace("_ms", ""))
                    .append(':')
                    .append(Times.duration(process.losses().micros(loss) / 1_000));
        }
        line.append(result.isFinal() ? " final" : " provisional");
        if (result.revision() > 0) {
            line.append(" revision=").append(result.revision());
        }
        return line.toString();
    }

    private void write() {
        try {
            while (true) {
                String line = lines.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
                if (line != null) {
                    out.println(line);
                }
                long missed = lines.isEmpty() ? skipped.getAndSet(0) : 0;
                if (missed > 0) {
                    out.println("... " + missed
                            + " lines left out, the reader was too slow; the results themselves lack nothing");
                }
                if (lines.isEmpty()) {
                    out.flush();
                    if (closing) {
                        return;
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closing = true;
        try {
            writer.join(CLOSE_WITHIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
