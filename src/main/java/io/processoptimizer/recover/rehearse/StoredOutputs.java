package io.processoptimizer.recover.rehearse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.processoptimizer.analyse.oee.OeeStatus;
import io.processoptimizer.aws.Calls;
import io.processoptimizer.aws.DeadLetters;
import io.processoptimizer.emit.DeadLetter;
import io.processoptimizer.event.RejectReason;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;

/** What the tables of dead letters and of adjustments hold, in the form in which a replay writes it. */
final class StoredOutputs {
    /** A page has at most 1 MB. */
    private static final Duration PAGE_WITHIN = Duration.ofSeconds(30);

    /** A detail is cut by the table at its first so many characters. */
    private static final int DETAIL_CHARACTERS = 4_096;

    private static final List<String> SAME_AS_THEY_ARE =
            List.of("reason", "id", "shard", "sequence", "subsequence", "index", "arrival");

    private static final AttributeValue NONE = AttributeValue.fromNul(true);

    private final DynamoDbAsyncClient dynamo;

    StoredOutputs(DynamoDbAsyncClient dynamo) {
        this.dynamo = dynamo;
    }

    /** Takes what was read. */
    interface Taker {
        void take(JsonNode node) throws IOException;
    }

    /** A dead letter of a replay with those fields, in that form, that {@link #deadLetters} gives. */
    static JsonNode comparable(ObjectNode line) throws IOException {
        ObjectNode letter = JsonNodeFactory.instance.objectNode();
        SAME_AS_THEY_ARE.forEach(field -> letter.set(field, line.get(field)));
        letter.put("detail", cut(line.path("detail").asText()));
        letter.put("partition_key", line.path("partition_key").asText(""));
        byte[] data = line.has("data")
                ? line.path("data").asText().getBytes(StandardCharsets.UTF_8)
                : line.path("data_base64").binaryValue();
        letter.put("data", Base64.getEncoder().encodeToString(data));
        return letter;
    }

    /** All dead letters of a table; one that lacks a part of its bytes has no data. */
    void deadLetters(String table, Taker taker) throws IOException, InterruptedException {
        DeadLetters letters = new DeadLetters(dynamo, table);
        for (RejectReason reason : RejectReason.values()) {
            List<DeadLetters.Entry> entries = new ArrayList<>();
            letters.each(reason, entries::add);
            for (DeadLetters.Entry entry : entries) {
                taker.take(letter(entry.letter(), letters.data(entry)));
            }
        }
    }

    private static ObjectNode letter(DeadLetter stored, byte @Nullable [] data) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("reason", stored.reason().label())
                .put("id", stored.id())
                .put("shard", stored.shardId())
                .put("sequence", stored.position().sequenceNumber())
                .put("subsequence", stored.position().subSequenceNumber())
                .put("index", stored.index())
                .put("arrival", stored.arrivalMillis())
                .put("detail", cut(stored.detail()))
                .put("partition_key", stored.partitionKey())
                .put("data", data == null ? null : Base64.getEncoder().encodeToString(data));
    }

    private static String cut(String detail) {
        return detail.length() <= DETAIL_CHARACTERS ? detail : detail.substring(0, DETAIL_CHARACTERS);
    }

    /** The event details of all adjustments that a table's outbox says were published. */
    void published(String table, Taker taker) throws IOException, InterruptedException {
        scan(table, item -> {
            if (text(item, "id").startsWith("adjustment#")
                    && text(item, "status").equals("published")) {
                ObjectNode detail = JsonNodeFactory.instance.objectNode();
                for (Map.Entry<String, AttributeValue> field : item.entrySet()) {
                    detail.set(field.getKey(), node(field.getValue()));
                }
                detail.remove(
                        List.of("id", "kind", "window", "generation", "closing_arrival", "status", "status_at", "ttl"));
                taker.take(detail);
            }
        });
    }

    /**
     * What the table of results says of the windows that ended later than an instant.
     *
     * @param windows final results
     * @param belowTarget the share of those that have an OEE whose OEE is below target, 0 … 1; null: none has one
     * @param latestEndMillis the latest end of any window in the table, epoch milliseconds; 0: the table is empty
     */
    record Performance(long windows, @Nullable Double belowTarget, long latestEndMillis) {}

    /** The final results of windows that ended after {@code afterMillis}, epoch milliseconds. */
    Performance performance(String table, long afterMillis) throws IOException, InterruptedException {
        LongSummaryStatistics ends = new LongSummaryStatistics();
        long[] windows = {0};
        Map<String, Long> byStatus = new TreeMap<>();
        scan(table, item -> {
            long end = Long.parseLong(number(item, "timestamp"));
            ends.accept(end);
            if (end > afterMillis
                    && Boolean.TRUE.equals(item.getOrDefault("final", NONE).bool())) {
                windows[0]++;
                byStatus.merge(text(item, "status"), 1L, Long::sum);
            }
        });
        long below = byStatus.getOrDefault(OeeStatus.BELOW_TARGET.label(), 0L);
        long judged = below + byStatus.getOrDefault(OeeStatus.MEETING_TARGET.label(), 0L);
        return new Performance(windows[0], judged == 0 ? null : (double) below / judged, Math.max(0, ends.getMax()));
    }

    /** How many adjustments have each status; those that a rewind took back count as {@code superseded}. */
    Map<String, Integer> adjustmentsByStatus(String table) throws IOException, InterruptedException {
        Map<String, Integer> counts = new TreeMap<>();
        scan(table, item -> {
            if (text(item, "id").startsWith("adjustment#")) {
                String status = item.containsKey("superseded") ? "superseded" : text(item, "status");
                counts.merge(status, 1, Integer::sum);
            }
        });
        return counts;
    }

    private interface Items {
        void take(Map<String, AttributeValue> item) throws IOException;
    }

    private void scan(String table, Items items) throws IOException, InterruptedException {
        Map<String, AttributeValue> after = Map.of();
        // A page after the other: each names where the next begins.
        do {
            Map<String, AttributeValue> from = after;
            ScanResponse page = Calls.await(
                    dynamo.scan(r ->
                            r.tableName(table).consistentRead(true).exclusiveStartKey(from.isEmpty() ? null : from)),
                    PAGE_WITHIN);
            for (Map<String, AttributeValue> item : page.items()) {
                items.take(item);
            }
            after = page.hasLastEvaluatedKey() ? page.lastEvaluatedKey() : Map.of();
        } while (!after.isEmpty());
    }

    private static String text(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item.get(name);
        return value == null || value.s() == null ? "" : value.s();
    }

    private static String number(Map<String, AttributeValue> item, String name) throws IOException {
        AttributeValue value = item.get(name);
        if (value == null || value.n() == null) {
            throw new IOException("an item has no number in " + name);
        }
        return value.n();
    }

    private static JsonNode node(AttributeValue value) {
        return switch (value.type()) {
            case S -> JsonNodeFactory.instance.textNode(value.s());
            case N -> JsonNodeFactory.instance.numberNode(new BigDecimal(value.n()));
            case BOOL -> JsonNodeFactory.instance.booleanNode(value.bool());
            case L -> {
                var array = JsonNodeFactory.instance.arrayNode();
                value.l().forEach(element -> array.add(node(element)));
                yield array;
            }
            case M -> {
                ObjectNode object = JsonNodeFactory.instance.objectNode();
                value.m().forEach((name, field) -> object.set(name, node(field)));
                yield object;
            }
            default -> JsonNodeFactory.instance.nullNode();
        };
    }
}
