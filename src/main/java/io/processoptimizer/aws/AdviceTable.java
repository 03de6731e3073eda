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
 * sent; or, decided by a rewind, stored as withheld and not sent. A crash between any two of these leads to another publication at the most, and consumers tell it by its id.
 */
final class AdviceTable {
    private static final String STATUS = "status";
    private static final String PENDING = "pending";
    private static final String PUBLISHED = "published";
    private static final String EXPIRED = "expired";
    private static final String WITHHELD = "withheld";

    /** The greatest generation that decided the adjustment (again); absent where only generation 0 did. */
    private static final String CONFIRMED = "confirmed_generation";

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

    /**
     * Stores an adjustment and sees to it that it is published or has expired, or stores it only; may be repeated at any point. One that is
     * stored already stays as it is, apart from the generation that confirmed it.
     */
    CompletableFuture<Boolean> deliver(Adjustment adjustment) {
        Map<String, AttributeValue> item = JsonItems.item(AdviceJson.item(adjustment));
        long generation = adjustment.grounds().generation();
        String status = adjustment.withheld() ? WITHHELD : adjustment.isExpired(clock.millis()) ? EXPIRED : PENDING;
        item.put(STATUS, fromS(status));
        if (generation > 0) {
            item.put(CONFIRMED, number(generation));
        }
        expiry.addTo(item);
        return create(item).thenCompose(created -> {
            if (created) {
                return status.equals(PENDING) ? publish(adjustment) : done();
            }
            CompletableFuture<Boolean> confirmed = generation > 0 ? confirm(adjustment) : done();
            return confirmed.thenCompose(now -> adjustment.withheld() ? done() : publishWhereUnsent(adjustment));
        });
    }

    private CompletableFuture<Boolean> confirm(Adjustment adjustment) {
        return Conditions.orElseFine(dynamo.updateItem(r -> r.tableName(table)
                .key(key(adjustment))
                .updateExpression("SET #confirmed = :generation")
                .conditionExpression(
                        "attribute_exists(id) AND (attribute_not_exists(#confirmed) OR #confirmed < :generation)")
                .expressionAttributeNames(Map.of("#confirmed", CONFIRMED))
                .expressionAttributeValues(
                        Map.of(":generation", number(adjustment.grounds().generation())))));
    }

    private CompletableFuture<Boolean> create(Map<String, AttributeValue> item) {
        return Conditions.orElseFine(
                dynamo.putItem(r -> r.tableName(table).item(item).conditionExpression("attribute_not_exists(id)")));
    }

    /** One that an earlier rewind withheld is sent where it is decided again to be sent. */
    private CompletableFuture<Boolean> publishWhereUnsent(Adjustment adjustment) {
        return dynamo.getItem(r -> r.tableName(table).key(key(adjustment)).consistentRead(true))
                .thenCompose(answer -> {
                    AttributeValue status = answer.item().get(STATUS);
                    boolean unsent = status != null && (PENDING.equals(status.s()) || WITHHELD.equals(status.s()));
                    return unsent ? publish(adjustment) : done();
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
        values.put(":withheld", fromS(WITHHELD));
        values.put(":now", number(clock.millis()));
        return Conditions.orElseFine(dynamo.updateItem(r -> r.tableName(table)
                .key(key(adjustment))
                .updateExpression("SET #status = :status, status_at = :now")
                .conditionExpression("#status = :pending OR #status = :withheld")
                .expressionAttributeNames(Map.of("#status", STATUS))
                .expressionAttributeValues(values)));
    }

    private static Map<String, AttributeValue> key(Adjustment adjustment) {
        return Map.of("process_id", fromS(adjustment.grounds().processId()), "id", fromS(adjustment.itemId()));
    }

    private static AttributeValue number(long value) {
        return fromN(Long.toString(value));
    }

    private static CompletableFuture<Boolean> done() {
        return CompletableFuture.completedFuture(true);
    }
}
