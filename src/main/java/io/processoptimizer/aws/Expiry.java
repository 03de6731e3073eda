package io.processoptimizer.aws;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * When a new item may be deleted by DynamoDB.
 *
 * @param after so long after it was written; null: never
 * @param clock wall clock
 */
record Expiry(@Nullable Duration after, Clock clock) {
    void addTo(Map<String, AttributeValue> item) {
        if (after != null) {
            long second = clock.instant().plus(after).getEpochSecond();
            item.put(Tables.TTL_ATTRIBUTE, AttributeValue.fromN(Long.toString(second)));
        }
    }
}
