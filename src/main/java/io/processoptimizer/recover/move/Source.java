package io.processoptimizer.recover.move;

import io.processoptimizer.aws.RecoveryItem;
import io.processoptimizer.checkpoint.SnapshotParts;
import io.processoptimizer.checkpoint.UnreadableSnapshotException;
import io.processoptimizer.recover.move.Application.Shard;
import io.processoptimizer.recover.move.Application.State;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Reads an application while its workers may run. Leases are read before the pointers: KCL's checkpoint follows the pointer, so that no
 * lease stands beyond its state. A state that is replaced while it is read is read anew; so is everything where the stream is resharded
 * meanwhile.
 */
public final class Source {
    private static final int ATTEMPTS = 20;

    /** The phase of a rewind that has moved everything. */
    private static final String REPROCESSING = "reprocessing";

    private final ApplicationItems items;
    private final SnapshotParts parts;
    private final boolean withSavepoints;
    private final Clock clock;

    /** @param withSavepoints whether also savepoints are taken, not only the present states */
    public Source(
            DynamoDbAsyncClient dynamo,
            String application,
            String stateTable,
            SnapshotParts parts,
            boolean withSavepoints,
            Clock clock) {
        this.items = new ApplicationItems(dynamo, application, stateTable);
        this.parts = parts;
        this.withSavepoints = withSavepoints;
        this.clock = clock;
    }

    /** Takes each state as it is read: packed, as it is stored. */
    public interface StateTaker {
        void state(String shardId, State state, List<byte[]> parts) throws IOException, InterruptedException;
    }

    /**
     * @throws IllegalStateException where there is no such application, it does not keep still, or a rewind has moved a part of it
     */
    public Application read(StateTaker taker) throws IOException, InterruptedException {
        requireNotHalfRewound();
        Map<String, AttributeValue> identity = items.item("stream of " + items.application(), "identity");
        SortedMap<String, Map<String, AttributeValue>> leases = items.leases();
        if (leases.isEmpty() || identity == null) {
            throw new IllegalStateException("there is no application " + items.application() + " with states in "
                    + items.stateTable() + "; check application.name and state.table");
        }
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            List<Shard> shards = new ArrayList<>();
            for (Map.Entry<String, Map<String, AttributeValue>> lease : leases.entrySet()) {
                shards.add(shard(lease.getKey(), lease.getValue(), taker));
            }
            SortedMap<String, Map<String, AttributeValue>> now = items.leases();
            if (isSameLineage(leases, now)) {
                requireNotHalfRewound();
                String arn = Item.text(identity, "arn");
                return new Application(
                        items.application(),
                        arn == null ? "" : arn,
                        Item.number(identity, "created"),
                        clock.millis(),
                        items.recovery().generations(),
                        shards);
            }
            leases = now;
        }
        throw new IllegalStateException("the stream is being resharded all the time; try again when that is over");
    }

    /** Where pointers are moved and leases are not, children wait for parents that nobody would go on with. */
    private void requireNotHalfRewound() {
        RecoveryItem.Stored operation = items.recovery().unfinished();
        if (operation != null && !operation.phase().equals(REPROCESSING)) {
            throw new IllegalStateException("the rewind " + operation.id() + " of " + operation.operator()
                    + " has moved only a part of the shards (phase " + operation.phase()
                    + "); end it with 'recover rewind --resume' or '--undo' first");
        }
    }

    private static boolean isSameLineage(
            Map<String, Map<String, AttributeValue>> before, Map<String, Map<String, AttributeValue>> now) {
        if (!before.keySet().equals(now.keySet())) {
            return false;
        }
        for (Map.Entry<String, Map<String, AttributeValue>> lease : now.entrySet()) {
            boolean ended = "SHARD_END".equals(Item.text(lease.getValue(), "checkpoint"));
            boolean hadEnded =
                    "SHARD_END".equals(Item.text(before.getOrDefault(lease.getKey(), Map.of()), "checkpoint"));
            if (ended != hadEnded) {
                return false;
            }
        }
        return true;
    }

    private Shard shard(String id, Map<String, AttributeValue> lease, StateTaker taker)
            throws IOException, InterruptedException {
        for (int attempt = 0; ; attempt++) {
            Map<String, AttributeValue> pointer = items.pointer(id);
            List<Map<String, AttributeValue>> savepoints = withSavepoints ? items.savepoints(id) : List.of();
            Shard shard = new Shard(id, lease, pointer, savepoints);
            try {
                for (State state : shard.states()) {
                    taker.state(id, state, parts.get(id, state.id(), state.parts()));
                }
                return shard;
            } catch (UnreadableSnapshotException e) {
                boolean moved = !Objects.equals(state(pointer), state(items.pointer(id))) || withSavepoints;
                if (!moved || attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private static @Nullable String state(@Nullable Map<String, AttributeValue> pointer) {
        return pointer == null ? null : Item.text(pointer, "state");
    }
}
