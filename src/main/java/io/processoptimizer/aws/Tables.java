package io.processoptimizer.aws;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;

/** The tables that outputs and states go to: their names, their keys, and making them where they are missing. */
public final class Tables {
    /** Attribute that DynamoDB deletes an item by, epoch seconds. */
    static final String TTL_ATTRIBUTE = TableSpec.TTL_ATTRIBUTE;

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

        /** The tables as they are to be; states do not expire, they are deleted when nothing names them any more. */
        public List<TableSpec> specs() {
            return List.of(
                    new TableSpec(
                            results, TableSpec.Key.text("process_id"), TableSpec.Key.number("timestamp"), null, true),
                    new TableSpec(advice, TableSpec.Key.text("process_id"), TableSpec.Key.text("id"), null, true),
                    new TableSpec(deadLetters, TableSpec.Key.text("reason"), TableSpec.Key.text("id"), null, true),
                    new TableSpec(state, TableSpec.Key.text("shard"), TableSpec.Key.text("part"), null, false));
        }
    }

    /** Makes the tables that are missing and waits until all can be used. */
    public void createMissing(Names names) throws InterruptedException {
        List<TableSpec> wanted = names.specs();
        for (TableSpec table : wanted) {
            if (status(table.name()) == null) {
                create(table.request());
            }
        }
        for (TableSpec table : wanted) {
            awaitActive(table.name());
            if (table.expires()) {
                enableTtl(table.name());
            }
        }
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
