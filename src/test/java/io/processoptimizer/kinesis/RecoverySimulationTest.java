package io.processoptimizer.kinesis;

import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.advise.AdviceSettings;
import io.processoptimizer.pipeline.InputRecord;
import io.processoptimizer.pipeline.PipelineSettings;
import io.processoptimizer.pipeline.ShardPipeline;
import io.processoptimizer.window.WindowDefinition;
import io.processoptimizer.window.WindowLimits;
import io.processoptimizer.window.WindowPolicy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Promises 1 and 2 under fire: whatever happens to workers, leases, stores and the stream's shards, results, advice, adjustments and
 * dead letters are those of an undisturbed run over the same records, to the byte. 1,000 histories by default; {@code
 * -Dsimulation.histories=100000} for more, {@code -Dsimulation.seed=N} to begin at a seed, which a failure names.
 */
class RecoverySimulationTest {
    private static final int STREAMS = 25;

    /** Histories within which each planted bug must be found. */
    private static final int BUG_HISTORIES = 400;

    /** How far a timestamp may be ahead. */
    static final long MAX_FUTURE_MILLIS = 60_000;

    static PipelineSettings settings(SimulatedStream stream) {
        return new PipelineSettings(
                new WindowPolicy(
                        60_000,
                        5_000,
                        120_000,
                        60_000,
                        MAX_FUTURE_MILLIS,
                        604_800_000,
                        List.of(new WindowDefinition("main", 120_000, 60_000))),
                WindowLimits.DEFAULT,
                1_000,
                1 << 20,
                stream.keyRule,
                AdviceSettings.defaults("main"));
    }

    private final Map<Long, SimulatedStream> streams = new HashMap<>();
    private final Map<Long, Map<String, Object>> expected = new HashMap<>();

    @Test
    void everyHistoryEndsWithTheResultsOfAnUndisturbedRun() {
        int histories = Integer.getInteger("simulation.histories", 1_000);
        long first = Long.getLong("simulation.seed", 1);
        long resumed = 0;
        long setBack = 0;
        long failed = 0;
        for (long seed = first; seed < first + histories; seed++) {
            SimulatedKcl kcl = kcl(seed, PlantedBug.NONE);
            try {
                kcl.run();
                assertSame(kcl, seed);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("history of seed " + seed + " (-Dsimulation.seed=" + seed + "): " + e, e);
            }
            resumed += kcl.resumed();
            setBack += kcl.setBack();
            failed += kcl.store.failed();
        }
        System.out.println("recovery simulation: " + histories + " histories from seed " + first + ", " + resumed
                + " tenures went on from a position, " + setBack + " went back to a savepoint, " + failed
                + " ended on a record");
        assertThat(resumed).isGreaterThan(histories);
        assertThat(setBack).isPositive();
        assertThat(failed).isGreaterThan(histories);
    }

    private void assertSame(SimulatedKcl kcl, long seed) {
        Map<String, Object> contents = kcl.tables.contents();
        expected(seed)
                .forEach((what, wanted) ->
                        assertThat(contents.get(what)).as("%s", what).isEqualTo(wanted));
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {
                "NONE",
                "CLAIMS_ARE_NOT_FENCED",
                "LEASES_ARE_NOT_CHECKED",
                "LEASES_ARE_RELEASED_FIRST",
                "REWINDS_DO_NOT_FENCE",
                "LEASES_ARE_REWOUND_FIRST",
                "WITHOUT_STATE_IS_FORGOTTEN",
                "REPROCESSING_PUBLISHES",
                "LATER_PROCESSES_KEEP_THEIR_GENERATION",
                "EARLIER_GENERATIONS_ARE_FORGOTTEN",
                "CHILDREN_ARE_NOT_REWOUND",
                "IMPORTS_DO_NOT_FENCE",
                "IMPORTED_LEASES_STAY",
                "IMPORTED_STATES_ARE_NOT_KEPT",
                "IMPORTS_FORGET_LATER_GENERATIONS",
                "IMPORTS_GO_BEHIND_A_RESHARD",
                "COPIES_FORGET_ENDED_PARENTS",
                "COPIED_PARTS_ARE_MISCOUNTED",
                "COPIED_DURING_A_REWIND",
                "SWITCHED_TOO_EARLY"
            })
    void aPlantedBugIsFound(PlantedBug bug) {
        String found = null;
        for (long seed = 1; seed <= BUG_HISTORIES && found == null; seed++) {
            found = difference(seed, bug);
        }
        System.out.println(bug + ": " + found);
        assertThat(found).as("within %d histories", BUG_HISTORIES).isNotNull();
    }

    /** These guards only spare work: the pointer's condition alone keeps the promises. */
    @ParameterizedTest
    @EnumSource(names = {"CLAIMS_ARE_NOT_FENCED", "LEASES_ARE_NOT_CHECKED", "LEASES_ARE_RELEASED_FIRST"})
    void aGuardThatOnlySparesWorkIsNotNeededForTheResults(PlantedBug bug) {
        for (long seed = 1; seed <= 40; seed++) {
            assertThat(difference(seed, bug)).isNull();
        }
    }

    private @Nullable String difference(long seed, PlantedBug bug) {
        SimulatedKcl kcl = kcl(seed, bug);
        try {
            kcl.run();
        } catch (RuntimeException | AssertionError e) {
            return "seed " + seed + ": " + e;
        }
        Map<String, Object> contents = kcl.tables.contents();
        return expected(seed).entrySet().stream()
                .filter(entry -> !entry.getValue().equals(contents.get(entry.getKey())))
                .map(entry -> "seed " + seed + ": other " + entry.getKey())
                .findFirst()
                .orElse(null);
    }

    private SimulatedKcl kcl(long seed, PlantedBug bug) {
        SimulatedStream stream = stream(seed);
        return new SimulatedKcl(seed, stream, settings(stream), bug);
    }

    private SimulatedStream stream(long seed) {
        return streams.computeIfAbsent(seed % STREAMS, SimulatedStream::new);
    }

    private Map<String, Object> expected(long seed) {
        return expected.computeIfAbsent(seed % STREAMS, stream -> undisturbed(stream(stream)));
    }

    private static Map<String, Object> undisturbed(SimulatedStream stream) {
        SimulatedTables tables = new SimulatedTables(false);
        SimulatedTables.Pending outputs = tables.new Pending();
        ShardPipeline pipeline = new ShardPipeline(settings(stream), SimulatedStream.DEFINITIONS, outputs);
        stream.poison.forEach(pipeline::refuse);
        for (InputRecord record : stream.all) {
            pipeline.accept(record);
        }
        outputs.applyAll();
        return tables.contents();
    }
}
