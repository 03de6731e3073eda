package io.processoptimizer.aws;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Calls and tokens that may be spent on advice in a day (UTC), per process and by all workers together. The counts are items of the
 * advice table, so they outlive every worker and are common to all. A call is counted before it is made, with the most tokens that it
 * can come to; what it did not need is given back. Thread safe.
 */
public final class AdviceBudget {
    private static final String ALL = "*";
    private static final String CALLS = "calls";
    private static final String TOKENS = "tokens";

    /** Of no use after its day; two more for whoever looks. */
    private static final Duration KEPT = Duration.ofDays(3);

    /** As many processes as a shard holds by default; beyond it the table is asked each time. */
    private static final int MAX_REMEMBERED = 20_000;

    private final DynamoDbAsyncClient dynamo;
    private final String table;
    private final Limits limits;
    private final Clock clock;

    /**
     * The minute that {@link #spent} is about. No longer: what was reckoned with and not needed is given back, here and by other workers.
     */
    private Instant minute = Instant.EPOCH;

    private final Set<String> spent = new HashSet<>();

    /**
     * Most that is spent in a day.
     *
     * @param calls by all processes together
     * @param tokens in and out, by all processes together
     * @param processCalls by one process
     * @param processTokens by one process
     */
    public record Limits(int calls, int tokens, int processCalls, int processTokens) {}

    AdviceBudget(DynamoDbAsyncClient dynamo, String table, Limits limits, Clock clock) {
        this.dynamo = dynamo;
        this.table = table;
        this.limits = limits;
        this.clock = clock;
    }

    /**
     * What is spent of a day's budget.
     *
     * @param calls by all processes and workers together
     * @param tokens likewise; of a call under way the most that it can need
     */
    public record Spent(long calls, long tokens) {}

    /** What is spent today; eventually consistent, one read unit. */
    CompletableFuture<Spent> spent() {
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        return dynamo.getItem(r -> r.tableName(table).key(key(ALL, today)))
                .thenApply(answer -> new Spent(count(answer.item(), CALLS), count(answer.item(), TOKENS)));
    }

    private static long count(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item.get(name);
        return value == null ? 0 : Long.parseLong(value.n());
    }

    Limits limits() {
        return limits;
    }

    /**
     * What was taken.
     *
     * @param tokens that were reckoned with
     * @param refusal null where the call may be made, else why not, for a person
     */
    record Taken(
            String processId,
            LocalDate day,
            long tokens,
            @Nullable String refusal) {}

    CompletableFuture<Taken> take(String processId, long tokens) {
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        String known = knownRefusal(processId);
        if (known != null) {
            return CompletableFuture.completedFuture(new Taken(processId, today, tokens, known));
        }
        return count(processId, today, tokens, limits.processCalls(), limits.processTokens())
                .thenCompose(own -> {
                    if (!own) {
                        return CompletableFuture.completedFuture(
                                new Taken(processId, today, tokens, refused(processId)));
                    }
                    return count(ALL, today, tokens, limits.calls(), limits.tokens())
                            .exceptionallyCompose(failure -> add(processId, today, -1, -tokens)
                                    .thenCompose(back -> CompletableFuture.failedFuture(failure)))
                            .thenCompose(all -> all
                                    ? CompletableFuture.completedFuture(new Taken(processId, today, tokens, null))
                                    : add(processId, today, -1, -tokens)
                                            .thenApply(back -> new Taken(processId, today, tokens, refused(ALL))));
                });
    }

    /** A call was made and came to so many tokens. */
    CompletableFuture<Void> settle(Taken taken, long tokens) {
        return giveBack(taken, 0, taken.tokens() - tokens);
    }

    /** A call was not made. */
    CompletableFuture<Void> giveBack(Taken taken) {
        return giveBack(taken, 1, taken.tokens());
    }

    private CompletableFuture<Void> giveBack(Taken taken, long calls, long tokens) {
        return CompletableFuture.allOf(
                add(taken.processId(), taken.day(), -calls, -tokens), add(ALL, taken.day(), -calls, -tokens));
    }

    private synchronized @Nullable String knownRefusal(String processId) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MINUTES);
        if (!now.equals(minute)) {
            minute = now;
            spent.clear();
        }
        return spent.contains(ALL) ? refusal(ALL) : spent.contains(processId) ? refusal(processId) : null;
    }

    private synchronized String refused(String whose) {
        if (spent.size() < MAX_REMEMBERED || whose.equals(ALL)) {
            spent.add(whose);
        }
        return refusal(whose);
    }

    private String refusal(String whose) {
        return whose.equals(ALL)
                ? "the day's budget of all processes is used up (bedrock.calls_per_day " + limits.calls()
                        + ", bedrock.tokens_per_day " + limits.tokens() + "); it begins anew at 00:00 UTC"
                : "the day's budget of the process is used up (bedrock.calls_per_process_per_day "
                        + limits.processCalls() + ", bedrock.tokens_per_process_per_day " + limits.processTokens()
                        + "); it begins anew at 00:00 UTC";
    }

    /** Where the count of all processes of a day is. */
    static Map<String, AttributeValue> keyOfAll(LocalDate day) {
        return key(ALL, day);
    }

    private static Map<String, AttributeValue> key(String whose, LocalDate of) {
        // A process may have any name, so it is the second part of the key that tells the two apart.
        return Map.of("process_id", fromS(whose), "id", fromS((whose.equals(ALL) ? "budget#all#" : "budget#") + of));
    }

    private CompletableFuture<Boolean> count(String whose, LocalDate of, long tokens, long maxCalls, long maxTokens) {
        if (maxCalls < 1 || maxTokens < tokens) {
            return CompletableFuture.completedFuture(false);
        }
        return Conditions.orElseFine(dynamo.updateItem(r -> r.tableName(table)
                .key(key(whose, of))
                .updateExpression("ADD #calls :one, #tokens :tokens SET #ttl = :ttl")
                .conditionExpression("attribute_not_exists(#calls) OR (#calls < :most AND #tokens <= :room)")
                .expressionAttributeNames(Map.of("#calls", CALLS, "#tokens", TOKENS, "#ttl", Tables.TTL_ATTRIBUTE))
                .expressionAttributeValues(Map.of(
                        ":one", number(1),
                        ":tokens", number(tokens),
                        ":most", number(maxCalls),
                        ":room", number(maxTokens - tokens),
                        ":ttl", number(clock.instant().plus(KEPT).getEpochSecond())))));
    }

    private CompletableFuture<?> add(String whose, LocalDate of, long calls, long tokens) {
        return dynamo.updateItem(r -> r.tableName(table)
                .key(key(whose, of))
                .updateExpression("ADD #calls :calls, #tokens :tokens")
                .expressionAttributeNames(Map.of("#calls", CALLS, "#tokens", TOKENS))
                .expressionAttributeValues(Map.of(":calls", number(calls), ":tokens", number(tokens))));
    }

    private static AttributeValue number(long value) {
        return fromN(Long.toString(value));
    }
}
