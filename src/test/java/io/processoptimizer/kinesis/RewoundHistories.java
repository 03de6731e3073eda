package io.processoptimizer.kinesis;

import io.processoptimizer.emit.Adjustment;
import io.processoptimizer.emit.AdviceRecord;
import io.processoptimizer.emit.DeadLetter;
import io.processoptimizer.emit.Effect;
import io.processoptimizer.emit.WindowResult;
import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.pipeline.InputRecord;
import io.processoptimizer.pipeline.ShardPipeline;
import io.processoptimizer.recover.move.Application;
import io.processoptimizer.recover.rewind.RewindOperation;
import io.processoptimizer.recover.rewind.RewindOperation.Step;
import io.processoptimizer.window.WindowFacts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Histories with an operator, and what must hold at their end: results, advice, adjustments and dead letters are those of an undisturbed
 * run apart from the generations, everything behind a rewind's target has its generation, and nothing was published twice.
 */
final class RewoundHistories {
    private static final int STREAMS = 25;

    private final Map<Long, SimulatedStream> streams = new HashMap<>();
    private final Map<Long, Undisturbed> expected = new HashMap<>();

    /** Where a final result of a window is decided. */
    private record Decision(String processId, long startMillis, String shardId, RecordPosition position) {}

    /**
     * @param decisions of the last revision of each window
     * @param earlier of all revisions
     * @param editions what is said of each window in each revision
     * @param written where each of the contents was written last, by its kind and key
     */
    private record Undisturbed(
            Map<String, Object> contents,
            Map<String, Decision> decisions,
            Map<String, Map<Integer, Decision>> earlier,
            Map<String, Map<Integer, String>> editions,
            Map<String, Map<String, Decision>> written) {}

    // ---- what must hold in the end

    /** Runs it; what is not as it should be, or null. */
    @Nullable
    String fault(SimulatedKcl kcl, long seed) {
        Undisturbed undisturbed = expected(seed);
        kcl.tables.editions.putAll(undisturbed.editions());
        kcl.run();
        for (List<String> wrong : List.of(kcl.tables.wrong, kcl.store.wrong)) {
            if (!wrong.isEmpty()) {
                return wrong.get(0);
            }
        }
        if (!kcl.tables.publishedAgain.isEmpty()) {
            return "published by a rewind: " + kcl.tables.publishedAgain;
        }
        List<RewindOperation> rewinds = operator(kcl).rewinds;
        String otherGeneration = generations(kcl, undisturbed, rewinds);
        if (otherGeneration != null) {
            return otherGeneration;
        }
        Map<String, Object> contents = kcl.tables.contents();
        Set<String> halfway = leftHalfway(undisturbed, rewinds, kcl);
        for (Map.Entry<String, Object> wanted : undisturbed.contents().entrySet()) {
            String fault = difference(
                    wanted.getKey(),
                    comparable(wanted.getValue(), rewinds, stream(seed), halfway),
                    comparable(contents.get(wanted.getKey()), rewinds, stream(seed), halfway));
            if (fault != null) {
                return fault;
            }
        }
        return copyFault(kcl, undisturbed, halfway);
    }

    /** A copy beside the original writes the same; and all that is decided behind the states that it began with. */
    private static @Nullable String copyFault(SimulatedKcl kcl, Undisturbed undisturbed, Set<String> halfway) {
        SimulatedMover mover = operator(kcl).mover;
        SimulatedKcl copy = mover == null ? null : mover.copy();
        Application copied = mover == null ? null : mover.copied();
        if (copy == null || copied == null || kcl.successor != null) {
            return null;
        }
        copy.tables.editions.putAll(undisturbed.editions());
        copy.follow(kcl);
        copy.run();
        if (!copy.tables.wrong.isEmpty()) {
            return "of the copy: " + copy.tables.wrong.get(0);
        }
        List<RewindOperation> rewinds = operator(kcl).rewinds;
        Map<String, Object> contents = copy.tables.contents();
        for (Map.Entry<String, Object> entry : undisturbed.contents().entrySet()) {
            String kind = entry.getKey();
            Map<String, String> wanted = comparable(entry.getValue(), rewinds, kcl.stream(), halfway);
            Map<String, String> found = comparable(contents.get(kind), rewinds, kcl.stream(), halfway);
            // What was decided once before a rewind is withheld afterwards.
            boolean allExpected = rewinds.isEmpty() || !kind.matches("adjustments|effects");
            Map<String, Decision> written = undisturbed.written().getOrDefault(kind, Map.of());
            wanted.keySet()
                    .removeIf(key -> !found.containsKey(key)
                            && !(allExpected && isBehind(written.get(key), copied, kcl.stream())));
            String fault = difference(kind, wanted, found);
            if (fault != null) {
                return "of the copy, which began with " + copied.shards() + ": " + fault;
            }
        }
        return null;
    }

