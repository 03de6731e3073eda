package io.processoptimizer.recover.move;

import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.recover.move.TableComparison.Span;
import io.processoptimizer.replay.CollectedResults;
import io.processoptimizer.replay.EarlierResults;
import io.processoptimizer.replay.ResultFileLines;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Results are written as {@code process end revision}. */
class TableComparisonTest {
    private static final List<String> OLD = List.of("A 1 0", "A 2 1", "A 3 0", "A 4 0", "A 5 0", "A 6 0");

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    @Test
    void aCopyBeginsLaterAndMayBeBehind() throws IOException {
        TableComparison comparison = compare(OLD, List.of("A 4 0", "A 5 0"), null);
        assertThat(comparison.isEqual()).isTrue();
        assertThat(comparison.same()).isEqualTo(2);
        assertThat(comparison.outsideHere()).isEqualTo(4);
    }

    @Test
    void aWindowThatLateRecordsReopenedSaysNotWhereTheCopyBegan() throws IOException {
        TableComparison comparison = compare(OLD, List.of("A 2 1", "A 5 0", "A 6 0"), null);
        assertThat(comparison.examples()).isEmpty();
        assertThat(comparison.isEqual()).isTrue();
        assertThat(comparison.same()).isEqualTo(3);
    }

    @Test
    void norDoesItOfAProcessThatOnlyOneHas() throws IOException {
        List<String> here = List.of("A 2 1", "A 3 0", "A 5 0", "B 3 0");
        assertThat(compare(here, List.of("A 2 1", "A 5 0"), null).examples()).isEmpty();
    }

    @Test
    void aHoleIsFound() throws IOException {
        TableComparison comparison = compare(OLD, List.of("A 3 0", "A 5 0"), null);
        assertThat(comparison.isEqual()).isFalse();
        assertThat(comparison.examples()).containsExactly("only here: A default 1970-01-01T00:04:00Z");
    }

    @Test
    void whereItIsKnownWhenTheCopyWasMadeNothingBeforeIsMissingAndNothingAfterIsOverlooked() throws IOException {
        List<String> here = List.of("A 3 0", "A 4 0", "A 5 0", "B 3 0", "B 4 0");
        List<String> there = List.of("A 3 0", "A 5 0");
        long copiedUpTo = 3 * 60_000L;
        TableComparison comparison = compare(here, there, copiedUpTo);
        assertThat(comparison.examples())
                .containsExactly(
                        "only here: A default 1970-01-01T00:04:00Z", "only here: B default 1970-01-01T00:04:00Z");
        assertThat(comparison.outsideHere()).isEqualTo(1);

        assertThat(compare(here, List.of("A 5 0"), copiedUpTo).onlyHere()).isEqualTo(2);
        assertThat(compare(here, List.of("A 5 0"), 4 * 60_000L).isEqual()).isTrue();
    }

    private TableComparison compare(List<String> here, List<String> there, @Nullable Long copiedUpTo)
            throws IOException {
        try (CollectedResults ours = collected("here", here);
                CollectedResults theirs = collected("there", there)) {
            Span spanHere = span(ours);
            Span spanThere = span(theirs);
            try (EarlierResults first = new ResultFileLines(directory.resolve("here"), "here");
                    EarlierResults second = new ResultFileLines(directory.resolve("there"), "there")) {
                return TableComparison.of(first, spanHere, second, spanThere, copiedUpTo);
            }
        }
    }

    private static Span span(CollectedResults results) throws IOException {
        try (EarlierResults sorted = results.sorted("a table")) {
            return Span.of(sorted);
        }
    }

    private CollectedResults collected(String name, List<String> results) throws IOException {
        CollectedResults collected = new CollectedResults(directory.resolve(name));
        for (String result : results) {
            String[] parts = result.split(" ", 3);
            String line = String.format(
                    "{\"process_id\":\"%s\",\"window\":\"default\",\"window_end\":%d,\"revision\":%s,\"final\":true}",
                    parts[0], Long.parseLong(parts[1]) * 60_000, parts[2]);
            collected.add(line.getBytes(StandardCharsets.UTF_8));
        }
        return collected;
    }
}
