package io.processoptimizer.aws;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/** Conditional writes whose refusal says that the work is done already. */
final class Conditions {
    private Conditions() {}

    /** True where the write was made, false where its condition did not hold; fails with everything else. */
    static CompletableFuture<Boolean> orElseFine(CompletableFuture<?> write) {
        return write.handle((answer, thrown) -> {
            Throwable failure = ReliableWrites.unwrap(thrown);
            if (failure == null) {
                return true;
            }
            if (failure instanceof ConditionalCheckFailedException) {
                return false;
            }
            throw new CompletionException(failure);
        });
    }
}
