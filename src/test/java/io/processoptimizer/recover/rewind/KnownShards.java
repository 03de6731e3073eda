package io.processoptimizer.recover.rewind;

import io.processoptimizer.checkpoint.Claim;
import io.processoptimizer.checkpoint.ShardPointer;
import io.processoptimizer.checkpoint.Snapshot;
import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.kinesis.ShardLease;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Shards for the planner, on a clock of minutes: a record a minute, whose sequence number is that minute, and which is in the state that
 * was written then.
 */
final class KnownShards implements RewindPlanner.States {
    static final long MINUTE = 60_000;

    private final Map<String, Shard> shards = new TreeMap<>();
    private final Set<String> unreadable = new HashSet<>();
    private final Map<String, Long> readUpTo = new HashMap<>();

    /** A shard that is being described. */
    final class Shard {
        private final String id;
        private final List<String> parents;
        private @Nullable Integer ended;
        private boolean onStream = true;
        private boolean leased = true;
        private boolean pointed = true;
        private boolean retired;
        private int at;
        private final List<Snapshot> savepoints = new ArrayList<>();

        private Shard(String id, int from, String... parents) {
            this.id = id;
            this.at = from;
            this.parents = List.of(parents);
        }

        Shard savepoints(int... minutes) {
            for (int minute : minutes) {
                savepoints.add(0, state(minute));
            }
            return this;
        }

        /** The state before an earlier rewind. */
        Shard leftBehind(int minute) {
            savepoints.add(0, state(minute).labelled("before rewind x"));
            return this;
        }

        Shard at(int minute) {
            at = minute;
            return this;
        }

        /** Read to its end; its last state is there. */
        Shard sealed(int minute) {
            ended = minute;
            at = minute;
            return this;
        }

        /** Read to its end, and its last state is deleted. */
        Shard retired(int minute) {
            sealed(minute);
            retired = true;
            return this;
        }

        Shard withoutLease() {
            leased = false;
            return this;
        }

        Shard trimmed() {
            onStream = false;
            return this;
        }

        Shard neverOurs() {
            leased = false;
            pointed = false;
            return this;
        }

        Snapshot state(int minute) {
            Snapshot state = snapshot(id, minute);
            readUpTo.put(id + state.id(), minute * MINUTE);
            return state;
        }

        ShardFacts facts() {
            Set<String> children = new HashSet<>();
            for (Shard other : shards.values()) {
                if (other.parents.contains(id)) {
                    children.add(other.id);
                }
            }
            ShardLease lease = new ShardLease(
                    id,
                    null,
                    3,
                    ended == null ? number(at) : "SHARD_END",
                    parents,
                    List.copyOf(children),
                    BigInteger.ZERO,
                    ShardLease.MAX_HASH_KEY);
            ShardPointer pointer = new ShardPointer(
                    new Claim("worker", 3), retired ? null : state(at), ended == null ? Set.of() : children, List.of());
            return new ShardFacts(
                    id,
                    onStream,
                    parents,
                    BigInteger.ZERO,
                    ShardLease.MAX_HASH_KEY,
                    ended == null ? null : number(ended),
                    leased ? lease : null,
                    pointed ? pointer : null,
                    savepoints);
        }
    }

    Shard shard(String id, int from, String... parents) {
        Shard shard = new Shard(id, from, parents);
        shards.put(id, shard);
        return shard;
    }

    static String number(int minute) {
        return String.format(Locale.ROOT, "%056d", minute);
    }

    static Snapshot snapshot(String shardId, int minute) {
        return new Snapshot(shardId + "@" + minute, new RecordPosition(number(minute), 0), 1, 100, minute * MINUTE);
    }

    void damage(String shardId, int minute) {
        unreadable.add(shardId + snapshot(shardId, minute).id());
    }

    List<ShardFacts> facts() {
        return shards.values().stream().map(Shard::facts).toList();
    }

    @Override
    public @Nullable Long readUpTo(String shardId, Snapshot state) {
        return unreadable.contains(shardId + state.id()) ? null : readUpTo.get(shardId + state.id());
    }
}
