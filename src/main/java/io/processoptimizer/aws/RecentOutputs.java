package io.processoptimizer.aws;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.processoptimizer.event.RejectReason;
import java.io.IOException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.Select;

/**
 * The latest outputs of a few processes as their tables hold them, for whoever judges whether they come and what they are worth. Reads
 * little: some items a process.
 *
 * @param results window results of the default window, newest first within a process
 * @param advice advice records, newest first within a process
 * @param adjustments adjustments with their {@code status}, in no order
 * @param letters dead letters by reason since the time that was asked for, of one page at most
 */
public record RecentOutputs(
        List<JsonNode> results, List<JsonNode> advice, List<JsonNode> adjustments, Map<String, Long> letters) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);

    /** Enough to see what is usual; each costs three queries. */
    private static final int MAX_PROCESSES = 10;

    private static final int RESULTS = 10;
    private static final int ADVICE = 20;
    private static final int ADJUSTMENTS = 100;
    private static final int SCANNED = 100;

    /**
     * Reads them.
     *
     * @param processIds whose; empty: of processes that the table of results holds
     * @param sinceMillis dead letters that were first seen then or later, epoch ms
     */
    public static RecentOutputs read(
            DynamoDbAsyncClient dynamo, Tables.Names tables, Collection<String> processIds, long sinceMillis)
            throws InterruptedException, IOException {
        Collection<String> processes = processIds.isEmpty() ? stored(dynamo, tables.results()) : processIds;
        List<JsonNode> results = new ArrayList<>();
        List<JsonNode> advice = new ArrayList<>();
        List<JsonNode> adjustments = new ArrayList<>();
        for (String process : processes.stream().limit(MAX_PROCESSES).toList()) {
            results.addAll(query(
                    dynamo,
                    r -> r.tableName(tables.results())
                            .keyConditionExpression("process_id = :p")
                            .expressionAttributeValues(Map.of(":p", fromS(process)))
                            .scanIndexForward(false)
                            .limit(RESULTS)));
            advice.addAll(byId(dynamo, tables.advice(), process, "advice#", ADVICE));
            adjustments.addAll(byId(dynamo, tables.advice(), process, "adjustment#", ADJUSTMENTS));
        }
        return new RecentOutputs(results, advice, adjustments, letters(dynamo, tables.deadLetters(), sinceMillis));
    }

    private static List<JsonNode> byId(
            DynamoDbAsyncClient dynamo, String table, String process, String prefix, int limit)
            throws InterruptedException, IOException {
        return query(
                dynamo,
                r -> r.tableName(table)
                        .keyConditionExpression("process_id = :p AND begins_with(id, :prefix)")
                        .expressionAttributeValues(Map.of(":p", fromS(process), ":prefix", fromS(prefix)))
                        .scanIndexForward(false)
                        .limit(limit));
    }

    private static List<JsonNode> query(DynamoDbAsyncClient dynamo, Consumer<QueryRequest.Builder> request)
            throws InterruptedException, IOException {
        List<JsonNode> nodes = new ArrayList<>();
        for (Map<String, AttributeValue> item :
                Calls.await(dynamo.query(request), ANSWER_WITHIN).items()) {
            nodes.add(JSON.readTree(JsonItems.json(item)));
        }
        return nodes;
    }

    private static Set<String> stored(DynamoDbAsyncClient dynamo, String table) throws InterruptedException {
        Set<String> processes = new LinkedHashSet<>();
        for (Map<String, AttributeValue> item : Calls.await(
                        dynamo.scan(r -> r.tableName(table)
                                .projectionExpression("process_id")
                                .limit(SCANNED)),
                        ANSWER_WITHIN)
                .items()) {
            AttributeValue key = item.get("process_id");
            if (key != null && !key.s().contains("#")) {
                processes.add(key.s());
            }
        }
        return processes;
    }

    private static Map<String, Long> letters(DynamoDbAsyncClient dynamo, String table, long sinceMillis)
            throws InterruptedException {
        Map<String, Long> counts = new TreeMap<>();
        for (RejectReason reason : RejectReason.values()) {
            int count = Calls.await(
                            dynamo.query(r -> r.tableName(table)
                                    .keyConditionExpression("reason = :r")
                                    .filterExpression("first_seen >= :since")
                                    .expressionAttributeValues(Map.of(
                                            ":r", fromS(reason.label()), ":since", fromN(Long.toString(sinceMillis))))
                                    .scanIndexForward(false)
                                    .select(Select.COUNT)),
                            ANSWER_WITHIN)
                    .count();
            if (count > 0) {
                counts.put(reason.label(), (long) count);
            }
        }
        return counts;
    }

    /**
     * What all workers spent on a language model in a day.
     *
     * @param calls reckoned with
     * @param tokens in and out, reckoned with
     */
    public record Spent(long calls, long tokens) {}

    /** The budget's own count of a day (UTC); zeros where there is none. */
    public static Spent spent(DynamoDbAsyncClient dynamo, String adviceTable, LocalDate day)
            throws InterruptedException {
        Map<String, AttributeValue> item = Calls.await(
                        dynamo.getItem(r -> r.tableName(adviceTable).key(AdviceBudget.keyOfAll(day))), ANSWER_WITHIN)
                .item();
        return new Spent(number(item, "calls"), number(item, "tokens"));
    }

    private static long number(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item.get(name);
        return value == null || value.n() == null ? 0 : Long.parseLong(value.n());
    }
}
