package io.processoptimizer.cli;

import io.processoptimizer.replay.RecordingManifest.End;
import io.processoptimizer.replay.ShardStatus;
import java.io.PrintWriter;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How far a recording is: on a terminal one line that is drawn anew every second, above it one for each shard that is done. */
final class RecordProgress implements AutoCloseable {
    private static final long REFRESH_MILLIS = 1_000;
    private static final String LINE_START = "\r\u001b[K";

    private final Supplier<List<ShardStatus>> shards;
    private final PrintWriter out;
    private final Set<String> told = new HashSet<>();
    private final Thread thread = new Thread(this::draw, "record-progress");
    private long lastRecords;
    private long lastNanos = System.nanoTime();

    private RecordProgress(Supplier<List<ShardStatus>> shards, PrintWriter out) {
        this.shards = shards;
        this.out = out;
        thread.setDaemon(true);
    }

    /** @param terminal false: nothing is shown */
    static RecordProgress show(Supplier<List<ShardStatus>> shards, PrintWriter out, boolean terminal) {
        RecordProgress progress = new RecordProgress(shards, out);
        if (terminal) {
            progress.thread.start();
        }
        return progress;
    }

    private void draw() {
        try {
            while (true) {
                TimeUnit.MILLISECONDS.sleep(REFRESH_MILLIS);
                List<ShardStatus> now = shards.get();
                for (ShardStatus shard : now) {
                    if (shard.ended() != null && told.add(shard.shardId())) {
                        out.println(LINE_START + done(shard));
                    }
                }
                out.print(LINE_START + line(now));
                out.flush();
            }
        } catch (InterruptedException e) {
            out.print(LINE_START);
            out.flush();
        }
    }

    static String done(ShardStatus shard) {
        End ended = shard.ended();
        return String.format(Locale.ROOT, "%s: %,d records, %s", shard.shardId(), shard.records(), text(ended));
    }

    private static String text(@Nullable End ended) {
        if (ended == null) {
            return "under way";
        }
        return switch (ended) {
            case BOUND -> "done";
            case SHARD_END -> "all of it, the shard is closed";
            case STOPPED -> "stopped";
            case FAILED -> "failed";
            case CLOSED_BEFORE -> "closed before the recording began";
            case EXPIRED -> "the stream no longer has it";
        };
    }

    /** Rates are those since the line before. */
    private String line(List<ShardStatus> now) {
        long done = now.stream().filter(shard -> shard.ended() != null).count();
        long records = now.stream().mapToLong(ShardStatus::newRecords).sum();
        long bytes = now.stream().mapToLong(ShardStatus::newBytes).sum();
        long behind = now.stream()
                .filter(shard -> shard.ended() == null)
                .mapToLong(ShardStatus::behindMillis)
                .max()
                .orElse(0);
        long nanos = System.nanoTime();
        double rate = (records - lastRecords) * 1e9 / Math.max(1, nanos - lastNanos);
        lastRecords = records;
        lastNanos = nanos;
        return String.format(
                Locale.ROOT,
                "%,d records, %.1f MB, %,.0f records/s, %s; %d of %d shards done",
                records,
                bytes / 1e6,
                rate,
                behind < 0 || now.isEmpty() ? "starting" : behind == 0 ? "up to date" : behind(behind),
                done,
                now.size());
    }

    private static String behind(long millis) {
        double seconds = millis / 1e3;
        if (seconds < 120) {
            return String.format(Locale.ROOT, "%.0f s behind", seconds);
        }
        return seconds < 7_200
                ? String.format(Locale.ROOT, "%.0f min behind", seconds / 60)
                : String.format(Locale.ROOT, "%.1f h behind", seconds / 3_600);
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(REFRESH_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
