package io.processoptimizer.simulate;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/** Where telemetry goes: a stream or a file. Used from one thread. */
public interface TelemetrySink extends Closeable {

    /** Most records of a batch: what one PutRecords call takes. */
    int MAX_BATCH_RECORDS = 500;

    /** Most bytes of a batch, partition keys included: what one PutRecords call takes. */
    int MAX_BATCH_BYTES = 5 * 1024 * 1024;

    /**
     * Hands over records in order of arrival and returns when they are accepted; retries are the sink's.
     *
     * @param batch 1 to {@value #MAX_BATCH_RECORDS} records of at most {@value #MAX_BATCH_BYTES} bytes together; reused
     *     by the caller after the call
     * @throws IOException where the records cannot be delivered
     * @throws InterruptedException where the thread is asked to stop while waiting
     */
    void put(List<TelemetryRecord> batch) throws IOException, InterruptedException;
}
