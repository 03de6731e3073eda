package io.processoptimizer.aws;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;

/** Waits for the answer of a call, never without a bound. */
public final class Calls {
    private Calls() {}

    /**
     * @param call a call under way
     * @param within the longest wait
     * @return its answer
     * @throws RuntimeException what the call failed with, as the SDK throws it; {@link ApiCallTimeoutException} where no answer came
     */
    public static <T> T await(CompletableFuture<T> call, Duration within) throws InterruptedException {
        try {
            return call.get(within.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            call.cancel(true);
            throw ApiCallTimeoutException.create("no answer from AWS within " + within.toMillis() + " ms", e);
        }
    }
}
