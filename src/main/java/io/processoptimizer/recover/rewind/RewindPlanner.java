package io.processoptimizer.recover.rewind;

import io.processoptimizer.checkpoint.ShardPointer;
import io.processoptimizer.checkpoint.Snapshot;
import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.recover.rewind.ShardMove.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Decides where each shard goes. Pure: what it knows is given, and the same gives the same.
 *
 * <p>A shard goes to its newest state that lies before the target. Where it has none, since it came from a split or merge after the
 * target, its parents go back instead, and it begins anew with what they leave. Whatever goes back takes all its descendants with it, and
 * a shard that begins anew takes all its parents with it: the lineage goes back together. Where no shard of the lineage has a state
 * before the target, all that the stream keeps of it is read.
 */
public final class RewindPlanner {
    private final Map<String, ShardFacts> shards;
    private final States states;
    private final boolean keptFromTheStart;
    private final RewindTarget target;
    private final Map<String, @Nullable ShardMove> decided = new TreeMap<>();
    private final List<String> notes = new ArrayList<>();

    /** What is inside states. */
    public interface States {
        /**
         * Everything that arrived before this instant is in the state, epoch milliseconds; smaller than every time where it contains
         * nothing.
         *
         * @return null where the state cannot be read
         */
        @Nullable
        Long readUpTo(String shardId, Snapshot state);
    }

    /**
     * What is to be done.
     *
     * @param moves parents before their children
     * @param notes what a person should know of it, a sentence each
     */
    public record Decision(List<ShardMove> moves, List<String> notes) {
        public Decision {
            moves = List.copyOf(moves);
            notes = List.copyOf(notes);
        }
    }

    /**
     * @param shards all that the stream, the leases or the store know
     * @param keptFromTheStart whether the stream still keeps all that ever came
     */
    public RewindPlanner(Collection<ShardFacts> shards, States states, boolean keptFromTheStart, RewindTarget target) {
        this.shards = new TreeMap<>();
        shards.forEach(shard -> this.shards.put(shard.shardId(), shard));
        this.states = states;
        this.keptFromTheStart = keptFromTheStart;
        this.target = target;
    }

    /**
     * Decides.
     *
     * @param wanted the shards that are to go back; empty: all
     * @throws RefusedException where the target does not fit the shards
     * @throws IllegalArgumentException where a shard is not known
     */
    public Decision plan(Set<String> wanted) throws RefusedException {
        for (String shardId : selected(wanted)) {
            decide(facts(shardId));
        }
        // Each round decides at least one more shard, or makes one begin anew that did not.
        for (boolean more = true; more; ) {
            more = false;
            for (ShardMove move : moves()) {
                more |= takeChildrenAlong(move);
                more |= takeParentsAlong(move);
            }
        }
        List<ShardMove> ordered = ordered();
        if (ordered.isEmpty()) {
            throw new RefusedException("nothing is to be rewound: "
                    + (notes.isEmpty() ? "no shard was ever processed" : String.join("; ", notes)));
        }
        return new Decision(ordered, notes);
    }

    // ---- which shards

    private Collection<String> selected(Set<String> wanted) throws RefusedException {
        for (String shardId : wanted) {
            ShardFacts facts = shards.get(shardId);
            if (facts == null) {
                throw new IllegalArgumentException(
                        "--shard " + shardId + " is not known to the stream nor to this application; it has "
                                + String.join(", ", shards.keySet()));
            }
            if (!facts.isOurs()) {
                throw new RefusedException("--shard " + shardId
                        + " was never processed by this application; it has processed " + String.join(", ", ours()));
            }
        }
        Set<String> all = wanted.isEmpty() ? frontier() : wanted;
        if (target instanceof RewindTarget.Savepoint savepoint) {
            return Set.of(shardOf(savepoint.id(), wanted));
        }
        if (target instanceof RewindTarget.Sequence && all.size() != 1) {
            throw new RefusedException("a sequence number belongs to one shard; name it with --shard, one of "
                    + String.join(", ", ours()));
        }
        return all;
    }

