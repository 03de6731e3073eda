package io.processoptimizer.aws;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import io.processoptimizer.emit.DeadLetter;
import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.event.RejectReason;
import java.io.ByteArrayOutputStream;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/** The dead letters that are stored, for an operator: listed, put together from their parts, and marked as redriven. */
public final class DeadLetters {
    private static final String LISTED = "#reason, id, detail, #shard, #sequence, subsequence, #index, partition_key,"
            + " arrival, first_seen, #bytes, parts, redriven_at, refused_again_at";
    private static final Map<String, String> NAMES = Map.of(
            "#reason", "reason", "#shard", "shard", "#sequence", "sequence", "#index", "index", "#bytes", "bytes");

    private final DynamoDbAsyncClient dynamo;
    private final String table;
    private final PatientCalls calls = new PatientCalls();

    public DeadLetters(DynamoDbAsyncClient dynamo, String table) {
        this.dynamo = dynamo;
        this.table = table;
    }

    /**
     * A stored letter without its bytes.
     *
     * @param letter with empty data
     * @param firstSeenMillis when it was refused first, epoch milliseconds
     * @param bytes length of its data
     * @param parts of how many items it consists, ≥ 1
     * @param redrivenAtMillis when it was put on the stream again last, or null
     * @param refusedAgainAtMillis when it arrived there and was refused again for the same reason, or null
     */
    public record Entry(
            DeadLetter letter,
            long firstSeenMillis,
            long bytes,
            int parts,
            @Nullable Long redrivenAtMillis,
            @Nullable Long refusedAgainAtMillis) {
        /** Whether it is on its way, or was taken: there is nothing to redrive. */
        public boolean isRedriven() {
            return redrivenAtMillis != null
                    && (refusedAgainAtMillis == null || refusedAgainAtMillis < redrivenAtMillis);
        }
    }

    /** Shows every letter of a reason, in the order of their ids. */
    public void each(RejectReason reason, Consumer<Entry> taker) throws InterruptedException {
        Map<String, AttributeValue> after = Map.of();
        do {
            Map<String, AttributeValue> from = after;
            QueryResponse page = calls.answer(() -> dynamo.query(r -> r.tableName(table)
                    .keyConditionExpression("#reason = :reason")
                    .consistentRead(true)
                    .projectionExpression(LISTED)
                    .expressionAttributeNames(NAMES)
                    .expressionAttributeValues(Map.of(":reason", fromS(reason.label())))
                    .exclusiveStartKey(from.isEmpty() ? null : from)));
            for (Map<String, AttributeValue> item : page.items()) {
                // Further parts have no attributes of their own.
                if (item.containsKey("parts")) {
                    taker.accept(entry(reason, item));
                }
            }
            after = page.hasLastEvaluatedKey() ? page.lastEvaluatedKey() : Map.of();
        } while (!after.isEmpty());
    }

    private static Entry entry(RejectReason reason, Map<String, AttributeValue> item) {
        DeadLetter letter = new DeadLetter(
                reason,
                text(item, "detail"),
                text(item, "shard"),
                new RecordPosition(text(item, "sequence"), number(item, "subsequence")),
                (int) number(item, "index"),
                text(item, "partition_key"),
                number(item, "arrival"),
                new byte[0]);
        return new Entry(
                letter,
                number(item, "first_seen"),
                number(item, "bytes"),
                (int) number(item, "parts"),
                item.containsKey("redriven_at") ? number(item, "redriven_at") : null,
                item.containsKey("refused_again_at") ? number(item, "refused_again_at") : null);
    }

    /** The input's bytes, or null where a part of them is not in the table: it expired, or its worker died between two parts. */
    public byte @Nullable [] data(Entry entry) throws InterruptedException {
        ByteArrayOutputStream data = new ByteArrayOutputStream((int) entry.bytes());
        for (int part = 0; part < entry.parts(); part++) {
            Map<String, AttributeValue> key = key(entry, DeadLetterTable.partId(entry.letter(), part));
            Map<String, AttributeValue> item = calls.answer(() ->
                            dynamo.getItem(r -> r.tableName(table).key(key).consistentRead(true)))
                    .item();
            AttributeValue bytes = item == null ? null : item.get("data");
            if (bytes == null) {
                return null;
            }
            data.writeBytes(bytes.b().asByteArrayUnsafe());
        }
        return data.size() == entry.bytes() ? data.toByteArray() : null;
    }

    /** Notes that a letter was put on the stream; one that was deleted meanwhile is left so. */
    public void redriven(Entry entry, long atMillis) throws InterruptedException {
        try {
            calls.answer(() -> dynamo.updateItem(r -> r.tableName(table)
                    .key(key(entry, entry.letter().id()))
                    .updateExpression("SET redriven_at = :at")
                    .conditionExpression("attribute_exists(id)")
                    .expressionAttributeValues(Map.of(":at", fromN(Long.toString(atMillis))))));
        } catch (ConditionalCheckFailedException e) {
            // Expired between the listing and now.
            return;
        }
    }

    private static Map<String, AttributeValue> key(Entry entry, String id) {
        return Map.of("reason", fromS(entry.letter().reason().label()), "id", fromS(id));
    }

    private static String text(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item.get(name);
        return value == null || value.s() == null ? "" : value.s();
    }

    private static long number(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item.get(name);
        return value == null || value.n() == null ? 0 : Long.parseLong(value.n());
    }
}
