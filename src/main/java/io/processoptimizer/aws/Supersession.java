package io.processoptimizer.aws;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/**
 * The stored results and adjustments of a stretch of event time that is computed again: how many there are, and the mark
 * {@code superseded} on those that the new generation did not decide again. A mark is set on condition that the item is still as it was
 * seen; a newer result replaces the item, and the mark with it. Where the rewind is taken back its marks are lifted.
 */
public final class Supersession {
    private static final String MARK = "superseded";
    private static final String CONFIRMED = "confirmed_generation";

    /** Bits of {@link io.processoptimizer.emit.WindowResult#rank()}. */
    private static final int GENERATION_SHIFT = 33;

    private static final long COMPLETE = 1L << 32;

    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(20);

    private final DynamoDbAsyncClient dynamo;
    private final String results;
    private final String advice;

    /**
     * @param results table of window results
     * @param advice table of advice and adjustments
     */
    public Supersession(DynamoDbAsyncClient dynamo, String results, String advice) {
        this.dynamo = dynamo;
        this.results = results;
        this.advice = advice;
    }

    /**
     * What is computed again of one window definition of one process. Epoch milliseconds.
     *
     * @param processId the process
     * @param window empty for the default window, which makes adjustments
     * @param afterEnd windows that end later
     * @param fromStart and start then or later: earlier ones cannot be complete
     * @param untilEnd and end then or earlier
     */
    public record Stretch(String processId, String window, long afterEnd, long fromStart, long untilEnd) {
        private String key() {
            return window.isEmpty() ? processId : processId + "#" + window;
        }
    }

    /**
     * What was found.
     *
     * @param earlier complete results of earlier generations
     * @param renewed complete results of this generation
     * @param superseded of the earlier ones, those that are marked
     * @param adjustments of earlier generations, not decided again
     * @param withheld adjustments of this generation that were not published
     */
    public record Count(long earlier, long renewed, long superseded, long adjustments, long withheld) {
        public static final Count NONE = new Count(0, 0, 0, 0, 0);

        /** The results of this time, and the marks of a longer one. */
        public Count markedAsIn(Count longer) {
            return new Count(
                    earlier,
                    renewed,
                    Math.max(superseded, longer.superseded),
                    Math.max(adjustments, longer.adjustments),
                    Math.max(withheld, longer.withheld));
        }

        public Count plus(Count other) {
            return new Count(
                    earlier + other.earlier,
                    renewed + other.renewed,
                    superseded + other.superseded,
                    adjustments + other.adjustments,
                    withheld + other.withheld);
        }
    }

    /** Counts, and changes nothing. */
    public Count count(Stretch stretch, long generation) throws InterruptedException {
        return visit(stretch, generation, false);
    }

    /** Marks what the generation did not decide again, and counts; may be repeated. */
    public Count mark(Stretch stretch, long generation) throws InterruptedException {
        return visit(stretch, generation, true);
    }

    /** Takes the marks of a generation back; may be repeated. */
    public void lift(Stretch stretch, long generation) throws InterruptedException {
        List<CompletableFuture<Boolean>> lifts = new ArrayList<>();
        query(resultsOf(stretch), item -> {
            if (number(item, MARK) == generation) {
                lifts.add(lift(results, keyOf(item, "timestamp"), generation));
            }
        });
        if (stretch.window().isEmpty()) {
            query(adjustmentsOf(stretch.processId()), item -> {
                if (number(item, MARK) == generation) {
                    lifts.add(lift(advice, keyOf(item, "id"), generation));
                }
            });
        }
        for (CompletableFuture<Boolean> lift : lifts) {
            boolean unused = Calls.await(lift, ANSWER_WITHIN);
        }
    }

    private CompletableFuture<Boolean> lift(String table, Map<String, AttributeValue> key, long generation) {
        return Conditions.orElseFine(dynamo.updateItem(r -> r.tableName(table)
                .key(key)
                .updateExpression("REMOVE " + MARK)
                .conditionExpression(MARK + " = :generation")
                .expressionAttributeValues(Map.of(":generation", fromN(Long.toString(generation))))));
    }

    private static Map<String, AttributeValue> keyOf(Map<String, AttributeValue> item, String sortKey) {
        Map<String, AttributeValue> key = new HashMap<>(item);
        key.keySet().retainAll(Set.of("process_id", sortKey));
        return key;
    }