    private static boolean isBehind(@Nullable Decision decision, Application copied, SimulatedStream stream) {
        if (decision == null) {
            return false;
        }
        boolean isNew = false;
        for (Application.Shard shard : copied.shards()) {
            if (shard.id().equals(decision.shardId())) {
                Map<String, AttributeValue> pointer = shard.pointer();
                boolean ended = shard.hasEnded() || (pointer != null && pointer.containsKey("children"));
                RecordPosition position = shard.position();
                return !ended && (position == null || decision.position().compareTo(position) > 0);
            }
            if (stream.isOrDescendsFrom(stream.shard(shard.id()), decision.shardId())) {
                return false; // it had ended, and its lease was gone
            }
            isNew |= stream.isOrDescendsFrom(stream.shard(decision.shardId()), shard.id());
        }
        return isNew;
    }

    private static @Nullable String difference(String what, Map<String, String> wanted, Map<String, String> found) {
        for (Map.Entry<String, String> entry : wanted.entrySet()) {
            String is = found.get(entry.getKey());
            if (!entry.getValue().equals(is)) {
                return what + " of " + entry.getKey() + ": " + is + " instead of " + entry.getValue();
            }
        }
        return found.keySet().stream()
                .filter(key -> !wanted.containsKey(key))
                .findFirst()
                .map(key -> what + " that nobody expects: " + key)
                .orElse(null);
    }

    /**
     * Without the generations, and without windows that may lack facts: of these the last edition may be missing, and what is there was
     * checked when it was written. Advice of all generations must be the same.
     */
    private static Map<String, String> comparable(
            @Nullable Object contents, List<RewindOperation> rewinds, SimulatedStream stream, Set<String> halfway) {
        Map<String, String> plain = new TreeMap<>();
        ((Map<?, ?>) Objects.requireNonNull(contents)).forEach((key, value) -> {
            String text = value.toString()
                    .replaceAll("\"generation\":\\d+", "\"generation\":0")
                    .replaceAll("#g\\d+\"", "\"");
            String name = key.toString().replaceAll("#g\\d+$", "");
            Matcher process = PROCESS.matcher(text);
            Matcher start = WINDOW_START.matcher(text);
            boolean lacks = process.find()
                    && start.find()
                    && (halfway.contains(process.group(1) + " " + start.group(1))
                            || mayLackFacts(process.group(1), Long.parseLong(start.group(1)), rewinds, stream));
            if (!lacks) {
                plain.merge(name, text, (one, other) -> one.equals(other) ? one : one + " and " + other);
            }
        });
        return plain;
    }

    private static final Pattern PROCESS = Pattern.compile("\"process_id\":\"([^\"]+)\"");
    private static final Pattern WINDOW_START = Pattern.compile("\"window_start\":(\\d+)");

    /** Those of a process that goes through a shard that began without a state, or through one that took over from such a shard. */
    private static boolean mayLackFacts(
            String processId, long startMillis, List<RewindOperation> rewinds, SimulatedStream stream) {
        return withoutState(rewinds).stream()
                .map(step -> stream.shard(step.shardId()))
                .filter(shard -> startMillis < lackingUntil(shard))
                .anyMatch(shard -> stream.shards.values().stream()
                        .anyMatch(its -> stream.isOf(its, processId) && stream.isOrDescendsFrom(its, shard.id())));
    }

    static List<Step> withoutState(List<RewindOperation> rewinds) {
        return rewinds.stream()
                .flatMap(rewind -> rewind.steps().stream())
                .filter(step -> !step.whole())
                .toList();
    }

