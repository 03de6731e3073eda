package io.processoptimizer.aws;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import io.processoptimizer.advise.AdviceRequest;
import io.processoptimizer.advise.Briefing;
import io.processoptimizer.emit.Adjustment;
import io.processoptimizer.emit.Advice.Change;
import io.processoptimizer.emit.AdviceJson;
import io.processoptimizer.emit.AdviceRecord;
import io.processoptimizer.emit.AdviceRecord.Given;
import io.processoptimizer.emit.AdviceRecord.NotAsked;
import io.processoptimizer.emit.AdviceRecord.Why;
import io.processoptimizer.emit.Effect;
import io.processoptimizer.emit.RecordedAdvice;
import io.processoptimizer.emit.WindowResult;
import io.processoptimizer.event.Control.Parameter;
import io.processoptimizer.event.TelemetryEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;

/**
 * Advice and adjustments as items that are made once and never changed by a result. An adjustment is an outbox entry besides: it is
 * stored as pending, published, then marked as published; or, where it has become too old meanwhile, marked as expired and never
 * sent; or, decided by a rewind, stored as withheld and not sent. A crash between any two of these leads to another publication at the most, and consumers tell it by its id.
 */
final class AdviceTable {
    private static final Logger LOG = LoggerFactory.getLogger(AdviceTable.class);
    private static final String STATUS = "status";
    private static final String PENDING = "pending";
    private static final String PUBLISHED = "published";
    private static final String EXPIRED = "expired";
    private static final String WITHHELD = "withheld";

    /** The greatest generation that decided the adjustment (again); absent where only generation 0 did. */
    private static final String CONFIRMED = "confirmed_generation";

    /** Id of the item of a process that says when its parameters were changed last, and the attribute that does. */
    private static final String CHANGES = "changes";

    private static final String LAST = "last";

    private final DynamoDbAsyncClient dynamo;
    private final String table;
    private final EventPublisher publisher;
    private final Expiry expiry;
    private final Duration maxAge;
    private final Clock clock;

    /** @param maxAge of an adjustment */
    AdviceTable(
            DynamoDbAsyncClient dynamo,
            String table,
            EventPublisher publisher,
            Expiry expiry,
            Duration maxAge,
            Clock clock) {
        this.dynamo = dynamo;
        this.table = table;
        this.publisher = publisher;
        this.expiry = expiry;
        this.maxAge = maxAge;
        this.clock = clock;
    }

    String name(AdviceRecord advice) {
        return advice.id() + " of " + advice.result().processId() + " in table " + table;
    }

    String name(Adjustment adjustment) {
        return adjustment.itemId() + " of " + adjustment.grounds().processId() + " in table " + table;
    }

    /** Stores a record, unless one is stored already; gives the one that is stored then. */
    CompletableFuture<AdviceRecord> record(AdviceRecord advice) {
        Map<String, AttributeValue> item = JsonItems.item(AdviceJson.item(advice));
        expiry.addTo(item);
        return create(item)
                .thenCompose(created -> created ? CompletableFuture.completedFuture(advice) : stored(advice))
                .thenCompose(recorded -> noteChanges(recorded).thenApply(noted -> recorded));
    }

    private CompletableFuture<AdviceRecord> stored(AdviceRecord ours) {
        String process = ours.result().processId();
        return dynamo.getItem(
                        r -> r.tableName(table).key(key(process, ours.id())).consistentRead(true))
                .thenApply(answer -> answer.hasItem() ? readable(answer.item(), ours) : ours);
    }

    /** What is stored, or ours where a newer worker wrote it: a rolling update must not stop the older ones. */
    private static AdviceRecord readable(Map<String, AttributeValue> item, AdviceRecord ours) {
        try {
            return read(item, ours.result());
        } catch (UncheckedIOException e) {
            LOG.warn(
                    "{}; going by what is made of it here {}",
                    String.valueOf(e.getMessage()),
                    ours.result().reference());
            return ours;
        }
    }

