package io.processoptimizer.kinesis;

import io.processoptimizer.event.Calendar;
import io.processoptimizer.event.ProcessDefinition;
import io.processoptimizer.event.ProcessDefinitions;
import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.pipeline.InputRecord;
import io.processoptimizer.pipeline.PipelineSettings.KeyRule;
import io.processoptimizer.pipeline.ShardRange;
import io.processoptimizer.simulate.Delivery;
import io.processoptimizer.simulate.Factory;
import io.processoptimizer.simulate.SimulationOptions;
import io.processoptimizer.simulate.TelemetryRecord;
import java.math.BigInteger;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeSet;

/**
 * A stream as it was written: a factory's records, late, doubled and broken ones among them, in shards that were split and merged
 * meanwhile; some aggregated, two that nobody can process. Two shards at first; the number of a record is its place in the whole.
 */
final class SimulatedStream {
    static final long START = Instant.parse("2026-03-02T06:00:00Z").toEpochMilli();
    private static final int FIRST_NUMBER = 1_000_000;
    private static final int MAX_SHARDS = 5;

    private static final ProcessDefinition STRICTER = new ProcessDefinition(
            "stricter", List.of(), null, null, null, 900_000_000L, 20_000L, 120_000L, Map.of(), 800_000_000L);

    /** Shifts of two minutes, a break in each: several of them in the simulated time. */
    private static final Calendar SHIFTS = shifts();

    private static final ProcessDefinition FIRST = ProcessDefinition.DEFAULT.withCalendar(SHIFTS);
    private static final ProcessDefinition SECOND = STRICTER.withCalendar(SHIFTS);

    /** A new version of the definitions is in force from the middle on. */
    static final ProcessDefinitions DEFINITIONS = (processId, atMillis) -> atMillis < START + 240_000 ? FIRST : SECOND;

    private static Calendar shifts() {
        List<Calendar.Shift> shifts = new ArrayList<>();
        for (int minute = 0; minute < 10; minute += 2) {
            LocalTime start = LocalTime.of(6, minute);
            List<Calendar.Break> pause = List.of(new Calendar.Break(start.plusMinutes(1), start.plusSeconds(80)));
            shifts.add(new Calendar.Shift(
                    "shift " + minute, EnumSet.allOf(DayOfWeek.class), start, start.plusMinutes(2), pause));
        }
        return new Calendar(ZoneOffset.UTC, shifts, List.of(), LocalTime.of(6, 0));
    }

    /** One shard from its opening to its end. */
    static final class Shard {
        final ShardRange range;
        final List<String> parents;
        final List<String> children = new ArrayList<>();
        final List<InputRecord> records = new ArrayList<>();

        /** Records of the stream that were written when it was opened and closed. */
        final int openedAt;

        int closedAt = Integer.MAX_VALUE;

        Shard(ShardRange range, List<String> parents, int openedAt) {
            this.range = range;
            this.parents = parents;
            this.openedAt = openedAt;
        }

        String id() {
            return range.shardId();
        }

        /** Where a closed shard ends, behind its last record. */
        long endingSequence() {
            return (long) FIRST_NUMBER + closedAt;
        }
    }

    final Map<String, Shard> shards = new LinkedHashMap<>();
    final List<InputRecord> all = new ArrayList<>();
    final SortedSet<String> processes = new TreeSet<>();

    /** Half of the streams have keys that are not the process ids. */
    final KeyRule keyRule;

    /** Records that cannot be processed. */
    final List<RecordPosition> poison = new ArrayList<>();

