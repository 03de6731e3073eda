package io.processoptimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.kinesis.Aggregates;
import io.processoptimizer.kinesis.Aggregates.Part;
import io.processoptimizer.local.LocalAws;
import io.processoptimizer.local.LocalAwsSettings;
import io.processoptimizer.replay.RecordedLines;
import io.processoptimizer.replay.RecordedLines.Line;
import io.processoptimizer.replay.RecordedRecord;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.Shard;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;

/**
 * The production jar records a stream on the embedded AWS that is written to and split meanwhile, is killed and stopped in the middle,
 * and in the end its folder holds what is on the stream.
 */
class RecordIT {
    private static final String STREAM = "telemetry";
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final long SEED = 11;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    private final LocalAws aws;
    private final KinesisClient kinesis;
    private final SplittableRandom random = new SplittableRandom(SEED);
    private @Nullable Process recorder;

    /** What aggregates hold, by the sequence number of their record. */
    private final Map<String, List<Part>> aggregates = new TreeMap<>();

    RecordIT() throws IOException {
        aws = LocalAws.start(LocalAwsSettings.onAnyPort().withKinesisLimits());
        kinesis = KinesisClient.builder()
                .endpointOverride(aws.endpoint())
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
                .build();
    }

    @AfterEach
    void stop() {
        if (recorder != null) {
            recorder.destroyForcibly();
        }
        kinesis.close();
        aws.close();
    }

    @Test
    void theFolderHoldsTheStreamWhateverHappensToTheRecorder() throws Exception {
        System.out.println("record seed " + SEED);
        kinesis.createStream(r -> r.streamName(STREAM).shardCount(2));
        put(300);
        AtomicBoolean writing = new AtomicBoolean(true);
        Thread producer = new Thread(
                () -> {
                    while (writing.get()) {
                        put(40);
                        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
                    }
                },
                "producer");
        producer.setDaemon(true);
        start("--until", "never");
        awaitRecords(100);
        producer.start();
        kinesis.splitShard(r -> r.streamName(STREAM)
                .shardToSplit("shardId-000000000000")
                .newStartingHashKey(BigInteger.TWO.pow(126).toString()));
        awaitFile("shardId-000000000002");
        running().destroyForcibly().waitFor();

        int before = records();
        start("--until", "never");
        awaitRecords(before + 1);
        running().destroy();
        assertThat(running().waitFor(90, TimeUnit.SECONDS)).isTrue();
        assertThat(running().exitValue()).as(log()).isZero();
        assertThat(log()).contains("Stopped; the same command goes on from here.");
        writing.set(false);
        producer.join();

        start();
        assertThat(running().waitFor(90, TimeUnit.SECONDS)).isTrue();
        assertThat(running().exitValue()).as(log()).isZero();
        Map<String, List<Line>> expected = onTheStream();
        assertThat(expected)
                .containsOnlyKeys(
                        "shardId-000000000000", "shardId-000000000001", "shardId-000000000002", "shardId-000000000003");
        assertThat(RecordedLines.ofFolder(folder())).as("seed %d", SEED).isEqualTo(expected);
    }

    // ---- what is put

