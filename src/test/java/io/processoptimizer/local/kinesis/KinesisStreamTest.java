package io.processoptimizer.local.kinesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KinesisStreamTest {
    private final ManualClock clock = new ManualClock();
    private final StreamRegistry registry =
            new StreamRegistry(clock, KinesisLimits.unthrottled(), "us-east-1", "000000000000");

    @ParameterizedTest
    @CsvSource({"1,2", "2,3", "3,6", "6,3", "7,5", "4,4", "8,5", "5,9"})
    void scalingEndsWithEqualRangesWhateverTheStart(int from, int to) {
        KinesisStream stream = registry.create("s", KinesisStream.Mode.PROVISIONED, from);

        stream.scaleTo(to, clock.millis());

        assertThat(open(stream)).extracting(Shard::hashKeys).isEqualTo(HashKeyRange.evenly(to));
        assertThat(stream.openShardCount()).isEqualTo(to);
    }

    @Test
    void anyReshardingsKeepOpenRangesContiguousAtEveryMoment() {
        long seed = 7;
        SplittableRandom random = new SplittableRandom(seed);
        KinesisStream stream = registry.create("s", KinesisStream.Mode.PROVISIONED, 3);
        for (int i = 0; i < 100; i++) {
            clock.advance(Duration.ofMillis(random.nextInt(3)));
            reshard(stream, random);
        }
        List<Shard> all = stream.shards(clock.millis());
        assertThat(all).extracting(Shard::id).doesNotHaveDuplicates();
        long last = all.stream()
                .mapToLong(shard -> shard.place().createdMillis())
                .max()
                .orElseThrow();
        for (long at = stream.createdMillis(); at <= last; at++) {
            ShardFilter filter = new ShardFilter(ShardFilter.Type.AT_TIMESTAMP, "", at);
            List<Shard> shown = all.stream()
                    .filter(shard -> filter.shows(shard, stream.createdMillis()))
                    .sorted(Comparator.comparing(shard -> shard.hashKeys().start()))
                    .toList();
            assertContiguous(shown, "seed " + seed + " at " + at);
        }
        for (Shard shard : all) {
            String parent = shard.place().parent();
            if (parent != null) {
                Shard.Closing closing =
                        Objects.requireNonNull(registry.shard(stream, parent).closing());
                assertThat(new BigInteger(shard.startingSequenceNumber()))
                        .isGreaterThan(new BigInteger(closing.endingSequenceNumber()));
                assertThat(closing.children()).contains(shard);
            }
        }
    }

    private void reshard(KinesisStream stream, SplittableRandom random) {
        List<Shard> open = open(stream);
        int at = random.nextInt(open.size());
        if (open.size() > 1 && at + 1 < open.size() && random.nextBoolean()) {
            stream.merge(open.get(at), open.get(at + 1), open.get(at + random.nextInt(2)), clock.millis());
        } else {
            HashKeyRange range = open.get(at).hashKeys();
            stream.split(open.get(at), range.start().add(range.end()).shiftRight(1), clock.millis());
        }
    }

    @Test
    void everyKeyIsRoutedToTheShardWhoseRangeHoldsItsHash() {
        KinesisStream stream = registry.create("s", KinesisStream.Mode.PROVISIONED, 7);
        for (int i = 0; i < 1_000; i++) {
            BigInteger hash = HashKeyRange.hashOf("key-" + i);
            assertThat(stream.route(hash).hashKeys().contains(hash)).isTrue();
        }
        assertThat(stream.route(BigInteger.ZERO).id()).isEqualTo("shardId-000000000000");
        assertThat(stream.route(HashKeyRange.LAST_KEY).id()).isEqualTo("shardId-000000000006");
    }

    @Test
    void nothingIsLostOrReorderedWhileWritersMeetReshardings() throws Exception {
        StreamRegistry live =
                new StreamRegistry(Clock.systemUTC(), KinesisLimits.unthrottled(), "us-east-1", "000000000000");
        KinesisStream stream = live.create("s", KinesisStream.Mode.PROVISIONED, 2);
        int writers = 4;
        int each = 5_000;
        ExecutorService pool = Executors.newFixedThreadPool(writers);
        List<Future<?>> done = new ArrayList<>();
        for (int w = 0; w < writers; w++) {
            String key = "writer-" + w;
            done.add(pool.submit(() -> {
                for (int i = 0; i < each; i++) {
                    byte[] data = Integer.toString(i).getBytes(StandardCharsets.UTF_8);
                    stream.put(HashKeyRange.hashOf(key), key, data, live.nowMillis());
                }
            }));
        }
        SplittableRandom random = new SplittableRandom(11);
        for (int i = 0; i < 60; i++) {
            reshard(stream, random);
        }
        for (Future<?> writer : done) {
            writer.get();
        }
        pool.shutdown();

        Map<String, Integer> next = new HashMap<>();
        Set<String> numbers = new HashSet<>();
        // Children have higher indexes than their parents, so the order of indexes is an order of lineage.
        for (Shard shard : stream.shards(live.nowMillis())) {
            for (StoredRecord record : everything(shard)) {
                int value = Integer.parseInt(new String(record.data(), StandardCharsets.UTF_8));
                assertThat(value).isEqualTo(next.getOrDefault(record.partitionKey(), 0));
                next.put(record.partitionKey(), value + 1);
                assertThat(numbers.add(shard.sequenceNumberOf(record))).isTrue();
            }
        }
        assertThat(next.values()).hasSize(writers).containsOnly(each);
    }

    @Test
    void recordsAndClosedShardsGoWhenRetentionEnds() {
        KinesisStream stream = registry.create("s", KinesisStream.Mode.PROVISIONED, 1);
        put(stream, "old");
        clock.advance(Duration.ofHours(1));
        put(stream, "younger");
        stream.split(open(stream).get(0), BigInteger.TWO.pow(127), clock.millis());
        Shard parent = registry.shard(stream, "shardId-000000000000");

        clock.advance(Duration.ofHours(23).plusMillis(1));
        assertThat(everything(parent)).hasSize(1);
        assertThat(stream.shards(clock.millis())).hasSize(3);

        clock.advance(Duration.ofHours(1));
        assertThat(stream.shards(clock.millis())).extracting(Shard::isOpen).containsExactly(true, true);
        assertThatThrownBy(() -> registry.shard(stream, "shardId-000000000000")).hasMessageContaining("does not exist");
    }

    @Test
    void fullStorageRefusesWritesUntilRetentionFreesIt() {
        StreamRegistry small = new StreamRegistry(clock, new KinesisLimits(false, 1_000, 10), "us-east-1", "0");
        KinesisStream stream = small.create("s", KinesisStream.Mode.PROVISIONED, 1);
        int cost = StoredRecord.storedBytes("k", new byte[500]);
        small.reserve(cost);
        stream.put(BigInteger.ZERO, "k", new byte[500], clock.millis());

        assertThatThrownBy(() -> small.reserve(cost))
                .isInstanceOf(KinesisException.class)
                .hasMessageContaining("at most 1000 bytes");

        clock.advance(Duration.ofHours(25));
        small.reserve(cost);
        assertThat(small.budget().usedBytes()).isEqualTo(cost);
    }

    @Test
    void deletingAStreamFreesItsStorage() {
        KinesisStream stream = registry.create("s", KinesisStream.Mode.PROVISIONED, 2);
        registry.reserve(StoredRecord.storedBytes("k", new byte[100]));
        stream.put(BigInteger.ZERO, "k", new byte[100], clock.millis());

        registry.delete(stream);

        assertThat(registry.budget().usedBytes()).isZero();
        assertThatThrownBy(() -> put(stream, "after")).hasMessageContaining("just deleted");
    }

    private void put(KinesisStream stream, String text) {
        stream.put(BigInteger.ZERO, "k", text.getBytes(StandardCharsets.UTF_8), clock.millis());
    }

    private List<StoredRecord> everything(Shard shard) {
        Shard.PageBounds bounds = new Shard.PageBounds(
                Integer.MAX_VALUE,
                Long.MAX_VALUE,
                clock.millis() - Duration.ofHours(24).toMillis());
        return shard.read(0, bounds, clock.millis()).records();
    }

    private List<Shard> open(KinesisStream stream) {
        return stream.shards(clock.millis()).stream()
                .filter(Shard::isOpen)
                .sorted(Comparator.comparing(shard -> shard.hashKeys().start()))
                .toList();
    }

    private static void assertContiguous(List<Shard> shards, String description) {
        assertThat(shards.get(0).hashKeys().start()).as(description).isEqualTo(BigInteger.ZERO);
        assertThat(shards.get(shards.size() - 1).hashKeys().end())
                .as(description)
                .isEqualTo(HashKeyRange.LAST_KEY);
        for (int i = 1; i < shards.size(); i++) {
            assertThat(shards.get(i - 1).hashKeys().isFollowedBy(shards.get(i).hashKeys()))
                    .as(description)
                    .isTrue();
        }
    }
}
