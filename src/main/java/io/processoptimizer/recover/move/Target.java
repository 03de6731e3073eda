package io.processoptimizer.recover.move;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import io.processoptimizer.aws.PointerItems;
import io.processoptimizer.aws.StreamIdentity;
import io.processoptimizer.checkpoint.SnapshotParts;
import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.kinesis.LeaseTable;
import io.processoptimizer.recover.move.Application.Shard;
import io.processoptimizer.recover.move.Application.State;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/**
 * An application that is put in, perhaps while workers hold its shards. Per shard: the states are written, each with a savepoint that
 * keeps it; the pointer is moved to the state, on condition that it has not changed, which fences whoever holds the shard; then the lease
 * is set to the same position and is nobody's. Ends this between two of these, running it again does the rest.
 */
public final class Target {
    private static final int ATTEMPTS = 20;
    private static final List<String> OF_A_TENURE = List.of(
            "leaseOwner",
            "checkpointOwner",
            "pendingCheckpoint",
            "pendingCheckpointSubSequenceNumber",
            "pendingCheckpointState",
            "throughputKBps");

    private final ApplicationItems items;
    private final SnapshotParts parts;
    private final String operator;

    /** @param operator who does it; not empty */
    public Target(
            DynamoDbAsyncClient dynamo, String application, String stateTable, SnapshotParts parts, String operator) {
        this.items = new ApplicationItems(dynamo, application, stateTable);
        this.parts = parts;
        this.operator = operator;
    }

    /**
     * What is there already.
     *
     * @param leases by shard
     * @param positions of the states that are there, by shard
     * @param ended shards that were read to their end and left their state to others
     */
    public record Present(
            SortedMap<String, Map<String, AttributeValue>> leases,
            Map<String, RecordPosition> positions,
            Set<String> ended) {
        public boolean isEmpty() {
            return leases.isEmpty() && positions.isEmpty();
        }

        /** The workers that hold shards. */
        public List<String> owners() {
            return leases.values().stream()
                    .map(lease -> Item.text(lease, "leaseOwner"))
                    .filter(owner -> owner != null)
                    .distinct()
                    .sorted()
                    .toList();
        }
    }

    /** Looks, and changes nothing. */
    public Present present(Application application) throws InterruptedException {
        SortedMap<String, Map<String, AttributeValue>> leases = items.leases();
        Map<String, RecordPosition> positions = new HashMap<>();
        Set<String> ended = new HashSet<>();
        for (Shard shard : application.shards()) {
            Map<String, AttributeValue> pointer = items.pointer(shard.id());
            if (Shard.isSealed(pointer)) {
                ended.add(shard.id());
            }
            RecordPosition position = Shard.positionOf(pointer);
            if (position != null) {
                positions.put(shard.id(), position);
            }
        }
        return new Present(leases, positions, ended);
    }

    /**
     * What the target must not have; one sentence each, empty where it may be written.
     *
     * @param replace whether newer states may be replaced
     */
    public static List<String> refusals(Application application, Present present, boolean replace) {
        List<String> refusals = new ArrayList<>();
        Set<String> known = application.shards().stream().map(Shard::id).collect(Collectors.toSet());
        present.leases.forEach((shard, lease) -> {
            // One that was read to its end waits for nothing; KCL deletes its lease some time.
            if (!known.contains(shard) && !"SHARD_END".equals(Item.text(lease, "checkpoint"))) {
                refusals.add(
                        descends(shard, known, present.leases)
                                ? shard
                                        + " was made by a reshard since the export, and goes on from what its parents left"
                                        + " then; go back with 'recover rewind --to TIME' instead, or delete the lease table"
                                        + " and the state table with all workers stopped, and import again"
                                : shard
                                        + " is being read here and is not in the export, which is of a later time; import"
                                        + " into an empty application instead");
            }
        });
        for (Shard shard : application.shards()) {
            RecordPosition there = present.positions.get(shard.id());
            RecordPosition from = shard.position();
            if (present.ended.contains(shard.id()) && !Shard.isSealed(shard.pointer())) {
                refusals.add(endedSince(shard));
            } else if (there == null) {
                continue;
            } else if (from == null) {
                refusals.add(shard.id() + " has a state (" + there.sequenceNumber()
                        + ") and had none yet when the export was taken; go back with 'recover rewind --to TRIM_HORIZON'"
                        + " instead, or use a newer export");
            } else if (!replace && there.compareTo(from) > 0) {
                refusals.add(shard.id() + " has a newer state (" + there.sequenceNumber() + " after "
                        + from.sequenceNumber()
                        + "); --replace goes back to the older one and keeps the newer as a savepoint");
            }
        }
        return refusals;
    }

    private static String endedSince(Shard shard) {
        return shard.id()
                + " was read to its end since the export, and others go on from what it left then; go back with"
                + " 'recover rewind --to TIME' instead";
    }

    private static boolean descends(
            String shard, Set<String> from, SortedMap<String, Map<String, AttributeValue>> leases) {
        AttributeValue parents = leases.getOrDefault(shard, Map.of()).get("parentShardId");
        return parents != null
                && parents.ss().stream().anyMatch(parent -> from.contains(parent) || descends(parent, from, leases));
    }

