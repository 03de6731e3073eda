package io.processoptimizer.kinesis;

import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.aws.AwsClients;
import io.processoptimizer.aws.AwsConnection;
import io.processoptimizer.aws.Streams;
import io.processoptimizer.local.LocalAws;
import io.processoptimizer.local.LocalAwsSettings;
import io.processoptimizer.replay.Fetched;
import io.processoptimizer.replay.ReadFrom;
import io.processoptimizer.replay.RecordedRecord;
import io.processoptimizer.replay.RecordedShard;
import io.processoptimizer.replay.ShardReader;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A stream of two shards that are given several times what they take in a second, so that it refuses parts of many requests. */
class OrderedPutsIT {
    private static final String STREAM = "ordered";
    private static final int KEYS = 40;
    private static final int RECORDS = 30;
    private static final int RECORD_BYTES = 10_000;

    @Test
    void whatTheStreamRefusesInPartArrivesOnceAndInTheOrderOfItsKey() throws Exception {
        try (LocalAws aws = LocalAws.start(
                        new LocalAwsSettings(0, null, LocalAwsSettings.DEFAULT_REGION, true, false, null));
                AwsClients clients = new AwsClients(AwsConnection.emulator(aws.endpoint()), false)) {
            aws.awaitReady();
            Streams.createIfMissing(clients, STREAM, 2);
            Map<String, List<Integer>> expected = new TreeMap<>();
            long start = System.nanoTime();
            try (OrderedPuts puts = new OrderedPuts(clients, STREAM)) {
                for (int i = 0; i < RECORDS; i++) {
                    for (int key = 0; key < KEYS; key++) {
                        String text = i + " " + "x".repeat(RECORD_BYTES);
                        puts.put("key-" + key, text.getBytes(StandardCharsets.UTF_8));
                        expected.computeIfAbsent("key-" + key, k -> new ArrayList<>())
                                .add(i);
                    }
                }
                puts.acknowledged().get(2, TimeUnit.MINUTES);
                assertThat(puts.count()).isEqualTo(KEYS * RECORDS);
            }
            // 12 MB through 2 MB/s: had nothing been refused, nothing would have been shown.
            assertThat(System.nanoTime() - start).isGreaterThan(TimeUnit.SECONDS.toNanos(2));
            assertThat(read(clients)).isEqualTo(expected);
        }
    }

    private static Map<String, List<Integer>> read(AwsClients clients) throws Exception {
        Map<String, List<Integer>> read = new TreeMap<>();
        try (KinesisStreamSource source = new KinesisStreamSource(clients, STREAM, Clock.systemUTC())) {
            for (RecordedShard shard : source.describe().shards()) {
                ShardReader reader = source.open(shard.shardId(), new ReadFrom.TrimHorizon());
                Fetched fetched = reader.next();
                while (fetched.millisBehindLatest() > 0 || !fetched.records().isEmpty()) {
                    for (RecordedRecord record : fetched.records()) {
                        String text = new String(record.data(), StandardCharsets.UTF_8);
                        read.computeIfAbsent(record.partitionKey(), key -> new ArrayList<>())
                                .add(Integer.parseInt(text.substring(0, text.indexOf(' '))));
                    }
                    fetched = reader.next();
                }
            }
        }
        return read;
    }
}
