package io.processoptimizer.recover.rewind;

import io.processoptimizer.aws.Supersession.Count;
import io.processoptimizer.aws.Supersession.Stretch;
import io.processoptimizer.checkpoint.Snapshot;
import io.processoptimizer.emit.WindowResult;
import io.processoptimizer.event.TelemetryEvent;
import io.processoptimizer.pipeline.StateContents;
import io.processoptimizer.recover.rewind.RewindPlan.Affected;
import io.processoptimizer.recover.rewind.RewindPlan.ShardPlan;
import io.processoptimizer.recover.rewind.ShardMove.Kind;
import io.processoptimizer.replay.StreamDescription;
import io.processoptimizer.replay.StreamSource;
import io.processoptimizer.replay.TrimmedException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Works out a plan from what there is, and refuses what would do harm. Reads only. */
public final class Planning {
    /** A shard's reads allow some 5,000 records a second: four seconds of counting. */
    private static final long MOST_RECORDS = 20_000;

    /** Some milliseconds each. */
    private static final int MOST_PROCESSES = 1_000;

    private final Rewinds.Parts parts;
    private final StreamDescription stream;
    private final StreamReading reading;
    private final StateReading states;
    private final Map<String, ShardFacts> shards = new TreeMap<>();

    /**
     * What an operator asks for.
     *
     * @param to as it was written
     * @param shards empty: all
     * @param processes whose results are replaced; empty: all
     * @param configuration fingerprint that workers must have, or null
     */
    public record Request(
            String application,
            String to,
            RewindTarget target,
            Set<String> shards,
            Set<String> processes,
            boolean publish,
            @Nullable String configuration) {
        public Request {
            shards = Set.copyOf(shards);
            processes = Set.copyOf(processes);
        }
    }

    public Planning(Rewinds.Parts parts, StreamSource source, StreamDescription stream) {
        this.parts = parts;
        this.stream = stream;
        this.reading = new StreamReading(source);
        this.states = new StateReading(parts.check());
    }

    /**
     * The plan.
     *
     * @throws RefusedException with what to do instead
     */
    public RewindPlan plan(Request request) throws RefusedException, InterruptedException {
        RewindOperation last = parts.log().last();
        if (last != null && last.phase() != RewindOperation.Phase.DONE) {
            throw new RefusedException(OperationLog.unfinished(last));
        }
        PresentStates present = new PresentStates(parts.store()::pointer, states);
        parts.shards().forEach(shard -> shards.put(shard.shardId(), present.readable(shard)));
        requireStates();
        Set<String> wanted =
                request.processes().isEmpty() ? request.shards() : holding(request.processes(), request.shards());
        if (request.target() instanceof RewindTarget.Sequence sequence) {
            requireRecord(wanted, sequence.number());
        }
        boolean fromTheStart = parts.clock().millis() - stream.createdMillis() < stream.retentionMillis();
        RewindPlanner.Decision decision =
                new RewindPlanner(shards.values(), states, fromTheStart, request.target()).plan(wanted);
        List<String> notes = new ArrayList<>(decision.notes());
        RecomputedTime time = new RecomputedTime(parts.windows());
        List<ShardPlan> planned = new ArrayList<>();
        Set<String> incomplete = new HashSet<>();
        for (ShardMove move : decision.moves()) {
            ShardPlan shard = shard(move, incomplete);
            planned.add(shard);
            Snapshot target = move.savepoint();
            StateContents contents = target == null ? null : states.contents(move.shardId(), target);
            if (contents != null) {
                time.goesOnFrom(contents);
            }
            if (move.kind() == Kind.WITHOUT_STATE) {
                time.isMissingBefore(shard.firstArrival());
            }
        }
        return new RewindPlan(
                request.application(),
                stream.name(),
                request.to(),
                planned,
                request.processes(),
                request.publish(),
                request.configuration(),
                affected(time, decision.moves(), request.processes()),
                notes);
    }

    private void requireStates() throws RefusedException {
        int all = 0;
        int unreadable = 0;
        for (ShardFacts shard : shards.values()) {
            Snapshot state = shard.state();
            if (state != null) {
                all++;
                unreadable += states.contents(shard.shardId(), state) == null ? 1 : 0;
            }
        }
        if (all > 0 && unreadable == all) {
            throw new RefusedException(
                    "none of the " + all + " present states can be read where state.store says they are:"
                            + " probably the workers keep them in another store; check state.store and its bucket or folder, and"
                            + " 'recover savepoints verify present'");
        }
    }