    /** The packed parts of a state that was taken. */
    public interface TakenStates {
        /** @throws IOException where they cannot be read */
        List<byte[]> parts(String shardId, State state) throws IOException;
    }

    /**
     * Puts in all of it, where workers may hold the shards; its tables of states must exist.
     *
     * @param done is told of each shard that is done
     */
    public void put(Application application, TakenStates states, Consumer<String> done)
            throws IOException, InterruptedException {
        prepare();
        identity(application);
        for (Shard shard : application.shards()) {
            Map<String, Integer> partsHere = new HashMap<>();
            for (State state : shard.states()) {
                List<byte[]> packed = states.parts(shard.id(), state);
                partsHere.put(state.id(), partsHere(packed));
                guardedState(shard, state, packed);
            }
            shard(shard, partsHere);
            done.accept(shard.id());
        }
    }

    /**
     * Copies an application, whose workers may run, to here, where nobody is; its table of states must exist.
     *
     * @return what was copied
     * @throws IllegalStateException as {@link Source#read}
     */
    public Application copy(Source source) throws IOException, InterruptedException {
        Map<String, Integer> partsHere = new HashMap<>();
        Application application = source.read((shardId, state, packed) -> {
            state(shardId, state, packed);
            partsHere.put(state.id(), partsHere(packed));
        });
        identity(application);
        prepare();
        for (Shard shard : application.shards()) {
            shard(shard, partsHere);
        }
        return application;
    }

    /** Makes the lease table where it is missing. */
    private void prepare() throws InterruptedException {
        new LeaseTable(items.dynamo(), items.application()).prepare(List.of());
    }

    /** The id that a state gets here: behind it sort the ids of every tenure, whose epochs begin with 1. */
    static String id(String id) {
        return "0".repeat(19) + id.substring(id.indexOf('-'));
    }

    /** Writes a state of a shard, packed as it was read. */
    void state(String shardId, State state, List<byte[]> packed) throws IOException {
        for (byte[] part : packed) {
            if (part.length > parts.maxPartBytes()) {
                parts.put(shardId, id(state.id()), cut(packed));
                return;
            }
        }
        parts.put(shardId, id(state.id()), packed);
    }

    /**
     * The same, where workers may hold the shard: a savepoint keeps the state from their tidying up until the pointer names it.
     *
     * @param shard as it was taken
     */
    private void guardedState(Shard shard, State state, List<byte[]> packed) throws IOException, InterruptedException {
        Map<String, AttributeValue> pointer = shard.pointer();
        if (pointer != null && state.id().equals(Item.text(pointer, "state"))) {
            Map<String, AttributeValue> savepoint = savepoint(shard.id(), id(state.id()), pointer, operator);
            savepoint.put("chunks", fromN(Integer.toString(partsHere(packed))));
            items.put(savepoint);
        }
        state(shard.id(), state, packed);
    }