    SimulatedStream(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        keyRule = seed % 2 == 0 ? KeyRule.PROCESS_ID : KeyRule.CONSTANT_PER_PROCESS;
        List<TelemetryRecord> records = new ArrayList<>();
        Factory.events(SimulationOptions.startingAt(Instant.ofEpochMilli(START))
                        .withSeed(seed)
                        .withProcesses(6)
                        .withLength(Duration.ofMinutes(8))
                        .withDelivery(
                                new Delivery(0.3, 0.05, 0.1, 0.05, 0.01, Duration.ofSeconds(5), Duration.ofMinutes(4))))
                .forEachRemaining(records::add);
        BigInteger half = BigInteger.ONE.shiftLeft(127);
        open(BigInteger.ZERO, half.subtract(BigInteger.ONE), List.of(), 0);
        open(half, ShardLease.MAX_HASH_KEY, List.of(), 0);
        int reshards = random.nextInt(8);
        boolean soon = false;
        for (int i = 0; i < records.size(); i++) {
            if (reshards > 0 && random.nextInt(soon ? 20 : records.size() / 6) == 0) {
                reshards--;
                reshard(random, i);
                // One reshard upon the other: a shard may end before anybody has looked at it.
                soon = random.nextBoolean();
            }
            write(records.get(i), i);
        }
        Shard first = shard("shard-0");
        int pair = random.nextInt(Math.max(1, first.records.size() - 1));
        first.records.stream().skip(pair).limit(2).forEach(record -> poison.add(record.position()));
    }

    private Shard open(BigInteger from, BigInteger to, List<String> parents, int at) {
        Shard shard = new Shard(new ShardRange("shard-" + shards.size(), from, to), parents, at);
        shards.put(shard.id(), shard);
        for (String parent : parents) {
            Shard ended = shard(parent);
            ended.children.add(shard.id());
            ended.closedAt = at;
        }
        return shard;
    }

    Shard shard(String id) {
        Shard shard = shards.get(id);
        if (shard == null) {
            throw new IllegalArgumentException("no shard " + id);
        }
        return shard;
    }

    private List<Shard> openShards() {
        return shards.values().stream()
                .filter(shard -> shard.closedAt == Integer.MAX_VALUE)
                .sorted((a, b) -> a.range.startingHashKey().compareTo(b.range.startingHashKey()))
                .toList();
    }

    private void reshard(SplittableRandom random, int at) {
        List<Shard> open = openShards();
        if (open.size() > 1 && (open.size() >= MAX_SHARDS || random.nextBoolean())) {
            int left = random.nextInt(open.size() - 1);
            Shard first = open.get(left);
            Shard second = open.get(left + 1);
            open(first.range.startingHashKey(), second.range.endingHashKey(), List.of(first.id(), second.id()), at);
        } else {
            Shard split = open.get(random.nextInt(open.size()));
            BigInteger from = split.range.startingHashKey();
            BigInteger to = split.range.endingHashKey();
            BigInteger middle = from.add(to).shiftRight(1);
            open(from, middle, List.of(split.id()), at);
            open(middle.add(BigInteger.ONE), to, List.of(split.id()), at);
        }
    }

    private void write(TelemetryRecord record, int number) {
        processes.add(record.partitionKey());
        String key = key(record.partitionKey());
        for (Shard shard : openShards()) {
            if (shard.range.owns(key)) {
                InputRecord written = InputRecord.of(
                        shard.range, position(shard, number), key, record.arrivalMillis(), record.data());
                shard.records.add(written);
                all.add(written);
            }
        }
    }

    private String key(String processId) {
        return (keyRule == KeyRule.PROCESS_ID ? "" : "line of ") + processId;
    }

    /** Whether a shard takes the records of a process. */
    boolean isOf(Shard shard, String processId) {
        return shard.range.owns(key(processId));
    }

    /** Whether the state of one shard may come from another's, or is its own. */
    boolean isOrDescendsFrom(Shard shard, String ancestor) {
        return shard.id().equals(ancestor)
                || shard.parents.stream().anyMatch(parent -> isOrDescendsFrom(shard(parent), ancestor));
    }

    /** Producers aggregate some of the records: these share the sequence number of the first. */
    private static RecordPosition position(Shard shard, int number) {
        if (!shard.records.isEmpty()) {
            RecordPosition last = shard.records.get(shard.records.size() - 1).position();
            if (last.subSequenceNumber() < number % 7 - 2) {
                return new RecordPosition(last.sequenceNumber(), last.subSequenceNumber() + 1);
            }
        }
        return new RecordPosition(String.valueOf(FIRST_NUMBER + number), 0);
    }

    /** The place in the whole of a record, or of the first of those that it is aggregated with. */
    static int number(InputRecord record) {
        return Integer.parseInt(record.position().sequenceNumber()) - FIRST_NUMBER;
    }
}