    /** A shard without a state reads on from its first record. */
    private static long lackingUntil(SimulatedStream.Shard shard) {
        return shard.records.isEmpty()
                ? Long.MAX_VALUE
                : shard.records.get(0).arrivalMillis() + RecoverySimulationTest.MAX_FUTURE_MILLIS;
    }

    private static @Nullable String generations(
            SimulatedKcl kcl, Undisturbed undisturbed, List<RewindOperation> rewinds) {
        Map<String, WindowResult> results = kcl.tables.results();
        for (Map.Entry<String, Decision> entry : undisturbed.decisions().entrySet()) {
            Decision decision = entry.getValue();
            WindowResult result = results.get(entry.getKey());
            if (result == null) {
                continue; // said by the comparison of the contents
            }
            long least = 0;
            long most = 0;
            for (RewindOperation rewind : rewinds) {
                if (rewind.processes().isEmpty() || rewind.processes().contains(decision.processId())) {
                    most = rewind.generation();
                    boolean again = rewind.steps().stream()
                            .anyMatch(step -> step.shardId().equals(decision.shardId())
                                    && kcl.store.isMoved(step.shardId(), rewind.generation())
                                    && (step.to() == null || decision.position().compareTo(step.to()) > 0));
                    boolean isTakenBack = rewinds.stream().anyMatch(undo -> isUndoOf(undo, rewind));
                    least = again && !isTakenBack ? rewind.generation() : least;
                    Decision stored = Objects.requireNonNull(
                                    undisturbed.earlier().get(entry.getKey()))
                            .getOrDefault(result.revision(), decision);
                    if (result.isFinal()
                            && result.generation() == rewind.generation()
                            && beganWithoutFacts(stored, rewind, kcl)) {
                        return entry.getKey() + " may lack facts, but counts as whole: " + result.complete() + ", "
                                + stored + " " + rewind;
                    }
                }
            }
            if (result.generation() < least
                    && !mayLackFacts(decision.processId(), decision.startMillis(), rewinds, kcl.stream())) {
                return entry.getKey() + " (complete: " + result.complete() + ") has generation " + result.generation()
                        + ", not at least " + least + ": " + decision + " " + rewinds;
            }
            if (result.generation() > most) {
                return entry.getKey() + " has generation " + result.generation() + ", not at most " + most;
            }
        }
        return null;
    }

    /**
     * Windows that have more than one final result, the last of which a rewind that was taken back had to decide again: it may have come
     * to an earlier one only, which has replaced the last.
     */
    private static Set<String> leftHalfway(Undisturbed undisturbed, List<RewindOperation> rewinds, SimulatedKcl kcl) {
        Set<String> halfway = new HashSet<>();
        for (RewindOperation rewind : rewinds) {
            if (rewinds.stream().noneMatch(undo -> isUndoOf(undo, rewind))) {
                continue;
            }
            undisturbed.decisions().forEach((key, decision) -> {
                boolean hadToComeAgain = rewind.steps().stream()
                        .anyMatch(step -> step.shardId().equals(decision.shardId())
                                && kcl.store.isMoved(step.shardId(), rewind.generation())
                                && (step.to() == null || decision.position().compareTo(step.to()) > 0));
                if (hadToComeAgain
                        && undisturbed.earlier().getOrDefault(key, Map.of()).size() > 1) {
                    halfway.add(decision.processId() + " " + decision.startMillis());
                }
            });
        }
        return halfway;
    }

    private static boolean isUndoOf(RewindOperation undo, RewindOperation rewind) {
        RewindOperation undone = undo.undoes();
        return undone != null && undone.generation() == rewind.generation();
    }

    /** Whether a rewind had it computed from records that may have been without their predecessors. */
    private static boolean beganWithoutFacts(Decision decision, RewindOperation rewind, SimulatedKcl kcl) {
        SimulatedStream stream = kcl.stream();
        SimulatedStream.Shard decidedIn = stream.shard(decision.shardId());
        boolean wentBehind = stream.shards.keySet().stream()
                .filter(id -> kcl.store.wentBehind(id, rewind.generation()))
                .anyMatch(id -> stream.isOrDescendsFrom(decidedIn, id));
        return !wentBehind
                && withoutState(List.of(rewind)).stream()
                        .map(step -> stream.shard(step.shardId()))
                        .anyMatch(shard -> decision.startMillis() < lackingUntil(shard)
                                && stream.isOrDescendsFrom(decidedIn, shard.id()));
    }