    private String shardOf(String savepointId, Set<String> wanted) throws RefusedException {
        Set<String> having = new TreeSet<>();
        for (ShardFacts facts : shards.values()) {
            boolean asked = wanted.isEmpty() || wanted.contains(facts.shardId());
            if (asked && facts.savepoints().stream().anyMatch(kept -> kept.id().endsWith(savepointId))) {
                having.add(facts.shardId());
            }
        }
        if (having.isEmpty()) {
            throw new RefusedException("no shard " + (wanted.isEmpty() ? "" : "of those named by --shard ")
                    + "has a savepoint " + savepointId + "; 'recover savepoints' lists them; a time is written like"
                    + " 2026-01-05T06:00:00Z, an age like 90s, 30m, 2h or 1d");
        }
        if (having.size() > 1) {
            throw new RefusedException("several shards have a savepoint " + savepointId
                    + "; name one with --shard, or rewind them all to the time of it: " + String.join(", ", having));
        }
        return having.iterator().next();
    }

    private List<String> ours() {
        return shards.values().stream()
                .filter(ShardFacts::isOurs)
                .map(ShardFacts::shardId)
                .toList();
    }

    /** The youngest shards of every lineage that is ours: what came before them is reached through them. */
    private Set<String> frontier() {
        Set<String> youngest = new TreeSet<>(ours());
        for (ShardFacts facts : shards.values()) {
            if (facts.isOurs()) {
                facts.parents().forEach(youngest::remove);
            }
        }
        return youngest;
    }

    // ---- one shard

    private void decide(ShardFacts shard) throws RefusedException {
        if (decided.containsKey(shard.shardId())) {
            return;
        }
        if (isBefore(shard)) {
            notes.add(shard.shardId() + " stands before the target and stays where it is");
            decided.put(shard.shardId(), null);
            return;
        }
        Snapshot state = newestBefore(shard);
        if (state != null) {
            decided.put(
                    shard.shardId(),
                    new ShardMove(shard.shardId(), Kind.SAVEPOINT, shard.standsAt(), state, state.position()));
            return;
        }
        List<ShardFacts> parents = parentsOnStream(shard);
        if (parents.isEmpty()) {
            withoutState(shard);
        } else {
            beginAnew(shard, parents);
        }
    }

    /** Whether nothing of what is to be read again has been read, and the shard goes on from there. */
    private boolean isBefore(ShardFacts shard) {
        Snapshot state = shard.state();
        boolean byPlace = target instanceof RewindTarget.Time || target instanceof RewindTarget.Sequence;
        return byPlace && state != null && !shard.hasEnded() && lies(shard, state);
    }

    private @Nullable Snapshot newestBefore(ShardFacts shard) throws RefusedException {
        List<Snapshot> candidates = new ArrayList<>();
        Snapshot last = shard.state();
        if (last != null && shard.isSealed()) {
            candidates.add(last);
        }
        candidates.addAll(shard.savepoints());
        for (Snapshot candidate : candidates) {
            if (target instanceof RewindTarget.Savepoint wanted) {
                if (candidate.id().endsWith(wanted.id())) {
                    requireReadable(shard, candidate);
                    requireReached(shard, candidate);
                    return candidate;
                }
            } else if (!(target instanceof RewindTarget.TrimHorizon)
                    && !isAhead(shard, candidate)
                    && !isWayBack(candidate)
                    && lies(shard, candidate)) {
                return candidate;
            }
        }
        return null;
    }

    /** As the state before an earlier rewind is, until the shard has come there again. */
    private static boolean isAhead(ShardFacts shard, Snapshot candidate) {
        RecordPosition position = candidate.position();
        if (position == null || shard.pointer() == null || shard.isSealed()) {
            return false;
        }
        Snapshot state = shard.state();
        RecordPosition present = state == null ? null : state.position();
        return present == null || position.compareTo(present) > 0;
    }

