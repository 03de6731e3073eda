package io.processoptimizer.aws;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.kinesis.model.KmsThrottlingException;
import software.amazon.awssdk.services.kinesis.model.LimitExceededException;
import software.amazon.awssdk.services.kinesis.model.ProvisionedThroughputExceededException;

/**
 * Repeats calls that fail for a reason that passes: throttling, errors of the service, the network. Beyond the SDK's own retries; so only
 * for calls that may be made twice.
 */
public final class PatientCalls {
    private static final Logger LOG = LoggerFactory.getLogger(PatientCalls.class);
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(20);
    private static final long FIRST_PAUSE_MILLIS = 200;
    private static final long LONGEST_PAUSE_MILLIS = 10_000;

    /** With the pauses above about a minute and a half: somebody else reads the shard all the time, or the network is down. */
    private static final int MAX_ATTEMPTS = 14;

    private final Duration answerWithin;
    private final int maxAttempts;
    private volatile boolean answered;

    /** For calls that can wait: about a minute and a half of attempts, more where an answer stays away. */
    public PatientCalls() {
        this(ANSWER_WITHIN, MAX_ATTEMPTS);
    }

    private PatientCalls(Duration answerWithin, int maxAttempts) {
        this.answerWithin = answerWithin;
        this.maxAttempts = maxAttempts;
    }

    /** For calls that cannot: one attempt. */
    public static PatientCalls once(Duration answerWithin) {
        return new PatientCalls(answerWithin, 1);
    }

    /**
     * Calls until there is an answer. Only once something has been answered is a broken connection taken for one that passes: before,
     * the address is probably wrong.
     *
     * @param call starts one attempt
     * @throws RuntimeException of the SDK, where the failure lasts
     */
    public <T> T answer(Supplier<CompletableFuture<T>> call) throws InterruptedException {
        long pause = FIRST_PAUSE_MILLIS;
        for (int attempt = 1; ; attempt++) {
            try {
                T answer = Calls.await(call.get(), answerWithin);
                answered = true;
                return answer;
            } catch (SdkException e) {
                if (attempt == maxAttempts || !passes(e)) {
                    throw e;
                }
                LOG.debug("Attempt {} of {}: {}", attempt, maxAttempts, e.getMessage());
            }
            TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextLong(pause / 2, pause + 1));
            pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
        }
    }

    private boolean passes(SdkException e) {
        if (e instanceof AwsServiceException service) {
            return service instanceof ProvisionedThroughputExceededException
                    || service instanceof LimitExceededException
                    || service instanceof KmsThrottlingException
                    || service.isThrottlingException()
                    || service.statusCode() >= 500;
        }
        for (Throwable cause = e; answered && cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException || cause instanceof TimeoutException) {
                return true;
            }
        }
        return false;
    }
}
