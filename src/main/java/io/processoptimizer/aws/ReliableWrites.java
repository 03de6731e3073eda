package io.processoptimizer.aws;

import java.io.IOException;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;

/**
 * Writes that are never dropped: a bounded number waits, a bounded number of those is in flight, each is repeated until it succeeds,
 * and whoever submits one more than the bound waits. That wait is the back-pressure into the reading of the stream. A write that can
 * never succeed (refused by the service for what it is) fails its future at once, and the owner must stop rather than go on without
 * it.
 *
 * <p>A submitted write must be idempotent, since an attempt whose answer was lost is made again; and writes may overtake each other.
 */
public final class ReliableWrites implements AutoCloseable {
    /** Writes in flight: enough to hide the latency of one, few enough to share a connection pool. */
    static final int MAX_IN_FLIGHT = 64;

    private static final Logger LOG = LoggerFactory.getLogger(ReliableWrites.class);

    /** The first pause after the SDK's own retries gave up. */
    private static final long FIRST_PAUSE_MILLIS = 200;

    /** The longest pause: a service that comes back is noticed within this. */
    private static final long LONGEST_PAUSE_MILLIS = 10_000;

    /** A lasting failure is reported once in this time, not once a write. */
    private static final long REPORT_EVERY_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final int capacity;
    private final Semaphore room;
    private final Semaphore flights = new Semaphore(MAX_IN_FLIGHT);
    private final Queue<Write> waiting = new ConcurrentLinkedQueue<>();

    /** What follows the others, one after each of them: however many of those wait, it is not held up for good. */
    private final Queue<Write> following = new ConcurrentLinkedQueue<>();

    /** Whether the next to start is one that follows. Touched by the one thread that starts what waits. */
    private boolean followersTurn;

    private final Set<Write> paused = ConcurrentHashMap.newKeySet();
    private final AtomicInteger starting = new AtomicInteger();
    private final ScheduledThreadPoolExecutor pauses;
    private final AtomicLong lastReport = new AtomicLong(System.nanoTime() - REPORT_EVERY_NANOS);
    private volatile boolean closed;

