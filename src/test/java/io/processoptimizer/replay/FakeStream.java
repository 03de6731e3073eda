package io.processoptimizer.replay;

import io.processoptimizer.event.RecordPosition;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A stream in memory: shards of records, pages of any size, splits that show themselves only when a reader is at the end. */
final class FakeStream implements StreamSource {
    static final long RETENTION_MILLIS = 24 * 3_600_000L;

    final Map<String, Shard> shards = new TreeMap<>();
    final AtomicInteger fetches = new AtomicInteger();
    private final RandomGenerator random;
    private long createdMillis = 1_000_000;
    private int failAtFetch = Integer.MAX_VALUE;
    private IntConsumer beforeFetch = number -> {};

    FakeStream(RandomGenerator random) {
        this.random = random;
    }

    /** One shard. Its records are all of the past: a reader at the end is at the tip. */
    static final class Shard {
        final String id;
        final List<String> parents;
        final List<RecordedRecord> records = new ArrayList<>();
        boolean closed;
        boolean shown = true;
        int trimmed;

        Shard(String id, List<String> parents) {
            this.id = id;
            this.parents = parents;
        }
    }

    synchronized Shard shard(String id, String... parents) {
        Shard shard = new Shard(id, List.of(parents));
        shards.put(id, shard);
        return shard;
    }

    /** Appends records, some of them parts of an aggregate. */
    synchronized void append(Shard shard, int records, long arrivalMillis) {
        RecordedRecord before = shard.records.isEmpty() ? null : shard.records.get(shard.records.size() - 1);
        long sequence =
                before == null ? 10_000 : Long.parseLong(before.position().sequenceNumber()) + 1;
        for (int i = 0; i < records; ) {
            int parts = random.nextInt(3) == 0 ? 1 + random.nextInt(4) : 1;
            for (int part = 0; part < parts && i < records; part++, i++) {
                byte[] data = random.nextBoolean()
                        ? ("{\"n\":" + i + ",\"of\":\"" + shard.id + "\"}").getBytes(StandardCharsets.UTF_8)
                        : new byte[] {(byte) i, '\n', '"'};
                shard.records.add(new RecordedRecord(
                        shard.id,
                        new RecordPosition(Long.toString(sequence), part),
                        "key \"" + i % 7,
                        arrivalMillis + i,
                        data));
            }
            sequence++;
        }
    }

    void makeAnew() {
        createdMillis += 5_000;
    }

    /** Told the number of each fetch before it is answered. */
    void beforeFetch(IntConsumer action) {
        beforeFetch = action;
    }

    void failAtFetch(int number) {
        failAtFetch = number;
    }

    /** All that a recording of everything must hold, by shard. */
    synchronized Map<String, List<RecordedLines.Line>> everything() {
        Map<String, List<RecordedLines.Line>> all = new TreeMap<>();
        shards.forEach((id, shard) -> {
            if (!shard.records.isEmpty()) {
                all.put(id, shard.records.stream().map(RecordedLines.Line::of).toList());
            }
        });
        return all;
    }

    @Override
    public synchronized StreamDescription describe() {
        return new StreamDescription(
                "fake",
                "arn:fake",
                createdMillis,
                RETENTION_MILLIS,
                shards.values().stream()
                        .filter(shard -> shard.shown)
                        .map(shard -> new RecordedShard(
                                shard.id, BigInteger.ZERO, BigInteger.TEN, shard.parents, shard.closed))
                        .toList());
    }

    @Override
    public synchronized ShardReader open(String shardId, ReadFrom from) {
        Shard shard = shards.get(shardId);
        if (shard == null) {
            throw new IllegalStateException("no shard " + shardId);
        }
        int next = shard.trimmed;
        RecordPosition missing = null;
        if (from instanceof ReadFrom.After after) {
            while (next < shard.records.size()
                    && shard.records.get(next).position().compareTo(after.position()) <= 0) {
                next++;
            }
            if (next == shard.trimmed) {
                missing = after.position();
            }
        } else if (from instanceof ReadFrom.AtTimestamp at) {
            while (next < shard.records.size() && shard.records.get(next).arrivalMillis() < at.epochMillis()) {
                next++;
            }
        } else if (from instanceof ReadFrom.Latest) {
            next = shard.records.size();
        }
        return new Reader(shard, next, missing);
    }

    @Override
    public void close() {}

    private final class Reader implements ShardReader {
        private final Shard shard;
        private int next;
        private @Nullable RecordPosition missing;

        Reader(Shard shard, int next, @Nullable RecordPosition missing) {
            this.shard = shard;
            this.next = next;
            this.missing = missing;
        }

        @Override
        public Fetched next() throws TrimmedException {
            synchronized (FakeStream.this) {
                int number = fetches.incrementAndGet();
                if (number == failAtFetch) {
                    throw new IllegalStateException("the network is down");
                }
                beforeFetch.accept(number);
                RecordPosition gone = missing;
                if (gone != null) {
                    missing = null;
                    throw new TrimmedException(shard.id, gone);
                }
                // As Kinesis does: where the oldest record is newer than the iterator, it goes on there without a word.
                next = Math.max(next, shard.trimmed);
                int end = Math.min(shard.records.size(), next + random.nextInt(12));
                List<RecordedRecord> page = List.copyOf(shard.records.subList(next, end));
                next = end;
                boolean atEnd = next == shard.records.size();
                boolean ended = atEnd && shard.closed;
                if (ended) {
                    shards.values().stream()
                            .filter(child -> child.parents.contains(shard.id))
                            .forEach(child -> child.shown = true);
                }
                return new Fetched(page, atEnd ? 0 : 5, ended);
            }
        }
    }
}
