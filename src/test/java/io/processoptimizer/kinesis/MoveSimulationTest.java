package io.processoptimizer.kinesis;

import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.recover.rewind.RewindOperation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Moves under fire: while the workers live and die, shards are split and merged, and an operator rewinds them, the application is
 * exported, exports are put back into it, and it is copied, by commands that may die at every call. In the end the original has the
 * results of an undisturbed run, whether its workers went on or those of the copy took over; and a copy that runs beside it has written
 * the same from where it began.
 * 40 histories by default; {@code -Dsimulation.histories=100000} for more, {@code -Dsimulation.seed=N} to begin at a seed.
 */
class MoveSimulationTest {
    /** Histories within which each planted bug must be found. */
    private static final int BUG_HISTORIES = Integer.getInteger("simulation.bugs", 400);

    private final RewoundHistories all = new RewoundHistories();

    @TempDir
    private Path folder;

    @Test
    void everyMovedHistoryEndsWithTheResultsOfAnUndisturbedRun() throws IOException {
        int histories = Integer.getInteger("simulation.histories", 40);
        long first = Long.getLong("simulation.seed", 1);
        long imports = 0;
        long copies = 0;
        long switches = 0;
        long rewinds = 0;
        for (long seed = first; seed < first + histories; seed++) {
            SimulatedKcl kcl = all.movingKcl(seed, PlantedBug.NONE, Files.createDirectory(folder.resolve("f" + seed)));
            String fault;
            try {
                fault = all.fault(kcl, seed);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("history of seed " + seed + " (-Dsimulation.seed=" + seed + "): " + e, e);
            }
            assertThat(fault)
                    .as("history of seed %d (-Dsimulation.seed=%d)", seed, seed)
                    .isNull();
            SimulatedMover mover = mover(kcl);
            List<RewindOperation> made = RewoundHistories.operator(kcl).rewinds;
            imports += mover.imports();
            copies += mover.copy() == null ? 0 : 1;
            switches += kcl.successor == null ? 0 : 1;
            rewinds += made.size();
            delete(folder.resolve("f" + seed));
        }
        System.out.println(
                "move simulation: " + histories + " histories from seed " + first + ", " + imports + " imports, "
                        + copies + " copies, of which " + switches + " took over, beside " + rewinds + " rewinds");
        assertThat(imports).isPositive();
        assertThat(copies).isPositive();
        assertThat(switches).isPositive();
        assertThat(rewinds).isPositive();
    }

    /** Each is searched from a seed on that is known to be near to one that shows it. */
    @ParameterizedTest
    @CsvSource({
        "IMPORTS_DO_NOT_FENCE,3",
        "IMPORTED_LEASES_STAY,3",
        "IMPORTS_FORGET_LATER_GENERATIONS,3",
        "IMPORTS_GO_BEHIND_A_RESHARD,79",
        "COPIES_FORGET_ENDED_PARENTS,4",
        "COPIED_PARTS_ARE_MISCOUNTED,2",
        "COPIED_DURING_A_REWIND,57",
        "SWITCHED_TOO_EARLY,31"
    })
    void aPlantedBugIsFound(PlantedBug bug, long first) throws IOException {
        String found = null;
        for (long seed = first; seed < first + BUG_HISTORIES && found == null; seed++) {
            found = fault(seed, bug);
        }
        System.out.println(bug + ": " + found);
        assertThat(found).as("within %d histories", BUG_HISTORIES).isNotNull();
    }

    private @Nullable String fault(long seed, PlantedBug bug) throws IOException {
        Path place = Files.createDirectory(folder.resolve("f" + seed));
        try {
            String fault = all.fault(all.movingKcl(seed, bug, place), seed);
            return fault == null ? null : "seed " + seed + ": " + fault;
        } catch (RuntimeException | AssertionError e) {
            return "seed " + seed + ": " + e;
        } finally {
            delete(place);
        }
    }

    private static SimulatedMover mover(SimulatedKcl kcl) {
        return Objects.requireNonNull(RewoundHistories.operator(kcl).mover);
    }

    private static void delete(Path tree) throws IOException {
        try (Stream<Path> paths = Files.walk(tree)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
