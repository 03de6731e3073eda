package io.processoptimizer.aws;

import io.processoptimizer.simulate.TelemetryRecord;
import io.processoptimizer.simulate.TelemetrySink;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResultEntry;

/**
 * Puts telemetry on a stream. PutRecords may take some records and refuse others (a shard takes 1,000 a second, or 1 MB): those
 * refused are put again after a pause. While records of a process are refused, later ones of the same batch may overtake them, within
 * the disorder that consumers have to allow for.
 */
public final class KinesisSink implements TelemetrySink {
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(30);
    private static final long FIRST_PAUSE_MILLIS = 50;
    private static final long LONGEST_PAUSE_MILLIS = 2_000;

    /** With the pauses above about two minutes of refusals: then the stream is too small, and somebody must say so. */
    private static final int MAX_ATTEMPTS = 64;

    private final KinesisAsyncClient kinesis;
    private final String stream;

    /** @param clients not closed by this */
    public KinesisSink(AwsClients clients, String stream) {
        this.kinesis = clients.kinesis();
        this.stream = stream;
    }

    @Override
    public void put(List<TelemetryRecord> batch) throws IOException, InterruptedException {
        List<PutRecordsRequestEntry> entries = new ArrayList<>(batch.size());
        for (TelemetryRecord record : batch) {
            entries.add(PutRecordsRequestEntry.builder()
                    .partitionKey(record.partitionKey())
                    .data(SdkBytes.fromByteArrayUnsafe(record.data()))
                    .build());
        }
        long pause = FIRST_PAUSE_MILLIS;
        String why = "";
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            if (attempt > 0) {
                TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextLong(pause / 2, pause + 1));
                pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
            }
            List<PutRecordsRequestEntry> sent = entries;
            PutRecordsResponse answer;
            try {
                answer =
                        Calls.await(kinesis.putRecords(r -> r.streamName(stream).records(sent)), ANSWER_WITHIN);
            } catch (SdkException e) {
                if (!ReliableWrites.mayPass(e)) {
                    throw new IOException("stream " + stream + " does not take records: " + e.getMessage(), e);
                }
                why = e.getMessage() == null ? e.toString() : e.getMessage();
                continue;
            }
            entries = new ArrayList<>();
            for (int i = 0; i < sent.size(); i++) {
                PutRecordsResultEntry result = answer.records().get(i);
                if (result.errorCode() != null) {
                    entries.add(sent.get(i));
                    why = result.errorCode() + ": " + result.errorMessage();
                }
            }
            if (entries.isEmpty()) {
                return;
            }
        }
        throw new IOException("stream " + stream + " refused " + entries.size() + " records " + MAX_ATTEMPTS
                + " times (" + why + "); give it more shards or send fewer records");
    }

    @Override
    public void close() {}
}
