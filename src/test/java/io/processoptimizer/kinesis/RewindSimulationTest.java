package io.processoptimizer.kinesis;

import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.emit.WindowResult;
import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.kinesis.SimulatedOperator.Move;
import io.processoptimizer.kinesis.SimulatedOperator.Rewind;
import io.processoptimizer.pipeline.InputRecord;
import io.processoptimizer.pipeline.ShardPipeline;
import io.processoptimizer.window.WindowFacts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Rewinds under fire: an operator sends shards back to savepoints and to the beginning, past reshards, some processes or all, while the
 * workers live and die, and dies in between; and evicts shards. In the end results, advice, adjustments and dead letters are those of an
 * undisturbed run apart from the generations, everything behind a rewind's target has its generation, and nothing was published twice.
 * 300 histories by default; {@code -Dsimulation.histories=100000} for more, {@code -Dsimulation.seed=N} to begin at a seed.
 */
class RewindSimulationTest {
    private static final int STREAMS = 25;

    /** Histories within which each planted bug must be found. */
    private static final int BUG_HISTORIES = Integer.getInteger("simulation.bugs", 400);

    private final Map<Long, SimulatedStream> streams = new HashMap<>();
    private final Map<Long, Undisturbed> expected = new HashMap<>();

    /** Where the last final result of a window is decided. */
    private record Decision(String processId, long startMillis, String shardId, RecordPosition position) {}

    private record Undisturbed(Map<String, Object> contents, Map<String, Decision> decisions) {}

