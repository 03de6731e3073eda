package io.processoptimizer.recover.redrive;

import io.processoptimizer.aws.AwsClients;
import io.processoptimizer.aws.Calls;
import io.processoptimizer.aws.PatientCalls;
import io.processoptimizer.pipeline.ShardRange;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.ListShardsResponse;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.Shard;

/** The stream, for an operator's records: what it takes, and putting them. */
public final class RedriveStream {
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(30);
    private static final long DEFAULT_MAX_RECORD_BYTES = 1 << 20;
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 5_000;

    /** With the pauses above about a minute: a stream that refuses for longer is at its limit by its own producers. */
    private static final int MAX_ATTEMPTS = 16;

    private final KinesisAsyncClient kinesis;
    private final String stream;
    private final PatientCalls calls = new PatientCalls();

    public RedriveStream(AwsClients clients, String stream) {
        this.kinesis = clients.kinesis();
        this.stream = stream;
    }

    /** Bytes of the longest record that it takes, its key included. */
    long maxRecordBytes() throws InterruptedException {
        Integer kib = calls.answer(() -> kinesis.describeStreamSummary(r -> r.streamName(stream)))
                .streamDescriptionSummary()
                .maxRecordSizeInKiB();
        return kib == null ? DEFAULT_MAX_RECORD_BYTES : kib * 1024L;
    }

    /** The shards that take records. */
    List<ShardRange> openShards() throws InterruptedException {
        List<ShardRange> open = new ArrayList<>();
        String next = null;
        do {
            String token = next;
            ListShardsResponse page = calls.answer(() -> kinesis.listShards(
                    r -> r.streamName(token == null ? stream : null).nextToken(token)));
            for (Shard shard : page.shards()) {
                if (shard.sequenceNumberRange().endingSequenceNumber() == null) {
                    open.add(new ShardRange(
                            shard.shardId(),
                            new BigInteger(shard.hashKeyRange().startingHashKey()),
                            new BigInteger(shard.hashKeyRange().endingHashKey())));
                }
            }
            next = page.nextToken();
        } while (next != null);
        return open;
    }

    /**
     * Puts records in their order, as far as the stream takes them; those that it refuses are tried again after a pause.
     *
     * @param records at most 500, with a partition key and a record each
     * @return the indexes of those that the stream has
     * @throws IOException where it takes none of them, with the reason
     */
    Set<Integer> put(List<Outlook> records) throws IOException, InterruptedException {
        Set<Integer> taken = new HashSet<>();
        List<Integer> open = new ArrayList<>();
        for (int i = 0; i < records.size(); i++) {
            open.add(i);
        }
        String why = "";
        long pause = FIRST_PAUSE_MILLIS;
        for (int attempt = 1; attempt <= MAX_ATTEMPTS && !open.isEmpty(); attempt++) {
            if (attempt > 1) {
                TimeUnit.MILLISECONDS.sleep(pause);
                pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
            }
            List<PutRecordsRequestEntry> entries =
                    open.stream().map(index -> entry(records.get(index))).toList();
            PutRecordsResponse answer =
                    Calls.await(kinesis.putRecords(r -> r.streamName(stream).records(entries)), ANSWER_WITHIN);
            List<Integer> refused = new ArrayList<>();
            for (int i = 0; i < entries.size(); i++) {
                String error = answer.records().get(i).errorCode();
                if (error == null) {
                    taken.add(open.get(i));
                } else {
                    refused.add(open.get(i));
                    why = error + ": " + answer.records().get(i).errorMessage();
                }
            }
            open = refused;
        }
        if (taken.isEmpty() && !records.isEmpty()) {
            throw new IOException("stream " + stream + " refused " + records.size() + " records " + MAX_ATTEMPTS
                    + " times (" + why + "); give it more shards or run this again with a lower --rate");
        }
        return taken;
    }

    private static PutRecordsRequestEntry entry(Outlook outlook) {
        @Nullable String key = outlook.partitionKey();
        byte @Nullable [] record = outlook.record();
        if (key == null || record == null) {
            throw new IllegalArgumentException("not to be put: " + outlook.detail());
        }
        return PutRecordsRequestEntry.builder()
                .partitionKey(key)
                .data(SdkBytes.fromByteArrayUnsafe(record))
                .build();
    }
}
