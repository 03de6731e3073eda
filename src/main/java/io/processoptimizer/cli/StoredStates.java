package io.processoptimizer.cli;

import io.processoptimizer.checkpoint.ShardPointer;
import io.processoptimizer.checkpoint.Snapshot;
import io.processoptimizer.kinesis.LeaseRows;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The states of an application that a person can name: its savepoints, and of each shard the present one. */
final class StoredStates {
    /** A unique end of an id will do, from so many characters on. */
    private static final int MIN_END = 4;

    private final List<Stored> all;

    private StoredStates(List<Stored> all) {
        this.all = all;
    }

    /**
     * A state.
     *
     * @param shardId of which shard
     * @param snapshot where it is
     * @param present whether it is where the shard stands
     * @param savepoint whether it is kept as a savepoint
     */
    record Stored(String shardId, Snapshot snapshot, boolean present, boolean savepoint) {}

    /**
     * Lists them by shard, the newest first.
     *
     * @param only these shards; empty: all
     * @throws CommandFailure where one of the shards is not known
     */
    static StoredStates of(RecoverContext context, List<String> only) throws InterruptedException {
        LeaseRows.Rows rows = context.leaseRows();
        context.requireSameStream(context.stream());
        TreeSet<String> known = new TreeSet<>();
        rows.leases().forEach(lease -> known.add(lease.shardId()));
        for (String shardId : only) {
            if (!known.contains(shardId)) {
                throw new CommandFailure(
                        ExitCode.BAD_USAGE,
                        "there is no lease of " + shardId + "; there are " + String.join(", ", known));
            }
        }
        List<Stored> all = new ArrayList<>();
        for (String shardId : only.isEmpty() ? known : only) {
            ShardPointer pointer = context.store().pointer(shardId);
            Snapshot present = pointer == null ? null : pointer.snapshot();
            List<Snapshot> savepoints = context.store().savepoints(shardId);
            if (present != null
                    && savepoints.stream().noneMatch(kept -> kept.id().equals(present.id()))) {
                all.add(new Stored(shardId, present, true, false));
            }
            for (Snapshot savepoint : savepoints) {
                boolean isPresent = present != null && present.id().equals(savepoint.id());
                all.add(new Stored(shardId, savepoint, isPresent, true));
            }
        }
        return new StoredStates(all);
    }

    List<Stored> all() {
        return all;
    }

    /** The savepoints alone. */
    List<Stored> savepoints() {
        return all.stream().filter(Stored::savepoint).toList();
    }

    /**
     * Those that a word names: {@code latest} the newest savepoint of each shard, {@code present} where each shard stands, else one by
     * its id or the end of it.
     *
     * @throws CommandFailure where it names none, or an end several
     */
    List<Stored> named(String word) {
        if (word.equals("latest")) {
            return latest();
        }
        if (word.equals("present")) {
            return all.stream().filter(Stored::present).toList();
        }
        return List.of(one(word));
    }

    private List<Stored> latest() {
        List<Stored> newest = new ArrayList<>();
        String shard = null;
        for (Stored stored : savepoints()) {
            if (!stored.shardId().equals(shard)) {
                newest.add(stored);
            }
            shard = stored.shardId();
        }
        if (newest.isEmpty()) {
            throw new CommandFailure(
                    ExitCode.BAD_USAGE, "there is no savepoint yet; state.savepoint_interval makes them");
        }
        return newest;
    }

    /** One by its id or the end of it. */
    Stored one(String word) {
        Stored found = null;
        for (Stored stored : all) {
            if (stored.snapshot().id().equals(word)) {
                return requireSingle(word, null, stored);
            }
            if (word.length() >= MIN_END && stored.snapshot().id().endsWith(word)) {
                found = requireSingle(word, found, stored);
            }
        }
        if (found == null) {
            throw new CommandFailure(
                    ExitCode.BAD_USAGE,
                    "there is no savepoint " + word + "; recover savepoints lists them (an id, or at least " + MIN_END
                            + " characters of its end)");
        }
        return found;
    }

    private static Stored requireSingle(String word, @Nullable Stored before, Stored stored) {
        if (before != null) {
            throw new CommandFailure(
                    ExitCode.BAD_USAGE,
                    word + " is the end of several: " + before.snapshot().id() + " of " + before.shardId() + ", "
                            + stored.snapshot().id() + " of " + stored.shardId() + "; give more of it, or --shard");
        }
        return stored;
    }
}