    /** @param capacity most writes that are not yet durable, ≥ 1 */
    public ReliableWrites(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("outputs.queue_capacity must be at least 1, not " + capacity);
        }
        this.capacity = capacity;
        // Fair: shards that hand over results without a pause must not keep out the one thread that hands over advice.
        room = new Semaphore(capacity, true);
        pauses = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "output-retry");
            thread.setDaemon(true);
            return thread;
        });
    }

    private static final class Write {
        final String what;
        final Supplier<? extends CompletableFuture<?>> attempt;
        final CompletableFuture<Void> done = new CompletableFuture<>();

        Write(String what, Supplier<? extends CompletableFuture<?>> attempt) {
            this.what = what;
            this.attempt = attempt;
        }
    }

    /**
     * Hands over a write; waits while the bound is reached.
     *
     * @param what names the write in a message: the table and the key
     * @param attempt one attempt; called again after a failure that may pass
     * @return completed when the write is durable; failed where it can never be, or when this is closed before it is
     * @throws InterruptedException where the caller was interrupted while it waited for room; the write was not taken
     */
    public CompletableFuture<Void> submit(String what, Supplier<? extends CompletableFuture<?>> attempt)
            throws InterruptedException {
        return submit(waiting, what, attempt);
    }

    /** Hands over a write as {@link #submit} does, which shares the flights with those, one by one. */
    public CompletableFuture<Void> submitToFollow(String what, Supplier<? extends CompletableFuture<?>> attempt)
            throws InterruptedException {
        return submit(following, what, attempt);
    }

    private CompletableFuture<Void> submit(
            Queue<Write> queue, String what, Supplier<? extends CompletableFuture<?>> attempt)
            throws InterruptedException {
        room.acquire();
        Write write = new Write(what, attempt);
        queue.add(write);
        startWaiting();
        return write.done;
    }

    /** How many writes are not yet durable. */
    public int pending() {
        return capacity - room.availablePermits();
    }

    /** Starts what may start. One thread at a time; a call that comes meanwhile is served by the one that is at it. */
    private void startWaiting() {
        if (starting.getAndIncrement() != 0) {
            return;
        }
        int served = 1;
        do {
            while (flights.tryAcquire()) {
                Write next = next();
                if (next == null) {
                    flights.release();
                    break;
                }
                attempt(next, FIRST_PAUSE_MILLIS);
            }
            served = starting.addAndGet(-served);
        } while (served != 0);
    }

    private @Nullable Write next() {
        Write follower = followersTurn ? following.poll() : null;
        Write next = follower == null ? waiting.poll() : follower;
        followersTurn = follower == null && next != null;
        return next == null ? following.poll() : next;
    }

    private void attempt(Write write, long pauseMillis) {
        if (closed) {
            finish(write, new IllegalStateException(write.what + " was not written: shutting down"));
            return;
        }
        CompletableFuture<?> call;
        try {
            call = write.attempt.get();
        } catch (RuntimeException e) {
            call = CompletableFuture.failedFuture(e);
        }
        CompletableFuture<?> unused = call.whenComplete((answer, thrown) -> {
            Throwable failure = unwrap(thrown);
            if (failure != null && mayPass(failure)) {
                report(write.what, failure);
                retryLater(write, pauseMillis);
            } else {
                finish(write, failure);
            }
        });
    }

    private void finish(Write write, @Nullable Throwable failure) {
        flights.release();
        room.release();
        if (failure == null) {
            write.done.complete(null);
        } else {
            write.done.completeExceptionally(failure);
        }
        startWaiting();
    }

    private void retryLater(Write write, long pauseMillis) {
        // Jitter, so that writes that failed together do not return together.
        long pause = ThreadLocalRandom.current().nextLong(pauseMillis / 2, pauseMillis + 1);
        long next = Math.min(pauseMillis * 2, LONGEST_PAUSE_MILLIS);
        paused.add(write);
        try {
            var unused = pauses.schedule(
                    () -> {
                        if (paused.remove(write)) {
                            attempt(write, next);
                        }
                    },
                    pause,
                    TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            giveUpPaused();
        }
    }

    /** Whether a later attempt may succeed: everything but a request that the service refuses for what it is. */
    public static boolean mayPass(Throwable failure) {
        if (failure instanceof AwsServiceException service) {
            // Missing tables and permissions are mended while the worker waits; throttling and server errors pass by
            // themselves.
            String code = service.awsErrorDetails() == null
                    ? ""
                    : String.valueOf(service.awsErrorDetails().errorCode());
            return !(code.startsWith("Validation") || code.equals("SerializationException"));
        }
        return failure instanceof SdkClientException || failure instanceof IOException;
    }

    private void report(String what, Throwable failure) {
        long now = System.nanoTime();
        long last = lastReport.get();
        if (!closed && now - last >= REPORT_EVERY_NANOS && lastReport.compareAndSet(last, now)) {
            LOG.warn(
                    "{} could not be written yet and is retried ({} of at most {} wait, then reading pauses): {}",
                    what,
                    pending(),
                    capacity,
                    failure.getMessage());
        }
    }

    static @Nullable Throwable unwrap(@Nullable Throwable thrown) {
        Throwable at = thrown;
        while (at instanceof CompletionException && at.getCause() != null) {
            at = at.getCause();
        }
        return at;
    }

    /** Stops retrying: writes that wait fail; those under way may still succeed. */
    @Override
    public void close() {
        closed = true;
        List<Runnable> unused = pauses.shutdownNow();
        giveUpPaused();
        startWaiting();
    }

    private void giveUpPaused() {
        for (Write write : List.copyOf(paused)) {
            if (paused.remove(write)) {
                // Closed, so the attempt only fails its future, which lets go of whoever waits for it.
                attempt(write, FIRST_PAUSE_MILLIS);
            }
        }
    }
}
