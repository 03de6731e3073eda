package io.processoptimizer.aws;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;

/** The tables that outputs and states go to: their names, their keys, and making them where they are missing. */
public final class Tables {
    /** Attribute that DynamoDB deletes an item by, epoch seconds. */
    static final String TTL_ATTRIBUTE = "ttl";

    /** A new on-demand table is ready within seconds; AWS takes up to a minute. */
    private static final Duration READY_WITHIN = Duration.ofMinutes(2);

    private static final Duration POLL_FIRST = Duration.ofMillis(20);
    private static final Duration POLL_LONGEST = Duration.ofSeconds(2);

    private final DynamoDbAsyncClient dynamo;
    private final PatientCalls calls = new PatientCalls();

    public Tables(DynamoDbAsyncClient dynamo) {
        this.dynamo = dynamo;
    }

    /**
     * The names in use.
     *
     * @param results window results
     * @param advice advice and adjustments
     * @param deadLetters refused inputs
     * @param state snapshots of the shards
     */
    public record Names(String results, String advice, String deadLetters, String state) {
        /** The names of a plain installation. */
        public static final Names DEFAULT = new Names(
                "manufacturing-process-metrics",
                "manufacturing-process-advice",
                "manufacturing-process-dead-letters",
                "manufacturing-process-state");
    }

    /** Makes the tables that are missing and waits until all can be used. */
    public void createMissing(Names names) throws InterruptedException {
        List<CreateTableRequest> wanted = List.of(
                table(names.results(), "process_id", "timestamp", ScalarAttributeType.N),
                table(names.advice(), "process_id", "id", ScalarAttributeType.S),
                table(names.deadLetters(), "reason", "id", ScalarAttributeType.S),
                table(names.state(), "shard", "part", ScalarAttributeType.S));
        for (CreateTableRequest request : wanted) {
            if (status(request.tableName()) == null) {
                create(request);
            }
        }
        for (CreateTableRequest request : wanted) {
            awaitActive(request.tableName());
            if (!request.tableName().equals(names.state())) {
                enableTtl(request.tableName());
            }
        }
    }

    /**
     * @throws IllegalStateException naming the tables that are missing and what makes them
     */
    public void require(Names names) throws InterruptedException {
        List<String> missing = new java.util.ArrayList<>();
        for (String name : List.of(names.results(), names.advice(), names.deadLetters(), names.state())) {
            if (status(name) == null) {
                missing.add(name);
            }
        }
        if (!missing.isEmpty()) {
            throw new IllegalStateException("DynamoDB tables are missing: " + String.join(", ", missing)
                    + "; make them with 'process-optimizer provision', or set tables.create: true");
        }
    }

    private static CreateTableRequest table(
            String name, String partitionKey, String sortKey, ScalarAttributeType sortType) {
        return CreateTableRequest.builder()
                .tableName(name)
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .attributeDefinitions(
                        AttributeDefinition.builder()
                                .attributeName(partitionKey)
                                .attributeType(ScalarAttributeType.S)
                                .build(),
                        AttributeDefinition.builder()
                                .attributeName(sortKey)
                                .attributeType(sortType)
                                .build())
                .keySchema(
                        KeySchemaElement.builder()
                                .attributeName(partitionKey)
                                .keyType(KeyType.HASH)
                                .build(),
                        KeySchemaElement.builder()
                                .attributeName(sortKey)
                                .keyType(KeyType.RANGE)
                                .build())
                .build();
    }

    private void create(CreateTableRequest request) throws InterruptedException {
        try {
            calls.answer(() -> dynamo.createTable(request));
        } catch (ResourceInUseException e) {
            // Another worker makes it at the same moment: as good as our own.
            return;
        }
    }

    private @Nullable TableStatus status(String name) throws InterruptedException {
        try {
            return calls.answer(() -> dynamo.describeTable(r -> r.tableName(name)))
                    .table()
                    .tableStatus();
        } catch (ResourceNotFoundException e) {
            return null;
        }
    }

    private void awaitActive(String name) throws InterruptedException {
        long deadline = System.nanoTime() + READY_WITHIN.toNanos();
        long pause = POLL_FIRST.toMillis();
        while (true) {
            TableStatus status = status(name);
            if (status == TableStatus.ACTIVE || status == TableStatus.UPDATING) {
                return;
            }
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("DynamoDB table " + name + " is not ready after "
                        + READY_WITHIN.toSeconds() + " s (status " + status + "); look at it in the console");
            }
            TimeUnit.MILLISECONDS.sleep(pause);
            pause = Math.min(pause * 2, POLL_LONGEST.toMillis());
        }
    }

    private void enableTtl(String name) throws InterruptedException {
        var ttl = calls.answer(() -> dynamo.describeTimeToLive(r -> r.tableName(name)))
                .timeToLiveDescription();
        if (ttl == null || ttl.attributeName() == null) {
            calls.answer(() -> dynamo.updateTimeToLive(r -> r.tableName(name)
                    .timeToLiveSpecification(s -> s.attributeName(TTL_ATTRIBUTE).enabled(true))));
        }
    }
}
