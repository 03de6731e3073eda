package io.processoptimizer.replay;

import io.processoptimizer.checkpoint.Snapshot;
import io.processoptimizer.event.RecordPosition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The stored states that a replay goes on from: of each part of the stream's keys exactly one, so that every process has its state and
 * none has two.
 *
 * @param shards with a state
 */
public record StartingState(List<Shard> shards) {
    /** None: a replay that begins with the records. */
    public static final StartingState EMPTY = new StartingState(List.of());

    /**
     * A shard and its state.
     *
     * @param position the last record that the state contains; null: it stands before the first
     * @param state as the worker's pipeline wrote it
     */
    @SuppressWarnings("ArrayRecordComponent") // megabytes, handed from the store to the pipelines
    public record Shard(String shardId, @Nullable RecordPosition position, byte[] state) {}

    public StartingState {
        shards = List.copyOf(shards);
    }

    /**
     * Chooses a state for each shard, of those that a person wants to go on from.
     *
     * @param stream the shards of the stream
     * @param states the wanted states of a shard, the best first
     * @return the state of each shard that has one of its own, by shard
     * @throws IllegalArgumentException where a part of the stream's keys has none, with the remedy
     */
    public static Map<String, Snapshot> choose(List<RecordedShard> stream, Function<String, List<Snapshot>> states) {
        Map<String, Snapshot> chosen = new HashMap<>();
        for (RecordedShard shard : stream) {
            states.apply(shard.shardId()).stream().findFirst().ifPresent(best -> chosen.put(shard.shardId(), best));
        }
        Set<String> superseded = new HashSet<>();
        for (RecordedShard shard : stream) {
            if (chosen.containsKey(shard.shardId())) {
                superseded.addAll(ancestors(stream, shard));
            }
        }
        chosen.keySet().removeAll(superseded);
        for (RecordedShard shard : stream) {
            boolean has = chosen.containsKey(shard.shardId())
                    || superseded.contains(shard.shardId())
                    || ancestors(stream, shard).stream().anyMatch(chosen::containsKey);
            if (!has) {
                throw new IllegalArgumentException("shard " + shard.shardId()
                        + " has no stored state of that time, nor has a shard that it came from; choose another time with"
                        + " --from-savepoint, one that does not fall into a reshard, or replay from the records alone");
            }
        }
        return chosen;
    }

    /**
     * Where each shard is to be read.
     *
     * @return null where it is not: its records are in the states
     */
    public static @Nullable ReadFrom readFrom(
            List<RecordedShard> stream, RecordedShard shard, Map<String, Snapshot> chosen) {
        Snapshot own = chosen.get(shard.shardId());
        if (own != null) {
            RecordPosition position = own.position();
            return position == null ? new ReadFrom.TrimHorizon() : new ReadFrom.After(position);
        }
        return ancestors(stream, shard).stream().anyMatch(chosen::containsKey) ? new ReadFrom.TrimHorizon() : null;
    }

    private static Set<String> ancestors(List<RecordedShard> stream, RecordedShard shard) {
        Set<String> ancestors = new HashSet<>();
        List<String> next = new ArrayList<>(shard.parents());
        // Ends: a shard's parents are older than it.
        while (!next.isEmpty()) {
            String parent = next.remove(next.size() - 1);
            if (ancestors.add(parent)) {
                stream.stream()
                        .filter(other -> other.shardId().equals(parent))
                        .forEach(other -> next.addAll(other.parents()));
            }
        }
        return ancestors;
    }
}
