package io.processoptimizer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.processoptimizer.aws.AwsClients;
import io.processoptimizer.aws.AwsConnection;
import io.processoptimizer.aws.Calls;
import io.processoptimizer.aws.DeadLetters;
import io.processoptimizer.aws.Streams;
import io.processoptimizer.config.Settings;
import io.processoptimizer.event.RejectReason;
import io.processoptimizer.kinesis.KinesisStreamSource;
import io.processoptimizer.local.LocalAws;
import io.processoptimizer.local.LocalAwsSettings;
import io.processoptimizer.replay.Fetched;
import io.processoptimizer.replay.ReadFrom;
import io.processoptimizer.replay.RecordedRecord;
import io.processoptimizer.replay.RecordedShard;
import io.processoptimizer.replay.ShardReader;
import io.processoptimizer.replay.TrimmedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;

/**
 * A stream of foreign records, several processes a record, under keys that say nothing; the real forwarder as a process of its own,
 * killed on its way and started again; and the stream that it leaves.
 */
class ForwardIT {
    private static final Duration ANSWER = Duration.ofSeconds(60);
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String FROM = "foreign";
    private static final String TO = Settings.DEFAULTS.stream().name();
    private static final int RECORDS = 400;
    private static final int LINES = 7;
    private static final int OBSERVATIONS = 5;
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path directory;

    @Test
    void afterAKillEveryObservationIsOnTheStreamInOrderAndTwiceOnlyUnderTheSameId() throws Exception {
        Files.writeString(directory.resolve("ours.yaml"), """
                records: {at: /obs}
                each: /obs/*
                event:
                  process_id: 0/line
                  timestamp: 0/t
                  good: 0/n
                """);
        try (LocalAws aws = LocalAws.start(LocalAwsSettings.onAnyPort());
                AwsClients clients = new AwsClients(AwsConnection.emulator(aws.endpoint()), false)) {
            aws.awaitReady();
            Streams.createIfMissing(clients, FROM, 1);
            Streams.createIfMissing(clients, TO, 2);
            Map<String, List<Long>> expected = new TreeMap<>();
            put(clients, 0, RECORDS / 2, expected);

            Process first = forwarder(aws);
            Awaitility.await().atMost(PATIENCE).until(() -> !read(clients).isEmpty());
            first.destroyForcibly().onExit().join();
            put(clients, RECORDS / 2, RECORDS, expected);

            Process second = forwarder(aws);
            int wanted = RECORDS * OBSERVATIONS;
            Awaitility.await().atMost(PATIENCE).until(() -> ids(read(clients)).size() == wanted);
            second.destroy();
            assertThat(second.onExit().join().exitValue()).isZero();

            List<RecordedRecord> forwarded = read(clients);
            assertThat(forwarded).as("read again after the kill").hasSizeGreaterThan(wanted);
            assertThat(counts(forwarded)).isEqualTo(expected);
            assertThat(ids(forwarded)).allMatch(id -> id.startsWith(FROM + ":0:"));
            List<String> refused = new ArrayList<>();
            new DeadLetters(clients.dynamo(), Settings.DEFAULTS.outputs().deadLettersTable())
                    .each(
                            RejectReason.MISSING_FIELD,
                            entry -> refused.add(entry.letter().detail()));
            assertThat(refused).singleElement().asString().contains("process_id is missing");
        }
    }

    private Process forwarder(LocalAws aws) throws IOException {
        List<String> arguments = List.of(
                "--from",
                FROM,
                "--set",
                "aws.endpoint=" + aws.endpoint(),
                "--set",
                "input.mappings=" + directory.resolve("ours.yaml"),
                "--set",
                "application.worker_id=forwarder-of-the-test");
        return new ProcessBuilder(OwnJar.command("-Xmx256m", "forward", arguments))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        Path.of("target", "forward-it.log").toFile()))
                .start();
    }

    /** Puts records {@code [from, to)}, and one that nothing reads; each observation counts a number of its own. */
    private static void put(AwsClients clients, int from, int to, Map<String, List<Long>> expected)
            throws InterruptedException {
        List<PutRecordsRequestEntry> entries = new ArrayList<>();
        for (int i = from; i < to; i++) {
            List<String> observations = new ArrayList<>();
            for (int k = 0; k < OBSERVATIONS; k++) {
                long number = (long) i * OBSERVATIONS + k;
                String line = "LINE-" + number % LINES;
                // The same instant for many: nothing but the order of the stream tells them apart.
                observations.add("{\"line\":\"%s\",\"t\":%d,\"n\":%d}"
                        .formatted(line, 1_767_225_600_000L + number / 100, number));
                expected.computeIfAbsent(line, key -> new ArrayList<>()).add(number);
            }
            entries.add(entry("key-" + i % 13, "{\"obs\":[" + String.join(",", observations) + "]}"));
        }
        if (from == 0) {
            entries.add(entry("any", "{\"nothing\":\"reads this\"}"));
        }
        Calls.await(clients.kinesis().putRecords(r -> r.streamName(FROM).records(entries)), ANSWER);
    }

    private static PutRecordsRequestEntry entry(String key, String record) {
        return PutRecordsRequestEntry.builder()
                .partitionKey(key)
                .data(SdkBytes.fromUtf8String(record))
                .build();
    }

    /** All user records of the stream, shard by shard in its order, as the worker would get them. */
    private static List<RecordedRecord> read(AwsClients clients) throws InterruptedException, TrimmedException {
        List<RecordedRecord> records = new ArrayList<>();
        try (KinesisStreamSource source = new KinesisStreamSource(clients, TO, Clock.systemUTC())) {
            for (RecordedShard shard : source.describe().shards()) {
                ShardReader reader = source.open(shard.shardId(), new ReadFrom.TrimHorizon());
                Fetched fetched = reader.next();
                records.addAll(fetched.records());
                while (fetched.millisBehindLatest() > 0 || !fetched.records().isEmpty()) {
                    fetched = reader.next();
                    records.addAll(fetched.records());
                }
            }
        }
        return records;
    }

    private static Set<String> ids(List<RecordedRecord> records) throws IOException {
        Set<String> ids = new LinkedHashSet<>();
        for (RecordedRecord record : records) {
            ids.add(JSON.readTree(record.data()).path("event_id").asText());
        }
        return ids;
    }

    /** What each process counted, in the order of the stream, of each event id the first. */
    private static Map<String, List<Long>> counts(List<RecordedRecord> records) throws IOException {
        Map<String, List<Long>> counts = new TreeMap<>();
        Set<String> seen = new LinkedHashSet<>();
        for (RecordedRecord record : records) {
            JsonNode event = JSON.readTree(record.data());
            assertThat(event.path("process_id").asText()).isEqualTo(record.partitionKey());
            if (seen.add(event.path("event_id").asText())) {
                counts.computeIfAbsent(record.partitionKey(), key -> new ArrayList<>())
                        .add(event.path("good").asLong());
            }
        }
        return counts;
    }
}
