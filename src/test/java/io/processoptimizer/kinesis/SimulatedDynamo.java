package io.processoptimizer.kinesis;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import io.processoptimizer.aws.PointerItems;
import io.processoptimizer.aws.StoredPointers;
import io.processoptimizer.checkpoint.ShardPointer;
import io.processoptimizer.checkpoint.Snapshot;
import io.processoptimizer.recover.rewind.RewindOperation;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableResponse;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/**
 * The lease table and the table of states of a simulated application, as the code that moves applications asks for them: its calls and no
 * others. The world goes on before every call, and it may be the caller's last.
 */
final class SimulatedDynamo implements DynamoDbAsyncClient {
    /** The name of the lease table; any other is that of states. */
    static final String LEASES = "application";

    static final String STATES = "states";

    private final SimulatedKcl kcl;
    private final Runnable worldGoesOn;
    private final PlantedBug bug;

    SimulatedDynamo(SimulatedKcl kcl, Runnable worldGoesOn, PlantedBug bug) {
        this.kcl = kcl;
        this.worldGoesOn = worldGoesOn;
        this.bug = bug;
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        // Nothing is held.
    }

    private <T> CompletableFuture<T> answer(Supplier<T> what) {
        worldGoesOn.run();
        try {
            return CompletableFuture.completedFuture(what.get());
        } catch (ConditionalCheckFailedException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static void require(boolean holds) {
        if (!holds) {
            throw ConditionalCheckFailedException.builder()
                    .message("the condition does not hold")
                    .build();
        }
    }

    @Override
    public CompletableFuture<DescribeTableResponse> describeTable(DescribeTableRequest request) {
        return CompletableFuture.completedFuture(DescribeTableResponse.builder()
                .table(TableDescription.builder()
                        .tableStatus(TableStatus.ACTIVE)
                        .build())
                .build());
    }

    @Override
    public CompletableFuture<ScanResponse> scan(ScanRequest request) {
        return answer(() -> ScanResponse.builder()
                .items(kcl.leases().stream()
                        .filter(lease -> bug != PlantedBug.COPIES_FORGET_ENDED_PARENTS || !lease.hasEnded())
                        .map(lease -> lease.item(lease.shard.closedAt <= kcl.written()))
                        .toList())
                .build());
    }

    @Override
    public CompletableFuture<QueryResponse> query(QueryRequest request) {
        String shardId = text(request.expressionAttributeValues(), ":shard");
        return answer(() -> QueryResponse.builder()
                .items(kcl.store.rawSavepoints(shardId).stream()
                        .map(savepoint -> StoredPointers.savepointItem(shardId, savepoint))
                        .toList())
                .build());
    }

    @Override
    public CompletableFuture<GetItemResponse> getItem(GetItemRequest request) {
        String shard = text(request.key(), "shard");
        return answer(() -> GetItemResponse.builder()
                .item(item(shard, text(request.key(), "part")))
                .build());
    }

    private Map<String, AttributeValue> item(String shard, String part) {
        return switch (part) {
            case "identity" -> Map.of("arn", fromS("arn"), "created", fromN("1"));
            case "counter" -> Map.of("generation", fromN(Long.toString(kcl.store.generations)));
            case "operation" -> operation();
            case "pointer" -> pointer(shard);
            default -> throw new IllegalStateException("nobody asks for " + part);
        };
    }

    private Map<String, AttributeValue> pointer(String shard) {
        ShardPointer pointer = kcl.store.rawPointer(shard);
        Map<String, AttributeValue> item = pointer == null ? new HashMap<>() : StoredPointers.item(shard, pointer);
        if (bug == PlantedBug.IMPORTS_GO_BEHIND_A_RESHARD) {
            item.remove("children");
        }
        return item;
    }

    private static String text(Map<String, AttributeValue> values, String name) {
        return Objects.requireNonNull(values.get(name)).s();
    }

    /** The rewind that an operator has under way. */
    private Map<String, AttributeValue> operation() {
        SimulatedOperator operator = kcl.operator;
        if (operator == null || operator.rewinds.isEmpty() || bug == PlantedBug.COPIED_DURING_A_REWIND) {
            return Map.of();
        }
        RewindOperation last = operator.rewinds.get(operator.rewinds.size() - 1);
        return Map.of(
                "id",
                fromS(last.id()),
                "operator",
                fromS(last.operator()),
                "phase",
                fromS(last.phase().name().toLowerCase(Locale.ROOT)));
    }

    @Override
    public CompletableFuture<UpdateItemResponse> updateItem(UpdateItemRequest request) {
        return answer(() -> {
            long least = Long.parseLong(
                    Objects.requireNonNull(request.expressionAttributeValues().get(":least"))
                            .n());
            require(kcl.store.generations < least);
            kcl.store.generations = least;
            return UpdateItemResponse.builder().build();
        });
    }

    @Override
    public CompletableFuture<PutItemResponse> putItem(PutItemRequest request) {
        return answer(() -> {
            Map<String, AttributeValue> item = request.item();
            if (request.tableName().equals(LEASES)) {
                putLease(item, request.expressionAttributeValues());
            } else {
                putState(item, request.expressionAttributeValues());
            }
            return PutItemResponse.builder().build();
        });
    }

    private void putLease(Map<String, AttributeValue> row, Map<String, AttributeValue> observed) {
        if (!"LEASE".equals(text(row, "entityType"))) {
            return; // what KCL says of itself
        }
        ShardLease placed = LeaseTable.lease(row);
        SimulatedLease there = kcl.lease(placed.shardId());
        AttributeValue seen = observed.get(":seen");
        require(seen == null ? there == null : there != null && there.counter == Long.parseLong(seen.n()));
        if (there != null && bug == PlantedBug.IMPORTED_LEASES_STAY) {
            return;
        }
        kcl.place(kcl.stream().shard(placed.shardId()), placed.checkpoint(), placed.counter());
    }

    private void putState(Map<String, AttributeValue> item, Map<String, AttributeValue> observed) {
        String shard = text(item, "shard");
        Snapshot savepoint = StoredPointers.savepoint(item);
        if (savepoint != null) {
            kcl.store.putSavepoint(shard, savepoint);
        } else if (text(item, "part").equals("pointer")) {
            ShardPointer there = kcl.store.rawPointer(shard);
            require(isAsObserved(there, observed));
            Map<String, AttributeValue> put = new HashMap<>(item);
            if (there != null && bug == PlantedBug.IMPORTS_DO_NOT_FENCE) {
                put.put("epoch", fromN(Long.toString(there.holder().epoch())));
                put.put("holder", fromS(there.holder().owner()));
            }
            if (bug == PlantedBug.COPIED_PARTS_ARE_MISCOUNTED) {
                put.put("chunks", fromN("1"));
            }
            if (bug == PlantedBug.IMPORTS_FORGET_LATER_GENERATIONS) {
                PointerItems.REPROCESSING.forEach(put::remove);
            }
            kcl.store.putPointer(shard, StoredPointers.pointer(put));
        }
    }

    private static boolean isAsObserved(@Nullable ShardPointer there, Map<String, AttributeValue> observed) {
        AttributeValue epoch = observed.get(":epoch");
        if (epoch == null || there == null) {
            return epoch == null && there == null;
        }
        AttributeValue state = observed.get(":state");
        Snapshot present = there.snapshot();
        return there.holder().epoch() == Long.parseLong(epoch.n())
                && there.holder()
                        .owner()
                        .equals(Objects.requireNonNull(observed.get(":holder")).s())
                && (state == null || (present != null && present.id().equals(state.s())));
    }
}