    /** The states that earlier rewinds left behind are for taking them back; the newest is where the shard stood then. */
    private boolean isWayBack(Snapshot candidate) {
        String label = candidate.label();
        return target instanceof RewindTarget.Latest && label != null && label.startsWith(RewindExecutor.BEFORE);
    }

    private static void requireReached(ShardFacts shard, Snapshot savepoint) throws RefusedException {
        if (isAhead(shard, savepoint)) {
            throw new RefusedException("the savepoint " + savepoint.id() + " lies ahead of where " + shard.shardId()
                    + " stands, so what is between the two would not be processed again; take the rewind that left it there"
                    + " back with --undo, or wait until " + shard.shardId() + " has come there again");
        }
    }

    private void requireReadable(ShardFacts shard, Snapshot savepoint) throws RefusedException {
        if (states.readUpTo(shard.shardId(), savepoint) == null) {
            throw new RefusedException("the savepoint " + savepoint.id() + " of " + shard.shardId()
                    + " cannot be read; choose another one of 'recover savepoints', or a time: then the newest that can be"
                    + " read before it is used");
        }
    }

    private boolean lies(ShardFacts shard, Snapshot state) {
        if (target instanceof RewindTarget.Sequence wanted) {
            RecordPosition position = state.position();
            boolean before = position == null || position.compareTo(new RecordPosition(wanted.number(), 0)) < 0;
            return before && isReadable(shard, state);
        }
        Long readUpTo = states.readUpTo(shard.shardId(), state);
        if (readUpTo == null) {
            noteUnreadable(shard, state);
            return false;
        }
        return !(target instanceof RewindTarget.Time time) || readUpTo < time.millis();
    }

    private boolean isReadable(ShardFacts shard, Snapshot state) {
        boolean readable = states.readUpTo(shard.shardId(), state) != null;
        if (!readable) {
            noteUnreadable(shard, state);
        }
        return readable;
    }

    private void noteUnreadable(ShardFacts shard, Snapshot state) {
        String note = "the state " + state.id() + " of " + shard.shardId() + " cannot be read and is passed over";
        if (!notes.contains(note)) {
            notes.add(note);
        }
    }

    /** From the oldest record: a later one would cost a state that can still be computed. */
    private void withoutState(ShardFacts shard) throws RefusedException {
        String id = shard.shardId();
        if (target instanceof RewindTarget.Latest || target instanceof RewindTarget.Savepoint) {
            throw new RefusedException(
                    id + " has no savepoint that can be read; rewind to a time or to TRIM_HORIZON, which"
                            + " needs none, or leave " + id + " out with --shard");
        }
        if (!shard.onStream()) {
            notes.add("the stream has deleted " + id + ", so it stays as it is");
            decided.put(id, null);
            return;
        }
        if (!(target instanceof RewindTarget.TrimHorizon)) {
            notes.add(id + " has no state before the target: all that the stream keeps of it is read");
        }
        boolean whole = keptFromTheStart && shard.parents().isEmpty();
        decided.put(id, new ShardMove(id, whole ? Kind.FROM_START : Kind.WITHOUT_STATE, shard.standsAt(), null, null));
    }

    /** The shard takes over from its parents. */
    private void beginAnew(ShardFacts shard, List<ShardFacts> parents) throws RefusedException {
        ShardMove anew = new ShardMove(shard.shardId(), Kind.FROM_PARENTS, shard.standsAt(), null, null);
        decided.put(shard.shardId(), anew);
        boolean any = false;
        for (ShardFacts parent : parents) {
            decide(parent);
            any |= decided.get(parent.shardId()) != null;
        }
        if (!any) {
            // Parents that stay have yet to be read to their end: the shard has not begun.
            decided.put(shard.shardId(), null);
        }
    }

    // ---- the lineage