    private synchronized void put(int count) {
        List<PutRecordsRequestEntry> entries = new ArrayList<>();
        List<List<Part>> subs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String key = "PROC-" + random.nextInt(12);
            List<Part> parts = parts(key);
            byte[] data = parts.isEmpty() ? plain() : Aggregates.of(parts);
            subs.add(parts);
            entries.add(PutRecordsRequestEntry.builder()
                    .partitionKey(key)
                    .data(SdkBytes.fromByteArray(data))
                    .build());
        }
        var answer = kinesis.putRecords(r -> r.streamName(STREAM).records(entries));
        for (int i = 0; i < count; i++) {
            String sequence = answer.records().get(i).sequenceNumber();
            if (sequence != null && !subs.get(i).isEmpty()) {
                aggregates.put(sequence, subs.get(i));
            }
        }
    }

    /** What a record aggregates; empty: it is a plain one. */
    private List<Part> parts(String key) {
        List<Part> parts = new ArrayList<>();
        switch (random.nextInt(8)) {
            case 0 -> {
                for (int part = 1 + random.nextInt(4); part > 0; part--) {
                    parts.add(new Part(key, "{\"part\":" + part + "}"));
                }
            }
            case 1 -> {
                // Keys that hash all over: most often outside the shard, so that all of it is dropped.
                for (int part = 0; part < 6; part++) {
                    parts.add(new Part("OTHER-" + random.nextInt(), "{}"));
                }
            }
            default -> {}
        }
        return parts;
    }

    private byte[] plain() {
        String text = random.nextInt(6) == 0
                ? "no JSON\n\u0000é"
                : "{\"n\":" + random.nextInt() + ",\"note\":\"" + "x".repeat(random.nextInt(200)) + "é\"}";
        return text.getBytes(StandardCharsets.UTF_8);
    }

    // ---- what must be in the folder

    private Map<String, List<Line>> onTheStream() {
        Map<String, List<Line>> all = new TreeMap<>();
        int dropped = 0;
        int parts = 0;
        for (Shard shard : kinesis.listShards(r -> r.streamName(STREAM)).shards()) {
            List<Line> lines = new ArrayList<>();
            for (Record record : recordsOf(shard)) {
                List<Part> subs = aggregates.get(record.sequenceNumber());
                if (subs == null) {
                    lines.add(line(
                            shard,
                            record,
                            0,
                            record.partitionKey(),
                            record.data().asByteArray()));
                } else if (subs.stream().allMatch(sub -> isIn(shard, sub.partitionKey()))) {
                    for (int i = 0; i < subs.size(); i++) {
                        byte[] data = subs.get(i).text().getBytes(StandardCharsets.UTF_8);
                        lines.add(line(shard, record, i, subs.get(i).partitionKey(), data));
                        parts++;
                    }
                } else {
                    dropped++;
                }
            }
            all.put(shard.shardId(), lines);
        }
        assertThat(dropped).as("aggregates that the worker drops").isPositive();
        assertThat(parts).as("parts of aggregates").isPositive();
        return all;
    }

    private static Line line(Shard shard, Record record, int sub, String key, byte[] data) {
        return Line.of(new RecordedRecord(
                shard.shardId(),
                new RecordPosition(record.sequenceNumber(), sub),
                key,
                record.approximateArrivalTimestamp().toEpochMilli(),
                data));
    }

    private static boolean isIn(Shard shard, String key) {
        BigInteger hash = new BigInteger(1, Aggregates.md5(key.getBytes(StandardCharsets.UTF_8)));
        return hash.compareTo(new BigInteger(shard.hashKeyRange().startingHashKey())) >= 0
                && hash.compareTo(new BigInteger(shard.hashKeyRange().endingHashKey())) <= 0;
    }

    private List<Record> recordsOf(Shard shard) {
        List<Record> records = new ArrayList<>();
        String iterator = kinesis.getShardIterator(r ->
                        r.streamName(STREAM).shardId(shard.shardId()).shardIteratorType(ShardIteratorType.TRIM_HORIZON))
                .shardIterator();
        while (iterator != null) {
            String from = iterator;
            GetRecordsResponse page = kinesis.getRecords(r -> r.shardIterator(from));
            records.addAll(page.records());
            if (page.records().isEmpty() && page.millisBehindLatest() == 0) {
                return records;
            }
            iterator = page.nextShardIterator();
        }
        return records;
    }

    // ---- the recorder

    private Path folder() {
        return directory.resolve("recording");
    }

    private void start(String... more) throws IOException {
        List<String> command = BuiltJar.command(
                "process-optimizer.jar",
                "record",
                "--output",
                "recording",
                "--stream",
                STREAM,
                "--set",
                "aws.endpoint=" + aws.endpoint());
        command.addAll(List.of(more));
        recorder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("recorder.log").toFile()))
                .start();
    }

    private Process running() {
        Process running = recorder;
        if (running == null) {
            throw new IllegalStateException("no recorder was started");
        }
        return running;
    }

    /** While the recorder writes the last member may be there in part, and a reader fails at its end. */
    private void awaitRecords(int count) {
        await().atMost(PATIENCE).ignoreExceptions().until(() -> records() >= count);
    }

    private int records() throws IOException {
        return RecordedLines.ofFolder(folder()).values().stream()
                .mapToInt(List::size)
                .sum();
    }

    private void awaitFile(String shardId) {
        await().atMost(PATIENCE).until(() -> Files.exists(folder().resolve(shardId + ".ndjson.gz")));
    }

    private String log() throws IOException {
        return Files.readString(directory.resolve("recorder.log"));
    }
}
