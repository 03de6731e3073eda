package io.processoptimizer.aws;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/**
 * Which application the states of a table belong to, and which stream its leases and states do. Shards have the same names in every
 * stream, so that two applications with one table of states would take each other's. KCL's leases carry no identity of their stream: one
 * that was deleted and made anew under the same name has other records under the same shard ids, and a worker would silently skip or
 * repeat. So the first worker writes down application, ARN and creation time beside the states, and later ones compare.
 */
public final class StreamIdentity {
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(20);
    private static final Map<String, AttributeValue> OWNER_KEY =
            Map.of("shard", fromS("application"), "part", fromS("identity"));

    private StreamIdentity() {}

    /**
     * The stream that is remembered.
     *
     * @param arn its name in AWS
     * @param createdSeconds when it was made, epoch seconds
     */
    public record Known(String arn, long createdSeconds) {}

    /**
     * What {@link #check} remembered, without writing anything; null before the first worker.
     *
     * @throws software.amazon.awssdk.core.exception.SdkException where AWS does not answer, or the table is missing
     */
    public static @Nullable Known known(AwsClients clients, String stateTable, String application)
            throws InterruptedException {
        Map<String, AttributeValue> item = Calls.await(
                        clients.dynamo()
                                .getItem(r -> r.tableName(stateTable)
                                        .key(key(application))
                                        .consistentRead(true)),
                        ANSWER_WITHIN)
                .item();
        AttributeValue arn = item.get("arn");
        AttributeValue created = item.get("created");
        return arn == null || created == null ? null : new Known(arn.s(), Long.parseLong(created.n()));
    }

    /**
     * The application whose states the table holds, or null before its first worker.
     *
     * @throws software.amazon.awssdk.core.exception.SdkException where AWS does not answer, or the table is missing
     */
    public static @Nullable String owner(AwsClients clients, String stateTable) throws InterruptedException {
        AttributeValue name = Calls.await(
                        clients.dynamo()
                                .getItem(r ->
                                        r.tableName(stateTable).key(OWNER_KEY).consistentRead(true)),
                        ANSWER_WITHIN)
                .item()
                .get("name");
        return name == null ? null : name.s();
    }

    /**
     * Why this application may not use the table: one sentence, or null where it may.
     *
     * @throws software.amazon.awssdk.core.exception.SdkException as {@link #owner}
     */
    public static @Nullable String wrongOwner(AwsClients clients, String stateTable, String application)
            throws InterruptedException {
        String owner = owner(clients, stateTable);
        return owner == null || owner.equals(application)
                ? null
                : "the table " + stateTable + " (state.table) holds the states of the application " + owner
                        + ", not of " + application + "; check application.name and state.table";
    }

    /** The item that says whose the states of a table are. */
    public static Map<String, AttributeValue> ownedBy(String application) {
        Map<String, AttributeValue> item = new HashMap<>(OWNER_KEY);
        item.put("name", fromS(application));
        return item;
    }

    private static void own(AwsClients clients, String stateTable, String application) throws InterruptedException {
        try {
            new PatientCalls()
                    .answer(() -> clients.dynamo()
                            .putItem(r -> r.tableName(stateTable)
                                    .item(ownedBy(application))
                                    .conditionExpression("attribute_not_exists(part) OR #name = :name")
                                    .expressionAttributeNames(Map.of("#name", "name"))
                                    .expressionAttributeValues(Map.of(":name", fromS(application)))));
        } catch (ConditionalCheckFailedException e) {
            throw new IllegalStateException(wrongOwner(clients, stateTable, application), e);
        }
    }

    private static Map<String, AttributeValue> key(String application) {
        return Map.of("shard", fromS("stream of " + application), "part", fromS("identity"));
    }

    /**
     * Remembers application and stream at the first time, and compares them afterwards.
     *
     * @param clients reach the table
     * @param stateTable the table of states
     * @param application whose leases they are
     * @param arn the stream's name in AWS
     * @param created when the stream was made
     * @throws IllegalStateException where they belong to another stream, or the states to another application, with the remedy
     */
    public static void check(AwsClients clients, String stateTable, String application, String arn, Instant created)
            throws InterruptedException {
        own(clients, stateTable, application);
        Map<String, AttributeValue> item = new HashMap<>(key(application));
        item.put("arn", fromS(arn));
        item.put("created", fromN(Long.toString(created.getEpochSecond())));
        try {
            new PatientCalls()
                    .answer(() -> clients.dynamo()
                            .putItem(r -> r.tableName(stateTable)
                                    .item(item)
                                    .conditionExpression(
                                            "attribute_not_exists(part) OR (arn = :arn AND created = :created)")
                                    .expressionAttributeValues(Map.of(
                                            ":arn",
                                            fromS(arn),
                                            ":created",
                                            item.getOrDefault("created", fromN("0"))))));
        } catch (ConditionalCheckFailedException e) {
            throw new IllegalStateException(
                    "leases (table " + application + ") and states (table " + stateTable
                            + ") belong to another stream than " + arn + ", made " + created
                            + ", perhaps to one of the same name that was deleted; set another application.name and"
                            + " state.table, or delete both tables to start anew",
                    e);
        }
    }
}