    @Test
    void everyRewoundHistoryEndsWithTheResultsOfAnUndisturbedRunInItsGeneration() {
        int histories = Integer.getInteger("simulation.histories", 300);
        long first = Long.getLong("simulation.seed", 1);
        long rewinds = 0;
        long shards = 0;
        long withoutState = 0;
        long deaths = 0;
        for (long seed = first; seed < first + histories; seed++) {
            SimulatedKcl kcl = kcl(seed, PlantedBug.NONE);
            String fault;
            try {
                fault = fault(kcl, seed);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("history of seed " + seed + " (-Dsimulation.seed=" + seed + "): " + e, e);
            }
            assertThat(fault)
                    .as("history of seed %d (-Dsimulation.seed=%d)", seed, seed)
                    .isNull();
            List<Rewind> made = operator(kcl).rewinds;
            rewinds += made.size();
            shards += made.stream().mapToLong(rewind -> rewind.moves().size()).sum();
            withoutState += made.stream()
                    .flatMap(rewind -> rewind.moves().stream())
                    .filter(move -> move.withoutState)
                    .count();
            deaths += operator(kcl).deaths();
        }
        System.out.println("rewind simulation: " + histories + " histories from seed " + first + ", " + rewinds
                + " rewinds of " + shards + " shards, " + withoutState + " without state; the operator died " + deaths
                + " times");
        assertThat(rewinds).isGreaterThan(histories);
        assertThat(shards).isGreaterThan(rewinds);
        assertThat(withoutState).isPositive();
        assertThat(deaths).isPositive();
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "REWINDS_DO_NOT_FENCE",
                "LEASES_ARE_REWOUND_FIRST",
                "WITHOUT_STATE_IS_FORGOTTEN",
                "REPROCESSING_PUBLISHES",
                "EARLIER_GENERATIONS_ARE_FORGOTTEN",
                "CHILDREN_ARE_NOT_REWOUND"
            })
    void aPlantedBugIsFound(PlantedBug bug) {
        String found = null;
        for (long seed = 1; seed <= BUG_HISTORIES && found == null; seed++) {
            try {
                found = fault(kcl(seed, bug), seed);
            } catch (RuntimeException | AssertionError e) {
                found = e.toString();
            }
            found = found == null ? null : "seed " + seed + ": " + found;
        }
        System.out.println(bug + ": " + found);
        assertThat(found).as("within %d histories", BUG_HISTORIES).isNotNull();
    }

    // ---- what must hold in the end

    private @Nullable String fault(SimulatedKcl kcl, long seed) {
        kcl.run();
        Undisturbed undisturbed = expected(seed);
        List<Rewind> rewinds = operator(kcl).rewinds;
        if (!kcl.tables.publishedAgain.isEmpty()) {
            return "published by a rewind: " + kcl.tables.publishedAgain;
        }
        String otherGeneration = generations(kcl, undisturbed, rewinds);
        if (otherGeneration != null) {
            return otherGeneration;
        }
        Map<String, Object> contents = kcl.tables.contents();
        for (Map.Entry<String, Object> wanted : undisturbed.contents().entrySet()) {
            String fault = difference(
                    wanted.getKey(),
                    comparable(wanted.getValue(), rewinds, stream(seed)),
                    comparable(contents.get(wanted.getKey()), rewinds, stream(seed)));
            if (fault != null) {
                return fault;
            }
        }
        return null;
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

    /** Without the generations, and without windows that may lack facts in either run; advice of all generations must be the same. */
    private static Map<String, String> comparable(
            @Nullable Object contents, List<Rewind> rewinds, SimulatedStream stream) {
        Map<String, String> plain = new TreeMap<>();
        ((Map<?, ?>) contents).forEach((key, value) -> {
            String text = value.toString()
                    .replaceAll("\"generation\":\\d+", "\"generation\":0")
                    .replaceAll("#g\\d+\"", "\"");
            String name = key.toString().replaceAll("#g\\d+$", "");
            if (!mayLackFacts(text, rewinds, stream)) {
                plain.merge(name, text, (one, other) -> one.equals(other) ? one : one + " and " + other);
            }
        });
        return plain;
    }

    private static boolean mayLackFacts(String json, List<Rewind> rewinds, SimulatedStream stream) {
        Matcher start = WINDOW_START.matcher(json);
        if (!start.find()) {
            return false;
        }
        long startMillis = Long.parseLong(start.group(1));
        return rewinds.stream()
                .flatMap(rewind -> rewind.moves().stream())
                .anyMatch(move -> move.withoutState && startMillis < lackingUntil(move.shard));
    }

    private static final Pattern WINDOW_START = Pattern.compile("\"window_start\":(\\d+)");

    /** A shard without a state reads on from its first record. */
    private static long lackingUntil(SimulatedStream.Shard shard) {
        return shard.records.isEmpty()
                ? Long.MAX_VALUE
                : shard.records.get(0).arrivalMillis() + RecoverySimulationTest.MAX_FUTURE_MILLIS;
    }

    private static @Nullable String generations(SimulatedKcl kcl, Undisturbed undisturbed, List<Rewind> rewinds) {
        Map<String, WindowResult> results = kcl.tables.results();
        for (Map.Entry<String, Decision> entry : undisturbed.decisions().entrySet()) {
            Decision decision = entry.getValue();
            WindowResult result = results.get(entry.getKey());
            if (result == null) {
                continue; // said by the comparison of the contents
            }
            boolean lacks = rewinds.stream()
                    .flatMap(rewind -> rewind.moves().stream())
                    .anyMatch(move -> move.withoutState && decision.startMillis() < lackingUntil(move.shard));
            long least = 0;
            long most = 0;
            for (Rewind rewind : rewinds) {
                Move move = rewind.moveOf(decision.shardId());
                boolean concerned = rewind.names(decision.processId());
                boolean loses = move != null && move.withoutState && decision.startMillis() < lackingUntil(move.shard);
                if (loses
                        && concerned
                        && !kcl.store.wentBack.contains(decision.shardId())
                        && result.generation() == rewind.generation()) {
                    return "a window that may lack facts replaced a whole one: " + entry.getKey();
                }
                if (concerned && move != null && move.covers(decision.position())) {
                    least = rewind.generation();
                }
                if (concerned) {
                    most = rewind.generation();
                }
            }
            if (result.generation() < least && !lacks) {
                return entry.getKey() + " (complete: " + result.complete() + ") has generation " + result.generation()
                        + ", not at least " + least + ": " + decision + " " + rewinds;
            }
            if (result.generation() > most) {
                return entry.getKey() + " has generation " + result.generation() + ", not at most " + most;
            }
        }
        return null;
    }

    // ---- both runs

    private SimulatedKcl kcl(long seed, PlantedBug bug) {
        SimulatedStream stream = stream(seed);
        SimulatedKcl kcl = new SimulatedKcl(seed, stream, RecoverySimulationTest.settings(stream), bug);
        kcl.operator = new SimulatedOperator(seed, kcl, stream, kcl.store.new Operator(), bug);
        return kcl;
    }

    private static SimulatedOperator operator(SimulatedKcl kcl) {
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
        List<InputRecord> inHand = new ArrayList<>();
        SimulatedTables.Pending outputs = tables.new Pending() {
            @Override
            public void result(WindowResult result, WindowFacts facts) {
                InputRecord record = inHand.get(0);
                if (result.isFinal()) {
                    decisions.put(
                            result.processId() + " " + result.window() + " " + result.endMillis(),
                            new Decision(
                                    result.processId(),
                                    result.startMillis(),
                                    record.shard().shardId(),
                                    record.position()));
                }
                super.result(result, facts);
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
        return new Undisturbed(tables.contents(), decisions);
    }
}
