package io.processoptimizer.aws;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import io.processoptimizer.emit.Adjustment;
import io.processoptimizer.emit.AdviceJson;
import io.processoptimizer.emit.AdviceRecord;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Advice and adjustments as items that are made once and never changed by a result. An adjustment is an outbox entry besides: it is
 * stored as pending, published, then marked as published; or, where it has become too old meanwhile, marked as expired and never
 * sent. A crash between any two of these leads to another publication at the most, and consumers tell it by its id.
 */
final class AdviceTable {
    private static final String STATUS = "status";
    private static final String PENDING = "pending";
    private static final String PUBLISHED = "published";
    private static final String EXPIRED = "expired";

    private final DynamoDbAsyncClient dynamo;
    private final String table;
    private final EventPublisher publisher;
    private final Expiry expiry;
    private final Clock clock;

    AdviceTable(DynamoDbAsyncClient dynamo, String table, EventPublisher publisher, Expiry expiry, Clock clock) {
        this.dynamo = dynamo;
        this.table = table;
        this.publisher = publisher;
        this.expiry = expiry;
        this.clock = clock;
    }

    String name(AdviceRecord advice) {
        return advice.id() + " of " + advice.result().processId() + " in table " + table;
    }

    String name(Adjustment adjustment) {
        return adjustment.itemId() + " of " + adjustment.grounds().processId() + " in table " + table;
    }

    /** Stores a record; the first writer wins. */
    CompletableFuture<?> write(AdviceRecord advice) {
        Map<String, AttributeValue> item = JsonItems.item(AdviceJson.item(advice));
        expiry.addTo(item);
        return create(item);
    }

    /** Stores an adjustment and sees to it that it is published or has expired; may be repeated at any point. */
    CompletableFuture<Boolean> deliver(Adjustment adjustment) {
        Map<String, AttributeValue> item = JsonItems.item(AdviceJson.item(adjustment));
        boolean late = adjustment.isExpired(clock.millis());
        item.put(STATUS, fromS(late ? EXPIRED : PENDING));
        expiry.addTo(item);
        return create(item).thenCompose(created -> {
            if (created) {
                return late ? done() : publish(adjustment);
            }
            return isPending(adjustment).thenCompose(pending -> pending ? publish(adjustment) : done());
        });
    }

    private CompletableFuture<Boolean> create(Map<String, AttributeValue> item) {
        return Conditions.orElseFine(
                dynamo.putItem(r -> r.tableName(table).item(item).conditionExpression("attribute_not_exists(id)")));
    }

    private CompletableFuture<Boolean> isPending(Adjustment adjustment) {
        return dynamo.getItem(r -> r.tableName(table).key(key(adjustment)).consistentRead(true))
                .thenApply(answer -> {
                    AttributeValue status = answer.item().get(STATUS);
                    return status != null && PENDING.equals(status.s());
                });
    }

    private CompletableFuture<Boolean> publish(Adjustment adjustment) {
        long now = clock.millis();
        if (adjustment.isExpired(now)) {
            return mark(adjustment, EXPIRED);
        }
        String detail = new String(AdviceJson.event(adjustment), StandardCharsets.UTF_8);
        return publisher
                .publish(detail, Instant.ofEpochMilli(now), adjustment.grounds().processId())
                .thenCompose(taken -> mark(adjustment, PUBLISHED));
    }

    private CompletableFuture<Boolean> mark(Adjustment adjustment, String status) {
        Map<String, AttributeValue> values = new HashMap<>();
        values.put(":status", fromS(status));
        values.put(":pending", fromS(PENDING));
        values.put(":now", fromN(Long.toString(clock.millis())));
        return Conditions.orElseFine(dynamo.updateItem(r -> r.tableName(table)
                .key(key(adjustment))
                .updateExpression("SET #status = :status, status_at = :now")
                .conditionExpression("#status = :pending")
                .expressionAttributeNames(Map.of("#status", STATUS))
                .expressionAttributeValues(values)));
    }

    private static Map<String, AttributeValue> key(Adjustment adjustment) {
        return Map.of("process_id", fromS(adjustment.grounds().processId()), "id", fromS(adjustment.itemId()));
    }

    private static CompletableFuture<Boolean> done() {
        return CompletableFuture.completedFuture(true);
    }
}
