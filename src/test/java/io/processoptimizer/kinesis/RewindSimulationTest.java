package io.processoptimizer.kinesis;

import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.recover.rewind.RewindOperation;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Rewinds under fire: an operator sends shards back to savepoints and to the beginning, past reshards, some processes or all, and takes
 * that back, while the workers live and die, and dies in between; and evicts shards. In the end results, advice, adjustments and dead
 * letters are those of an undisturbed run apart from the generations, everything behind a rewind's target has its generation, and
 * nothing was published twice.
 * 300 histories by default; {@code -Dsimulation.histories=100000} for more, {@code -Dsimulation.seed=N} to begin at a seed.
 */
class RewindSimulationTest {
    /** Histories within which each planted bug must be found. */
    private static final int BUG_HISTORIES = Integer.getInteger("simulation.bugs", 400);

    private final RewoundHistories all = new RewoundHistories();

    @Test
    void everyRewoundHistoryEndsWithTheResultsOfAnUndisturbedRunInItsGeneration() {
        int histories = Integer.getInteger("simulation.histories", 300);
        long first = Long.getLong("simulation.seed", 1);
        long rewinds = 0;
        long shards = 0;
        long withoutState = 0;
        long deaths = 0;
        long joined = 0;
        long undos = 0;
        for (long seed = first; seed < first + histories; seed++) {
            SimulatedKcl kcl = all.kcl(seed, PlantedBug.NONE);
            String fault;
            try {
                fault = all.fault(kcl, seed);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("history of seed " + seed + " (-Dsimulation.seed=" + seed + "): " + e, e);
            }
            assertThat(fault)
                    .as("history of seed %d (-Dsimulation.seed=%d)", seed, seed)
                    .isNull();
            List<RewindOperation> made = RewoundHistories.operator(kcl).rewinds;
            rewinds += made.size();
            shards += made.stream().mapToLong(rewind -> rewind.steps().size()).sum();
            withoutState += RewoundHistories.withoutState(made).size();
            deaths += RewoundHistories.operator(kcl).deaths();
            joined += RewoundHistories.operator(kcl).joined();
            undos += RewoundHistories.operator(kcl).undos();
        }
        System.out.println("rewind simulation: " + histories + " histories from seed " + first + ", " + rewinds
                + " rewinds of " + shards + " shards, " + withoutState + " without state; the operator died " + deaths
                + " times, and " + joined + " shards joined a rewind under way; " + undos + " rewinds were taken back");
        assertThat(rewinds).isGreaterThan(histories);
        assertThat(shards).isGreaterThan(rewinds);
        assertThat(withoutState).isPositive();
        assertThat(deaths).isPositive();
        assertThat(joined).isPositive();
        assertThat(undos).isPositive();
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "REWINDS_DO_NOT_FENCE",
                "LEASES_ARE_REWOUND_FIRST",
                "WITHOUT_STATE_IS_FORGOTTEN",
                "REPROCESSING_PUBLISHES",
                "LATER_PROCESSES_KEEP_THEIR_GENERATION",
                "EARLIER_GENERATIONS_ARE_FORGOTTEN",
                "CHILDREN_ARE_NOT_REWOUND"
            })
    void aPlantedBugIsFound(PlantedBug bug) {
        String found = null;
        for (long seed = 1; seed <= BUG_HISTORIES && found == null; seed++) {
            try {
                found = all.fault(all.kcl(seed, bug), seed);
            } catch (RuntimeException | AssertionError e) {
                found = e.toString();
            }
            found = found == null ? null : "seed " + seed + ": " + found;
        }
        System.out.println(bug + ": " + found);
        assertThat(found).as("within %d histories", BUG_HISTORIES).isNotNull();
    }
}