    private static AdviceRecord read(Map<String, AttributeValue> item, WindowResult result) {
        try {
            return RecordedAdvice.read(JsonItems.json(item), result);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What is stored of a result's process.
     *
     * @param advice the record on the result; null where there is none yet
     * @param changed end of the window on which each of its parameters was last changed, epoch milliseconds
     */
    record Recorded(@Nullable AdviceRecord advice, Map<String, Long> changed) {
        /** Parameters that were changed within their cooldown, on another window. */
        Set<String> resting(Briefing briefing) {
            long end = briefing.result().endMillis();
            Set<String> resting = new HashSet<>();
            for (Parameter parameter : briefing.control().parameters()) {
                Long last = changed.get(parameter.name());
                if (last != null && last != end && Math.abs(end - last) < parameter.cooldownMillis()) {
                    resting.add(parameter.name());
                }
            }
            return resting;
        }
    }

    /** Looks up what was recorded, in one consistent read. */
    CompletableFuture<Recorded> recorded(WindowResult result) {
        String id = new AdviceRecord(result, new NotAsked(Why.NO_GROUNDS, "")).id();
        KeysAndAttributes keys = KeysAndAttributes.builder()
                .keys(List.of(key(result.processId(), id), key(result.processId(), CHANGES)))
                .consistentRead(true)
                .build();
        return dynamo.batchGetItem(r -> r.requestItems(Map.of(table, keys))).thenApply(answer -> {
            if (!answer.unprocessedKeys().isEmpty()) {
                throw new UncheckedIOException(new IOException("table " + table + " is throttled"));
            }
            AdviceRecord advice = null;
            Map<String, Long> changed = Map.of();
            for (Map<String, AttributeValue> item : answer.responses().getOrDefault(table, List.of())) {
                if (id.equals(item.getOrDefault("id", fromS("")).s())) {
                    advice = read(item, result);
                } else {
                    changed = changes(item);
                }
            }
            return new Recorded(advice, changed);
        });
    }

    private static Map<String, Long> changes(Map<String, AttributeValue> item) {
        Map<String, Long> changed = new HashMap<>();
        AttributeValue ends = item.get(LAST);
        if (ends != null && ends.hasM()) {
            ends.m().forEach((parameter, end) -> changed.put(parameter, Long.parseLong(end.n())));
        }
        return changed;
    }

    /** Remembers when parameters were changed last, so that their cooldowns outlive the worker. */
    private CompletableFuture<?> noteChanges(AdviceRecord recorded) {
        if (!(recorded.outcome() instanceof Given given)
                || given.advice().changes().isEmpty()) {
            return done();
        }
        Map<String, AttributeValue> key = key(recorded.result().processId(), CHANGES);
        AttributeValue end = number(recorded.result().endMillis());
        CompletableFuture<?> noted = Conditions.orElseFine(dynamo.updateItem(r -> r.tableName(table)
                .key(key)
                .updateExpression("SET #last = :none")
                .conditionExpression("attribute_not_exists(#last)")
                .expressionAttributeNames(Map.of("#last", LAST))
                .expressionAttributeValues(Map.of(":none", AttributeValue.fromM(Map.of())))));
        for (Change change : given.advice().changes()) {
            noted = noted.thenCompose(before -> Conditions.orElseFine(dynamo.updateItem(r -> r.tableName(table)
                    .key(key)
                    .updateExpression("SET #last.#parameter = :end")
                    .conditionExpression("attribute_not_exists(#last.#parameter) OR #last.#parameter < :end")
                    .expressionAttributeNames(Map.of("#last", LAST, "#parameter", change.parameter()))
                    .expressionAttributeValues(Map.of(":end", end)))));
        }
        return noted;
    }

    /** Whether an adjustment that rests on the request could only expire. */
    boolean isTooLate(AdviceRequest request, long nowMillis) {
        long arrival = request.closingArrivalMillis();
        return arrival != TelemetryEvent.ABSENT && nowMillis - arrival >= maxAge.toMillis();
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

    String name(Effect effect) {
        return "the effect of " + effect.adjustmentItemId() + " of " + effect.processId() + " in table " + table;
    }

    /**
     * Stores an effect with its adjustment; may be repeated at any point. One of a later generation is kept.
     *
     * @return whether there is such an adjustment, and no such effect of a later generation
     */
    CompletableFuture<Boolean> measured(Effect effect) {
        Map<String, AttributeValue> values = Map.of(
                ":effect", AttributeValue.fromM(JsonItems.item(AdviceJson.effect(effect))),
                ":generation", number(effect.generation()));
        return Conditions.orElseFine(dynamo.updateItem(r -> r.tableName(table)
                .key(key(effect.processId(), effect.adjustmentItemId()))
                .updateExpression("SET #effect = :effect")
                .conditionExpression("attribute_exists(id) AND (attribute_not_exists(#effect.generation)"
                        + " OR #effect.generation <= :generation)")
                .expressionAttributeNames(Map.of("#effect", AdviceJson.EFFECT))
                .expressionAttributeValues(values)));
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
        return key(adjustment.grounds().processId(), adjustment.itemId());
    }

    private static Map<String, AttributeValue> key(String processId, String id) {
        return Map.of("process_id", fromS(processId), "id", fromS(id));
    }

    private static AttributeValue number(long value) {
        return fromN(Long.toString(value));
    }

    private static CompletableFuture<Boolean> done() {
        return CompletableFuture.completedFuture(true);
    }
}
