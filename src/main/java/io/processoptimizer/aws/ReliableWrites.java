package io.processoptimizer.aws;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;

/**
 * Writes that are never dropped: a bounded number is in flight, each is repeated until it succeeds, and whoever submits one more than
 * the bound waits. That wait is the back-pressure into the reading of the stream. A write that can never succeed (refused by the
 * service for what it is) fails its future at once, and the owner must stop rather than go on without it.
 *
 * <p>A submitted write must be idempotent, since an attempt whose answer was lost is made again.
 */
public final class ReliableWrites implements AutoCloseable {
    /** Writes in flight: 64 connections' worth of latency hiding, and a bound of some megabytes on what waits in memory. */
    public static final int MAX_IN_FLIGHT = 64;

    private static final Logger LOG = LoggerFactory.getLogger(ReliableWrites.class);

    /** The first pause after the SDK's own retries gave up. */
    private static final long FIRST_PAUSE_MILLIS = 200;

    /** The longest pause: a service that comes back is noticed within this. */
    private static final long LONGEST_PAUSE_MILLIS = 10_000;

    /** A lasting failure is reported once in this time, not once a write. */
    private static final long REPORT_EVERY_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final Semaphore room = new Semaphore(MAX_IN_FLIGHT);
    private final ScheduledThreadPoolExecutor pauses;
    private final AtomicLong lastReport = new AtomicLong(System.nanoTime() - REPORT_EVERY_NANOS);
    private volatile boolean closed;

    public ReliableWrites() {
        pauses = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "output-retry");
            thread.setDaemon(true);
            return thread;
        });
        pauses.setRemoveOnCancelPolicy(true);
    }

    /**
     * Starts a write; waits while the bound is reached.
     *
     * @param what names the write in a message: the table and the key
     * @param attempt one attempt; called again after a failure that may pass
     * @return completed when the write is durable; failed where it can never be, or when this is closed before it is
     * @throws InterruptedException where the caller was interrupted while it waited for room; the write was not started
     */
    public CompletableFuture<Void> submit(String what, Supplier<? extends CompletableFuture<?>> attempt)
            throws InterruptedException {
        room.acquire();
        CompletableFuture<Void> done = new CompletableFuture<>();
        CompletableFuture<Void> unused = done.whenComplete((ok, failed) -> room.release());
        attempt(what, attempt, done, FIRST_PAUSE_MILLIS);
        return done;
    }

    private void attempt(
            String what,
            Supplier<? extends CompletableFuture<?>> attempt,
            CompletableFuture<Void> done,
            long pauseMillis) {
        if (closed) {
            done.completeExceptionally(new IllegalStateException(what + " was not written: shutting down"));
            return;
        }
        CompletableFuture<?> call;
        try {
            call = attempt.get();
        } catch (RuntimeException e) {
            call = CompletableFuture.failedFuture(e);
        }
        CompletableFuture<?> unused = call.whenComplete((ok, thrown) -> {
            Throwable failure = unwrap(thrown);
            if (failure == null) {
                done.complete(null);
            } else if (mayPass(failure)) {
                report(what, failure);
                pauseThenRetry(what, attempt, done, pauseMillis);
            } else {
                done.completeExceptionally(failure);
            }
        });
    }

    private void pauseThenRetry(
            String what,
            Supplier<? extends CompletableFuture<?>> attempt,
            CompletableFuture<Void> done,
            long pauseMillis) {
        // Jitter, so that writes that failed together do not return together.
        long pause = ThreadLocalRandom.current().nextLong(pauseMillis / 2, pauseMillis + 1);
        long next = Math.min(pauseMillis * 2, LONGEST_PAUSE_MILLIS);
        try {
            var unused = pauses.schedule(() -> attempt(what, attempt, done, next), pause, TimeUnit.MILLISECONDS);
        } catch (java.util.concurrent.RejectedExecutionException e) {
            done.completeExceptionally(new IllegalStateException(what + " was not written: shutting down", e));
        }
    }

    /** Whether a later attempt may succeed: everything but a request that the service refuses for what it is. */
    static boolean mayPass(Throwable failure) {
        if (failure instanceof AwsServiceException service) {
            // Missing tables and permissions are mended while the worker waits; throttling and server errors pass by
            // themselves.
            String code = service.awsErrorDetails() == null
                    ? ""
                    : String.valueOf(service.awsErrorDetails().errorCode());
            return !(code.startsWith("Validation") || code.equals("SerializationException"));
        }
        return failure instanceof SdkClientException || failure instanceof java.io.IOException;
    }

    private void report(String what, Throwable failure) {
        long now = System.nanoTime();
        long last = lastReport.get();
        if (now - last >= REPORT_EVERY_NANOS && lastReport.compareAndSet(last, now)) {
            LOG.warn(
                    "{} could not be written yet and is retried; reading waits when {} writes are waiting: {}",
                    what,
                    MAX_IN_FLIGHT,
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

    /** Stops retrying: writes that wait for a retry fail; those under way may still succeed. */
    @Override
    public void close() {
        closed = true;
        for (Runnable waiting : pauses.shutdownNow()) {
            // An attempt after closing fails its future, which lets go of whoever waits for it.
            waiting.run();
        }
    }
}
