package io.processoptimizer.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.pipeline.InputRecord;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StreamRangeTest {
    private static final long NOW = 1_767_225_600_000L;

    private final FakeStream stream = new FakeStream(new SplittableRandom(3));
    private final FakeStream.Shard first = stream.shard("shard-0");
    private InstantSource clock = InstantSource.fixed(Instant.ofEpochMilli(NOW));

    @BeforeEach
    void fill() {
        stream.append(first, 100, NOW - 1_000);
    }

    @Test
    void allShardsAreMergedByPosition() throws InterruptedException {
        FakeStream.Shard second = stream.shard("shard-1");
        stream.append(second, 70, NOW - 1_000);

        List<InputRecord> records = read(NOW);

        assertThat(records).hasSize(170);
        assertThat(records).extracting(InputRecord::position).isSorted();
        assertThat(ofShard(records, "shard-0")).isEqualTo(positions(first.records));
        assertThat(ofShard(records, "shard-1")).isEqualTo(positions(second.records));
    }

    @Test
    void whatArrivedBehindTheEndOfTheRangeIsLeftOut() throws InterruptedException {
        assertThat(ofShard(read(NOW - 1_000 + 59), "shard-0")).isEqualTo(positions(first.records.subList(0, 60)));
    }

    @Test
    void recordsThatTheRetentionOvertakesAreTold() throws InterruptedException {
        AtomicInteger fetched = new AtomicInteger();
        stream.beforeFetch(fetched::set);
        clock = () -> {
            boolean late = fetched.get() >= 4;
            first.trimmed = late ? 90 : 0;
            return Instant.ofEpochMilli(late ? NOW + FakeStream.RETENTION_MILLIS : NOW);
        };
        StreamRange range = new StreamRange(stream, new ReadFrom.TrimHorizon(), NOW, clock);

        List<RecordPosition> read = ofShard(read(range), "shard-0");

        assertThat(read).hasSizeLessThan(90).endsWith(first.records.get(99).position());
        assertThat(range.damages()).singleElement().asString().contains("shard-0 no longer has the record ");
        range.close();
    }

    private List<InputRecord> read(long untilMillis) throws InterruptedException {
        try (StreamRange range = new StreamRange(stream, new ReadFrom.TrimHorizon(), untilMillis, clock)) {
            List<InputRecord> records = read(range);
            assertThat(range.damages()).isEmpty();
            return records;
        }
    }

    private static List<InputRecord> read(StreamRange range) throws InterruptedException {
        List<InputRecord> records = new ArrayList<>();
        RecordBlock block = new RecordBlock(new RecordBlock.Spare());
        for (block.clear(); range.fill(block); block.clear()) {
            for (int i = 0; i < block.count(); i++) {
                records.add(block.record(i));
            }
        }
        return records;
    }

    private static List<RecordPosition> ofShard(List<InputRecord> records, String shard) {
        return records.stream()
                .filter(record -> record.shard().shardId().equals(shard))
                .map(InputRecord::position)
                .toList();
    }

    private static List<RecordPosition> positions(List<RecordedRecord> records) {
        return records.stream().map(RecordedRecord::position).toList();
    }
}