    private Count visit(Stretch stretch, long generation, boolean marking) throws InterruptedException {
        long[] counts = new long[5];
        List<CompletableFuture<Boolean>> marks = new ArrayList<>();
        query(resultsOf(stretch), item -> {
            long rank = number(item, ResultTable.RANK);
            long of = rank >> GENERATION_SHIFT;
            if ((rank & COMPLETE) == 0 || number(item, "window_start") < stretch.fromStart()) {
                return;
            }
            if (of >= generation) {
                counts[1] += of == generation ? 1 : 0;
                return;
            }
            counts[0]++;
            if (item.containsKey(MARK)) {
                counts[2]++;
            } else if (marking) {
                counts[2]++;
                marks.add(markResult(item, generation));
            }
        });
        if (stretch.window().isEmpty()) {
            query(adjustmentsOf(stretch.processId()), item -> {
                long end = number(item, "window_end");
                boolean inside = end > stretch.afterEnd()
                        && end <= stretch.untilEnd()
                        && number(item, "window_start") >= stretch.fromStart();
                if (!inside) {
                    return;
                }
                long of = number(item, "generation");
                if (of >= generation || number(item, CONFIRMED) >= generation) {
                    counts[4] += of == generation && "withheld".equals(text(item, "status")) ? 1 : 0;
                    return;
                }
                counts[3]++;
                if (marking && !item.containsKey(MARK)) {
                    marks.add(markAdjustment(item, generation));
                }
            });
        }
        for (CompletableFuture<Boolean> mark : marks) {
            if (!Calls.await(mark, ANSWER_WITHIN)) {
                // A newer result came in between: it is not superseded after all.
                counts[2]--;
            }
        }
        return new Count(counts[0], counts[1], Math.max(0, counts[2]), counts[3], counts[4]);
    }

    private QueryRequest resultsOf(Stretch stretch) {
        return QueryRequest.builder()
                .tableName(results)
                .consistentRead(true)
                .keyConditionExpression("process_id = :key AND #timestamp BETWEEN :from AND :to")
                .projectionExpression("process_id, #timestamp, window_start, #rank, " + MARK)
                .expressionAttributeNames(Map.of("#timestamp", "timestamp", "#rank", ResultTable.RANK))
                .expressionAttributeValues(Map.of(
                        ":key", fromS(stretch.key()),
                        ":from", fromN(Long.toString(stretch.afterEnd() + 1)),
                        ":to", fromN(Long.toString(Math.max(stretch.untilEnd(), stretch.afterEnd() + 1)))))
                .build();
    }

    private QueryRequest adjustmentsOf(String processId) {
        return QueryRequest.builder()
                .tableName(advice)
                .consistentRead(true)
                .keyConditionExpression("process_id = :key AND begins_with(id, :adjustment)")
                .projectionExpression(
                        "process_id, id, window_start, window_end, generation, #status, " + CONFIRMED + ", " + MARK)
                .expressionAttributeNames(Map.of("#status", "status"))
                .expressionAttributeValues(Map.of(":key", fromS(processId), ":adjustment", fromS("adjustment#")))
                .build();
    }

    private void query(QueryRequest request, Consumer<Map<String, AttributeValue>> items) throws InterruptedException {
        Map<String, AttributeValue> after = Map.of();
        // A page after the other: each names where the next begins.
        do {
            Map<String, AttributeValue> from = after;
            QueryResponse page = Calls.await(
                    dynamo.query(request.toBuilder()
                            .exclusiveStartKey(from.isEmpty() ? null : from)
                            .build()),
                    ANSWER_WITHIN);
            page.items().forEach(items);
            after = page.hasLastEvaluatedKey() ? page.lastEvaluatedKey() : Map.of();
        } while (!after.isEmpty());
    }

    private CompletableFuture<Boolean> markResult(Map<String, AttributeValue> item, long generation) {
        return Conditions.orElseFine(dynamo.updateItem(r -> r.tableName(results)
                .key(keyOf(item, "timestamp"))
                .updateExpression("SET " + MARK + " = :generation")
                .conditionExpression("#rank = :rank")
                .expressionAttributeNames(Map.of("#rank", ResultTable.RANK))
                .expressionAttributeValues(Map.of(
                        ":generation",
                        fromN(Long.toString(generation)),
                        ":rank",
                        fromN(Long.toString(number(item, ResultTable.RANK)))))));
    }

    private CompletableFuture<Boolean> markAdjustment(Map<String, AttributeValue> item, long generation) {
        return Conditions.orElseFine(dynamo.updateItem(r -> r.tableName(advice)
                        .key(keyOf(item, "id"))
                        .updateExpression("SET " + MARK + " = :generation")
                        .conditionExpression("attribute_exists(id) AND (attribute_not_exists(" + CONFIRMED + ") OR "
                                + CONFIRMED + " < :generation)")
                        .expressionAttributeValues(Map.of(":generation", fromN(Long.toString(generation))))))
                .thenApply(marked -> true);
    }

    private static long number(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item.get(name);
        return value == null || value.n() == null ? 0 : Long.parseLong(value.n());
    }

    private static String text(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item.get(name);
        return value == null || value.s() == null ? "" : value.s();
    }
}
