package io.processoptimizer.kinesis;

import io.processoptimizer.aws.AwsClients;
import io.processoptimizer.aws.Calls;
import io.processoptimizer.aws.ReliableWrites;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResultEntry;

/**
 * Puts records on a stream so that those of one key stay in their order, whatever is refused. PutRecords may take some records of a
 * request and refuse others; so a request holds one Kinesis record a key, which packs as many of the key's records as fit, and the
 * next of a key goes only when the one before is acknowledged. What is refused, or whose answer is lost, is put again.
 *
 * <p>Bounded: whoever hands over more than fits waits. One thread puts; any may hand over.
 */
public final class OrderedPuts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OrderedPuts.class);

    /** What waits to be put: a few of the largest requests, so that reading and putting go on side by side. */
    private static final long MAX_WAITING_BYTES = 32L << 20;

    /** Of one Kinesis record with its key, below the stream's limit of 1 MiB by what packing may add. */
    private static final int MAX_RECORD_BYTES = 900_000;

    /** Of PutRecords. */
    private static final int MAX_ENTRIES = 500;

    /** Of PutRecords 5 MiB, keys included. */
    private static final int MAX_REQUEST_BYTES = 4_500_000;

    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(30);
    private static final long FIRST_PAUSE_MILLIS = 50;
    private static final long LONGEST_PAUSE_MILLIS = 5_000;

    /** A stream that takes nothing is reported once in so many attempts, and asked on: what waits is safe where it came from. */
    private static final int REPORT_EVERY = 20;

    private final KinesisAsyncClient kinesis;
    private final String stream;
    private final Map<String, Lane> lanes = new LinkedHashMap<>();
    private final CompletableFuture<Void> failed = new CompletableFuture<>();
    private final Thread putter = new Thread(this::run, "ordered-puts");
    private long waitingBytes;
    private long put;
    private boolean closed;

    /** The records of one key, in their order. */
    private static final class Lane {
        final ArrayDeque<Item> items = new ArrayDeque<>();
    }

    private static final class Item {
        final byte[] data;

        @Nullable
        CompletableFuture<Void> acknowledged;

        Item(byte[] data) {
            this.data = data;
        }
    }

    /** The first records of a lane that go in one Kinesis record. */
    private record Packed(String key, int count, PutRecordsRequestEntry entry, int bytes) {}

    /** @param clients not closed by this */
    public OrderedPuts(AwsClients clients, String stream) {
        this.kinesis = clients.kinesis();
        this.stream = stream;
        putter.setDaemon(true);
        putter.start();
    }

    /** Hands a record over; waits while too much waits. After a failure that lasts it is not taken, and {@link #failed} says why. */
    public synchronized void put(String key, byte[] data) throws InterruptedException {
        while (waitingBytes > MAX_WAITING_BYTES && !isOver()) {
            wait();
        }
        if (!isOver()) {
            lanes.computeIfAbsent(key, k -> new Lane()).items.add(new Item(data));
            waitingBytes += data.length;
            notifyAll();
        }
    }

    /** Completed when everything handed over so far is on the stream; failed where it never will be. */
    public synchronized CompletableFuture<Void> acknowledged() {
        if (isOver()) {
            return failed.isCompletedExceptionally()
                    ? failed.copy()
                    : CompletableFuture.failedFuture(new IllegalStateException("the puts are closed"));
        }
        List<CompletableFuture<Void>> tails = new ArrayList<>();
        for (Lane lane : lanes.values()) {
            Item last = lane.items.getLast();
            CompletableFuture<Void> tail = last.acknowledged;
            if (tail == null) {
                tail = new CompletableFuture<>();
                last.acknowledged = tail;
            }
            tails.add(tail);
        }
        return CompletableFuture.allOf(tails.toArray(CompletableFuture[]::new));
    }

    /** Fails where the stream will never take what waits, with the reason; never completed otherwise. */
    public CompletableFuture<Void> failed() {
        return failed.copy();
    }

    /** Records that the stream has taken. */
    public synchronized long count() {
        return put;
    }

    private boolean isOver() {
        return closed || failed.isDone();
    }

    private void run() {
        try {
            List<Packed> round = nextRound();
            while (!round.isEmpty()) {
                put(round);
                round = nextRound();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            // Whoever hands over would wait for a thread that has ended.
            giveUp(e);
        }
    }

    /** One Kinesis record for each of the keys that waited longest; empty when closed. */
    private synchronized List<Packed> nextRound() throws InterruptedException {
        while (lanes.isEmpty() && !closed) {
            wait();
        }
        List<Packed> round = new ArrayList<>();
        int bytes = 0;
        Iterator<Map.Entry<String, Lane>> waiting = lanes.entrySet().iterator();
        while (!closed && waiting.hasNext() && round.size() < MAX_ENTRIES) {
            Map.Entry<String, Lane> lane = waiting.next();
            Packed packed = pack(lane.getKey(), lane.getValue());
            bytes += packed.bytes();
            if (bytes > MAX_REQUEST_BYTES && !round.isEmpty()) {
                break;
            }
            round.add(packed);
        }
        return round;
    }

    private static Packed pack(String key, Lane lane) {
        int keyBytes = key.getBytes(StandardCharsets.UTF_8).length;
        int bytes = keyBytes;
        List<byte[]> records = new ArrayList<>();
        for (Item item : lane.items) {
            bytes += item.data.length + AggregatedRecord.OVERHEAD_BYTES;
            if (bytes > MAX_RECORD_BYTES && !records.isEmpty()) {
                break;
            }
            records.add(item.data);
        }
        byte[] data = AggregatedRecord.of(key, records);
        PutRecordsRequestEntry entry = PutRecordsRequestEntry.builder()
                .partitionKey(key)
                .data(SdkBytes.fromByteArrayUnsafe(data))
                .build();
        return new Packed(key, records.size(), entry, data.length + keyBytes);
    }

    private void put(List<Packed> round) throws InterruptedException {
        List<Packed> left = round;
        long pause = FIRST_PAUSE_MILLIS;
        for (int attempt = 1; !left.isEmpty(); attempt++) {
            List<Packed> sent = left;
            String why = "";
            try {
                PutRecordsResponse answer = Calls.await(
                        kinesis.putRecords(r -> r.streamName(stream)
                                .records(sent.stream().map(Packed::entry).toList())),
                        ANSWER_WITHIN);
                left = new ArrayList<>();
                for (int i = 0; i < sent.size(); i++) {
                    PutRecordsResultEntry result = answer.records().get(i);
                    if (result.errorCode() == null) {
                        taken(sent.get(i));
                    } else {
                        left.add(sent.get(i));
                        why = result.errorCode() + ": " + result.errorMessage();
                    }
                }
            } catch (SdkException e) {
                if (!ReliableWrites.mayPass(e)) {
                    throw new IllegalStateException(
                            "stream " + stream + " does not take records: " + e.getMessage(), e);
                }
                why = String.valueOf(e.getMessage());
            }
            if (!left.isEmpty()) {
                if (attempt % REPORT_EVERY == 0) {
                    LOG.warn("Stream {} has refused {} records {} times: {}", stream, left.size(), attempt, why);
                }
                TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextLong(pause / 2, pause + 1));
                pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
            }
        }
    }

    private void taken(Packed packed) {
        List<CompletableFuture<Void>> acknowledged = new ArrayList<>();
        synchronized (this) {
            Lane lane = lanes.remove(packed.key());
            if (lane == null) {
                return;
            }
            for (int i = 0; i < packed.count(); i++) {
                Item item = lane.items.removeFirst();
                waitingBytes -= item.data.length;
                if (item.acknowledged != null) {
                    acknowledged.add(item.acknowledged);
                }
            }
            put += packed.count();
            if (!lane.items.isEmpty()) {
                lanes.put(packed.key(), lane); // behind the others: nobody waits for ever
            }
            notifyAll();
        }
        acknowledged.forEach(future -> future.complete(null));
    }

    private void giveUp(Throwable why) {
        List<CompletableFuture<Void>> waiting = new ArrayList<>();
        synchronized (this) {
            for (Lane lane : lanes.values()) {
                for (Item item : lane.items) {
                    if (item.acknowledged != null) {
                        waiting.add(item.acknowledged);
                    }
                }
            }
            failed.completeExceptionally(why);
            notifyAll();
        }
        waiting.forEach(future -> future.completeExceptionally(why));
    }

    /** What still waits stays where it came from, and is read again from there. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        putter.interrupt();
    }
}