    private Set<String> holding(Set<String> processes, Set<String> asked) throws RefusedException {
        Set<String> unknown = new TreeSet<>(processes);
        Set<String> holding = new TreeSet<>();
        for (ShardFacts shard : shards.values()) {
            Snapshot state = shard.state();
            StateContents contents = state == null ? null : states.contents(shard.shardId(), state);
            if (contents == null) {
                continue;
            }
            for (String processId : processes) {
                if (contents.process(processId).isPresent()) {
                    unknown.remove(processId);
                    if (!shard.isSealed()) {
                        holding.add(shard.shardId());
                    }
                }
            }
        }
        if (!unknown.isEmpty()) {
            throw new RefusedException("--process " + String.join(", ", unknown)
                    + " is in no present state of this application; 'recover savepoints describe present --processes' shows"
                    + " which are");
        }
        if (!asked.isEmpty() && !asked.containsAll(holding)) {
            throw new RefusedException("the processes of --process are in " + String.join(", ", holding)
                    + ", not only in the shards of --shard; leave --shard out");
        }
        return holding;
    }

    private void requireRecord(Set<String> wanted, String number) throws RefusedException, InterruptedException {
        for (String shardId : wanted) {
            ShardFacts facts = shards.get(shardId);
            if (facts == null || !facts.onStream()) {
                continue;
            }
            boolean has;
            try {
                has = reading.has(shardId, number);
            } catch (software.amazon.awssdk.services.kinesis.model.InvalidArgumentException e) {
                has = false;
            }
            if (!has) {
                throw new RefusedException(
                        shardId + " has no record " + number + " (any more): it is of another shard, or older"
                                + " than the stream keeps records; name the shard it came from with --shard, or rewind to a time");
            }
        }
    }

    private ShardPlan shard(ShardMove move, Set<String> incomplete) throws RefusedException, InterruptedException {
        StreamReading.Stretch stretch;
        try {
            stretch = reading.count(move, MOST_RECORDS);
        } catch (TrimmedException e) {
            Snapshot savepoint = move.savepoint();
            throw new RefusedException("the stream no longer has the records that follow "
                    + (savepoint == null ? "the target" : "the savepoint " + savepoint.id()) + " of " + move.shardId()
                    + ": they are older than its retention; choose a later savepoint or time ('recover savepoints' lists"
                    + " them), or TRIM_HORIZON to read what there is without a state");
        }
        Long first = stretch.firstArrival();
        Long last = stretch.lastArrival();
        long again =
                first == null || last == null ? 0 : Math.max(last - first, stretch.more() ? upTo(move) - first : 0);
        String why = null;
        ShardFacts facts = shards.get(move.shardId());
        boolean inherits = move.kind() == Kind.FROM_PARENTS
                && facts != null
                && facts.parents().stream().anyMatch(incomplete::contains);
        if (move.kind() == Kind.WITHOUT_STATE) {
            incomplete.add(move.shardId());
            why =
                    "no state before the target and the stream may have dropped earlier records: windows that begin before "
                            + (first == null
                                    ? "the next record"
                                    : Instant.ofEpochMilli(
                                            first + parts.windows().maxFutureMillis()))
                            + " stay as they are stored";
        } else if (inherits) {
            incomplete.add(move.shardId());
            why = "its parents are read without a state";
        }
        return new ShardPlan(move, stretch.records(), stretch.more(), first, again, why);
    }

    private long upTo(ShardMove move) {
        ShardFacts facts = shards.get(move.shardId());
        Snapshot state = facts == null ? null : facts.state();
        Long readUpTo = state == null ? null : states.readUpTo(move.shardId(), state);
        return readUpTo == null || readUpTo == TelemetryEvent.ABSENT
                ? parts.clock().millis()
                : readUpTo;
    }

    private Affected affected(RecomputedTime time, List<ShardMove> moves, Set<String> processes)
            throws InterruptedException {
        List<StateContents> before = new ArrayList<>();
        for (ShardMove move : moves) {
            ShardFacts facts = shards.get(move.shardId());
            Snapshot state = facts == null ? null : facts.state();
            StateContents contents = state == null ? null : states.contents(move.shardId(), state);
            if (contents != null) {
                before.add(contents);
            }
        }
        Count count = Count.NONE;
        Set<String> counted = new HashSet<>();
        boolean more = false;
        for (Stretch stretch : time.until(before, processes)) {
            if (counted.size() >= MOST_PROCESSES && !counted.contains(stretch.processId())) {
                more = true;
                break;
            }
            counted.add(stretch.processId());
            count = count.plus(parts.outputs().count(stretch, WindowResult.MAX_GENERATION));
        }
        return new Affected(counted.size(), count.earlier(), count.adjustments(), more);
    }
}
