package io.processoptimizer.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The external sort against a sort in memory, with so little memory that it spills all the time. */
class SpillSorterFuzzTest {
    private static final long SEED = Long.getLong("fuzz.seed", 20_260_301);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    @SuppressWarnings("ArrayRecordComponent") // compared by its key's bytes only
    private record Pair(byte[] key, String value) {}

    @Test
    void entriesComeInTheOrderOfTheirKeysHoweverManyFilesTheyWentThrough() throws IOException {
        System.out.println("seed " + SEED);
        SplittableRandom random = new SplittableRandom(SEED);
        for (int round = 0; round < 40; round++) {
            // The smallest memory makes a file for nearly every entry: more than are merged at once.
            check(random, round % 2 == 0 ? 64 : 2_000, random.nextInt(1, 4), random.nextInt(1, 600));
        }
    }

    private void check(SplittableRandom random, int memoryBytes, int sorterCount, int entries) throws IOException {
        List<SpillSorter> sorters = new ArrayList<>();
        List<List<Pair>> added = new ArrayList<>();
        for (int i = 0; i < sorterCount; i++) {
            sorters.add(new SpillSorter(directory.resolve("spill"), memoryBytes));
            added.add(new ArrayList<>());
        }
        for (int i = 0; i < entries; i++) {
            byte[] key = new byte[random.nextInt(6)];
            random.nextBytes(key);
            String value = "v" + i + "x".repeat(random.nextInt(100));
            int sorter = random.nextInt(sorterCount);
            added.get(sorter).add(new Pair(key, value));
            int cut = random.nextInt(value.length());
            sorters.get(sorter).add(Slice.of(key), ascii(value.substring(0, cut)), ascii(value.substring(cut)));
        }
        // Of equal keys those of the earlier sorter first, and there in the order in which they were added.
        List<Pair> expected = new ArrayList<>();
        added.forEach(expected::addAll);
        expected.sort(Comparator.comparing(Pair::key, Arrays::compareUnsigned));

        List<String> merged = new ArrayList<>();
        SpillSorter.merge(
                sorters, entry -> merged.add(new String(entry.value, 0, entry.valueLength, StandardCharsets.US_ASCII)));

        assertThat(merged).isEqualTo(expected.stream().map(Pair::value).toList());
        for (SpillSorter sorter : sorters) {
            sorter.close();
        }
        if (Files.exists(directory.resolve("spill"))) {
            assertThat(directory.resolve("spill")).isEmptyDirectory();
        }
    }

    private static Slice ascii(String text) {
        return Slice.of(text.getBytes(StandardCharsets.US_ASCII));
    }
}