    /** Stores differ in how long a part may be. */
    private List<byte[]> cut(List<byte[]> packed) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        packed.forEach(all::writeBytes);
        byte[] bytes = all.toByteArray();
        List<byte[]> cut = new ArrayList<>();
        for (int from = 0; from < bytes.length; from += parts.maxPartBytes()) {
            cut.add(Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + parts.maxPartBytes())));
        }
        return cut;
    }

    /**
     * Points a shard to its state, which is written already, and sets its lease.
     *
     * @param partsOf of how many parts each state consists here, by its id there
     * @throws IllegalStateException where others change the shard all the time, or have read it to its end since it was taken
     */
    private void shard(Shard shard, Map<String, Integer> partsOf) throws InterruptedException {
        for (Map<String, AttributeValue> savepoint : shard.savepoints()) {
            String id = Shard.savepointId(savepoint);
            items.put(moved(savepoint, "savepoint#" + id(id), partsOf.getOrDefault(id, 1)));
        }
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Map<String, AttributeValue> there = items.pointer(shard.id());
            if (Shard.isSealed(there) && !Shard.isSealed(shard.pointer())) {
                throw new IllegalStateException(endedSince(shard));
            }
            Map<String, AttributeValue> lease = items.leases().get(shard.id());
            long counter = lease == null ? 0 : Item.number(lease, "leaseCounter");
            long epoch = Math.max(counter, there == null ? -1 : Item.number(there, "epoch")) + (there == null ? 0 : 1);
            if (there != null) {
                keep(shard.id(), there);
            }
            if (point(shard, there, epoch, partsOf) && lease(shard, lease, Math.max(counter + 1, epoch))) {
                return;
            }
        }
        throw new IllegalStateException(shard.id() + " of " + items.application()
                + " changes all the time; stop its workers, then run this again");
    }

    /** The state that is replaced, as a savepoint that is kept. */
    private void keep(String shardId, Map<String, AttributeValue> pointer) throws InterruptedException {
        String id = Item.text(pointer, "state");
        if (id == null) {
            return;
        }
        items.put(savepoint(shardId, id, pointer, "before " + operator));
    }

    private static Map<String, AttributeValue> savepoint(
            String shardId, String id, Map<String, AttributeValue> pointer, String label) {
        Map<String, AttributeValue> savepoint = new HashMap<>();
        for (String field : List.of("chunks", "bytes", "committed_at", "sequence", "subsequence", "configuration")) {
            AttributeValue value = pointer.get(field);
            if (value != null) {
                savepoint.put(field, value);
            }
        }
        savepoint.put("shard", fromS(shardId));
        savepoint.put("part", fromS("savepoint#" + id));
        savepoint.put("label", fromS(label));
        return savepoint;
    }

    private boolean point(
            Shard shard, @Nullable Map<String, AttributeValue> there, long epoch, Map<String, Integer> partsOf)
            throws InterruptedException {
        Map<String, AttributeValue> from = shard.pointer();
        if (from == null) {
            return there == null || Item.text(there, "state") == null;
        }
        String state = Item.text(from, "state");
        Map<String, AttributeValue> item = moved(from, "pointer", state == null ? 0 : partsOf.getOrDefault(state, 1));
        if (state != null) {
            item.put("state", fromS(id(state)));
        } else {
            item.remove("chunks");
        }
        item.put("epoch", fromN(Long.toString(epoch)));
        item.put("holder", fromS(operator));
        item.remove("failures");
        if (there != null) {
            keepLaterGeneration(there, item);
        }
        Map<String, AttributeValue> values = new HashMap<>();
        String condition = "attribute_not_exists(epoch)";
        if (there != null) {
            values.put(":epoch", fromN(Long.toString(Item.number(there, "epoch"))));
            values.put(":holder", there.getOrDefault("holder", fromS("?")));
            condition = "epoch = :epoch AND holder = :holder";
            AttributeValue stateThere = there.get("state");
            if (stateThere != null) {
                values.put(":state", stateThere);
                condition += " AND #state = :state";
            }
        }
        String checked = condition;
        boolean named = values.containsKey(":state");
        try {
            items.calls()
                    .answer(() -> items.dynamo()
                            .putItem(r -> r.tableName(items.stateTable())
                                    .item(item)
                                    .conditionExpression(checked)
                                    .expressionAttributeNames(named ? Map.of("#state", "state") : null)
                                    .expressionAttributeValues(values.isEmpty() ? null : values)));
            return true;
        } catch (ConditionalCheckFailedException e) {
            return false;
        }
    }

    /**
     * Stored results have the generation of a rewind that came after the export: what is computed from the older state must not rank
     * below them, or a late record could not revise them any more.
     */
    private static void keepLaterGeneration(Map<String, AttributeValue> there, Map<String, AttributeValue> item) {
        if (Item.number(there, "generation") > Item.number(item, "generation")) {
            PointerItems.REPROCESSING.forEach(item::remove);
            for (String field : PointerItems.REPROCESSING) {
                AttributeValue value = there.get(field);
                if (value != null) {
                    item.put(field, value);
                }
            }
        }
    }

    private static Map<String, AttributeValue> moved(Map<String, AttributeValue> item, String part, int parts) {
        Map<String, AttributeValue> moved = new HashMap<>(item);
        moved.put("part", fromS(part));
        moved.put("chunks", fromN(Integer.toString(parts)));
        return moved;
    }

    /** A renewal meanwhile only counts up: the row is read again and written over it. */
    private boolean lease(Shard shard, @Nullable Map<String, AttributeValue> observed, long counter)
            throws InterruptedException {
        Map<String, AttributeValue> there = observed;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Map<String, AttributeValue> row = new HashMap<>(shard.lease());
            OF_A_TENURE.forEach(row::remove);
            long seen = there == null ? -1 : Item.number(there, "leaseCounter");
            row.put("leaseCounter", fromN(Long.toString(Math.max(counter, seen + 1))));
            row.put("ownerSwitchesSinceCheckpoint", fromN("0"));
            try {
                items.calls()
                        .answer(() -> items.dynamo()
                                .putItem(r -> r.tableName(items.application())
                                        .item(row)
                                        .conditionExpression(
                                                seen < 0 ? "attribute_not_exists(leaseKey)" : "leaseCounter = :seen")
                                        .expressionAttributeValues(
                                                seen < 0 ? null : Map.of(":seen", fromN(Long.toString(seen))))));
                return true;
            } catch (ConditionalCheckFailedException e) {
                there = items.leases().get(shard.id());
            }
        }
        return false;
    }

    /** Says whose the states are, of which stream the leases are, and how many reprocessings there were. To be called first. */
    private void identity(Application application) throws InterruptedException {
        items.put(StreamIdentity.ownedBy(items.application()));
        items.put(Map.of(
                "shard", fromS("stream of " + items.application()),
                "part", fromS("identity"),
                "arn", fromS(application.streamArn()),
                "created", fromN(Long.toString(application.streamCreated()))));
        items.recovery().raiseGenerations(application.generations());
    }

    /** Of how many parts a state consists here. */
    int partsHere(List<byte[]> packed) {
        for (byte[] part : packed) {
            if (part.length > parts.maxPartBytes()) {
                return cut(packed).size();
            }
        }
        return packed.size();
    }
}
