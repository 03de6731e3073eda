package io.processoptimizer.aws;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;

/**
 * Writes that AWS refuses after it has looked whether we may write: they show a permission and leave nothing behind. An update on a
 * condition that cannot hold; an event whose detail is no JSON; metrics without data.
 */
public final class DryCalls {
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);
    private static final String NO_ITEM = "doctor: never written";

    private final AwsClients clients;
    private final List<Permission> found = new ArrayList<>();

    private DryCalls(AwsClients clients) {
        this.clients = clients;
    }

    /**
     * What came of one.
     *
     * @param action as policies name it, with what it was tried on
     * @param failure null where it is allowed
     */
    public record Permission(String action, Failures.@Nullable Said failure) {}

    /** Tries what a worker writes. */
    public static List<Permission> ofWorker(
            AwsClients clients, List<TableSpec> tables, OutputTables.EventBus bus, String metricsNamespace)
            throws InterruptedException {
        DryCalls dry = new DryCalls(clients);
        for (TableSpec table : tables) {
            dry.update(table);
            if (dry.isWithoutAnswer()) {
                // One line says it; the others would say the same.
                return dry.found;
            }
        }
        dry.putEvents(bus);
        dry.putMetricData(metricsNamespace);
        return dry.found;
    }

    private boolean isWithoutAnswer() {
        Failures.Said last = found.get(found.size() - 1).failure();
        return last != null && (last.kind() == Failures.Kind.UNREACHABLE || last.kind() == Failures.Kind.CREDENTIALS);
    }

    private void update(TableSpec table) throws InterruptedException {
        Map<String, AttributeValue> key = new HashMap<>();
        key.put(table.partition().attribute(), fromS(NO_ITEM));
        TableSpec.Key sort = table.sort();
        if (sort != null) {
            key.put(sort.attribute(), sort.number() ? fromN("0") : fromS(NO_ITEM));
        }
        attempt(
                "dynamodb:UpdateItem on " + table.name(),
                () -> clients.dynamo()
                        .updateItem(r -> r.tableName(table.name())
                                .key(key)
                                .updateExpression("SET never_written = :one")
                                .conditionExpression("attribute_exists(never_written)")
                                .expressionAttributeValues(Map.of(":one", fromN("1")))));
    }

    private void putEvents(OutputTables.EventBus bus) throws InterruptedException {
        attempt(
                "events:PutEvents on bus " + bus.name(),
                () -> clients.events()
                        .putEvents(r -> r.entries(PutEventsRequestEntry.builder()
                                .eventBusName(bus.name())
                                .source(bus.source())
                                .detailType(bus.detailType())
                                .detail("no JSON, so that nobody gets it")
                                .build())));
    }

    private void putMetricData(String namespace) throws InterruptedException {
        attempt(
                "cloudwatch:PutMetricData in " + namespace,
                () -> clients.cloudWatch()
                        .putMetricData(r -> r.namespace(namespace).metricData(List.of())));
    }

    private void attempt(String action, Supplier<CompletableFuture<?>> call) throws InterruptedException {
        Failures.@Nullable Said failure = null;
        try {
            Calls.await(call.get().thenApply(answer -> Boolean.TRUE), ANSWER_WITHIN);
        } catch (ConditionalCheckFailedException e) {
            // As it should be: DynamoDB looked at the condition, so we may write.
        } catch (AwsServiceException e) {
            Failures.Said said = Failures.of(e);
            // A refusal of the content comes after that of the caller.
            failure = said.kind() == Failures.Kind.OTHER && e.statusCode() < 500 && !isMissing(e) ? null : said;
        } catch (RuntimeException e) {
            failure = Failures.of(e);
        }
        found.add(new Permission(action, failure));
    }

    private static boolean isMissing(AwsServiceException e) {
        return e.awsErrorDetails() != null
                && String.valueOf(e.awsErrorDetails().errorCode()).contains("ResourceNotFound");
    }
}