    // ---- both runs

    SimulatedKcl kcl(long seed, PlantedBug bug) {
        SimulatedStream stream = stream(seed);
        SimulatedKcl kcl = new SimulatedKcl(seed, stream, RecoverySimulationTest.settings(stream), bug);
        kcl.operator = new SimulatedOperator(seed, kcl, stream, kcl.store.new Operator(), bug);
        return kcl;
    }

    /** One in which the application is exported, imported and copied, too. */
    SimulatedKcl movingKcl(long seed, PlantedBug bug, Path folder) {
        SimulatedKcl kcl = kcl(seed, bug);
        SimulatedStream stream = stream(seed);
        SimulatedKcl empty = new SimulatedKcl(
                seed + 1_000_003,
                stream,
                RecoverySimulationTest.settings(stream),
                bug,
                new SimulatedTables(bug == PlantedBug.RANKS_ARE_IGNORED));
        operator(kcl).move(empty, folder);
        return kcl;
    }

    static SimulatedOperator operator(SimulatedKcl kcl) {
        return Objects.requireNonNull(kcl.operator);
    }

    private SimulatedStream stream(long seed) {
        return streams.computeIfAbsent(seed % STREAMS, SimulatedStream::new);
    }

    private Undisturbed expected(long seed) {
        return expected.computeIfAbsent(seed % STREAMS, stream -> undisturbed(stream(stream)));
    }

    private static Undisturbed undisturbed(SimulatedStream stream) {
        SimulatedTables tables = new SimulatedTables(false);
        Map<String, Decision> decisions = new TreeMap<>();
        Map<String, Map<Integer, Decision>> earlier = new HashMap<>();
        Map<String, Map<Integer, String>> editions = new HashMap<>();
        Map<String, Map<String, Decision>> written = new HashMap<>();
        List<InputRecord> inHand = new ArrayList<>();
        SimulatedTables.Pending outputs = tables.new Pending() {
            @Override
            public void result(WindowResult result, WindowFacts facts) {
                InputRecord record = inHand.get(0);
                if (result.isFinal()) {
                    editions.computeIfAbsent(SimulatedTables.key(result), k -> new HashMap<>())
                            .put(result.revision(), SimulatedTables.plain(result));
                    Decision decision = new Decision(
                            result.processId(),
                            result.startMillis(),
                            record.shard().shardId(),
                            record.position());
                    decisions.put(SimulatedTables.key(result), decision);
                    earlier.computeIfAbsent(SimulatedTables.key(result), k -> new HashMap<>())
                            .put(result.revision(), decision);
                }
                note("results", SimulatedTables.key(result));
                super.result(result, facts);
            }

            @Override
            public void advice(AdviceRecord record) {
                note("advice", record.result().processId() + " " + record.id());
                super.advice(record);
            }

            @Override
            public void adjustment(Adjustment adjustment) {
                note("adjustments", adjustment.itemId());
                super.adjustment(adjustment);
            }

            @Override
            public void effect(Effect effect) {
                note("effects", effect.processId() + " " + effect.adjustmentItemId());
                super.effect(effect);
            }

            @Override
            public void deadLetter(DeadLetter letter) {
                note("dead letters", letter.id());
                super.deadLetter(letter);
            }

            private void note(String kind, String key) {
                InputRecord record = inHand.get(0);
                written.computeIfAbsent(kind, k -> new HashMap<>())
                        .put(key, new Decision("", 0, record.shard().shardId(), record.position()));
            }
        };
        ShardPipeline pipeline =
                new ShardPipeline(RecoverySimulationTest.settings(stream), SimulatedStream.DEFINITIONS, outputs);
        stream.poison.forEach(pipeline::refuse);
        for (InputRecord record : stream.all) {
            inHand.clear();
            inHand.add(record);
            pipeline.accept(record);
        }
        outputs.applyAll();
        return new Undisturbed(tables.contents(), decisions, earlier, editions, written);
    }
}
