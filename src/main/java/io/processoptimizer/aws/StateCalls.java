package io.processoptimizer.aws;

import io.processoptimizer.checkpoint.SnapshotStoreException;
import io.processoptimizer.checkpoint.UnreadableSnapshotException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/** Calls to where states are kept: what may pass is told from what says something about the state. */
final class StateCalls {
    /** A part takes milliseconds; the SDK's retries included, an answer comes within this or the call is given up. */
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(20);

    private final String where;

    StateCalls(String where) {
        this.where = where;
    }

    <T> T await(String what, CompletableFuture<T> call) {
        try {
            return Calls.await(call, ANSWER_WITHIN);
        } catch (ConditionalCheckFailedException | UnreadableSnapshotException e) {
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SnapshotStoreException("interrupted while " + what + " in " + where, e);
        } catch (RuntimeException e) {
            throw new SnapshotStoreException(what + " in " + where + " failed: " + e.getMessage(), e);
        }
    }
}