    private boolean takeChildrenAlong(ShardMove move) {
        boolean changed = false;
        for (ShardFacts child : shards.values()) {
            if (!child.parents().contains(move.shardId()) || !child.isOurs()) {
                continue;
            }
            ShardMove before = decided.get(child.shardId());
            if (before == null || before.kind() != Kind.FROM_PARENTS) {
                decided.put(
                        child.shardId(),
                        new ShardMove(child.shardId(), Kind.FROM_PARENTS, child.standsAt(), null, null));
                changed = true;
            }
        }
        return changed;
    }

    private boolean takeParentsAlong(ShardMove move) throws RefusedException {
        boolean changed = false;
        if (move.kind() == Kind.FROM_PARENTS) {
            for (ShardFacts parent : parentsOnStream(facts(move.shardId()))) {
                if (!decided.containsKey(parent.shardId())) {
                    decideOtherParent(parent);
                    changed = true;
                }
            }
        }
        return changed;
    }

    /** The other parent of a merge: to its own state before the target, and where one savepoint was named, to its newest. */
    private void decideOtherParent(ShardFacts parent) throws RefusedException {
        if (!(target instanceof RewindTarget.Savepoint)) {
            decide(parent);
            return;
        }
        if (!parent.hasEnded()) {
            decided.put(parent.shardId(), null);
            return;
        }
        Snapshot last = parent.state();
        List<Snapshot> candidates = new ArrayList<>(parent.savepoints());
        if (last != null) {
            candidates.add(0, last);
        }
        for (Snapshot candidate : candidates) {
            if (isReadable(parent, candidate)) {
                notes.add(parent.shardId()
                        + " goes back too, to its newest state: it was merged with a shard that goes back");
                decided.put(
                        parent.shardId(),
                        new ShardMove(
                                parent.shardId(), Kind.SAVEPOINT, parent.standsAt(), candidate, candidate.position()));
                return;
            }
        }
        throw new RefusedException(
                parent.shardId() + ", which was merged with a shard that goes back, has no savepoint that"
                        + " can be read; rewind to a time or to TRIM_HORIZON instead");
    }

    private List<ShardFacts> parentsOnStream(ShardFacts shard) {
        return shard.parents().stream()
                .map(shards::get)
                .filter(parent -> parent != null && parent.onStream() && parent.pointer() != null)
                .toList();
    }

    private ShardFacts facts(String shardId) {
        ShardFacts facts = shards.get(shardId);
        if (facts == null) {
            throw new IllegalStateException("shard " + shardId + " is not known");
        }
        return facts;
    }

    private List<ShardMove> moves() {
        List<ShardMove> moves = new ArrayList<>();
        for (ShardMove move : decided.values()) {
            if (move != null) {
                moves.add(move);
            }
        }
        return moves;
    }

    private List<ShardMove> ordered() {
        Map<String, ShardMove> ordered = new LinkedHashMap<>();
        List<ShardMove> left = moves();
        // Each round takes at least one: a shard's parents are older than it.
        while (!left.isEmpty()) {
            List<ShardMove> later = new ArrayList<>();
            Set<String> older = Set.copyOf(ordered.keySet());
            for (ShardMove move : left) {
                boolean waits = facts(move.shardId()).parents().stream()
                        .anyMatch(parent -> decided.get(parent) != null && !older.contains(parent));
                if (waits) {
                    later.add(move);
                } else {
                    ordered.put(move.shardId(), move);
                }
            }
            if (later.size() == left.size()) {
                throw new IllegalStateException("shards that are their own ancestors: " + later);
            }
            left = later;
        }
        return List.copyOf(ordered.values());
    }

    /** Whether a pointer says that the shard is not at the target yet. */
    static boolean isPast(@Nullable ShardPointer pointer, @Nullable RecordPosition until) {
        if (pointer == null) {
            return until == null;
        }
        if (pointer.isSealed() || until == null) {
            return true;
        }
        Snapshot state = pointer.snapshot();
        RecordPosition position = state == null ? null : state.position();
        return position != null && position.compareTo(until) >= 0;
    }
}
