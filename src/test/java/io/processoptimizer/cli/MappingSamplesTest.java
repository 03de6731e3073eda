package io.processoptimizer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.config.MappingFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The shipped mappings read the shipped samples as the files beside this test say, which were checked by hand. */
class MappingSamplesTest {
    private static final Path ROOT = Path.of("");

    @TempDir
    private Path directory;

    static Stream<String> mappings() {
        return MappingFiles.BUILT_IN.stream();
    }

    private static CommandRun check(Path from, String... more) {
        List<String> args =
                Stream.concat(Stream.of("config", "check"), Stream.of(more)).toList();
        return CommandRun.in(from, args.toArray(String[]::new));
    }

    private static String sample(String name) {
        return "config/mappings/samples/" + name + ".ndjson";
    }

    @ParameterizedTest
    @MethodSource("mappings")
    void aSampleIsReadFieldByField(String name) throws IOException {
        CommandRun run = check(ROOT, "--mapping", name, "--sample", sample(name));

        try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream("samples/" + name + ".txt"))) {
            assertThat(run.out()).isEqualTo(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
        assertThat(run.exitCode()).isEqualTo(run.out().contains(" 0 refused") ? 0 : 3);
    }

    @ParameterizedTest
    @MethodSource("mappings")
    void withAllMappingsConfiguredEachSampleFindsItsOwn(String name) {
        CommandRun all = check(
                ROOT, "--set", "input.mappings=" + String.join(", ", MappingFiles.BUILT_IN), "--sample", sample(name));

        assertThat(all.out())
                .isEqualTo(
                        check(ROOT, "--mapping", name, "--sample", sample(name)).out());
    }

    @Test
    void theBuiltInMappingsAreThereWithoutAnyFile() throws IOException {
        Files.copy(ROOT.resolve(sample("packml")), directory.resolve("s.ndjson"));

        CommandRun run = check(directory, "--mapping", "packml", "--sample", "s.ndjson");

        assertThat(run.out()).contains("mapping packml").endsWith("3 read, 0 ignored, 0 refused\n");
    }

    @Test
    void aMappingIsAFileAndNoCode() throws IOException {
        Files.createDirectories(directory.resolve("config/mappings"));
        Files.writeString(directory.resolve("config/mappings/ours.yaml"), """
                records: {at: /line}
                event:
                  process_id: /line
                  timestamp: {at: /t, unit: s}
                  state: {at: /run, map: {true: RUNNING, false: DOWN}}
                """);
        Files.writeString(directory.resolve("one.json"), """
                {"line": "L1",
                 "t": 1767225600, "run": true}
                """);

        CommandRun run = check(directory, "--set", "input.mappings=ours", "--sample", "one.json");

        assertThat(run.out()).contains("mapping ours", "\"RUNNING\"").contains("1767225600000");
        assertThat(check(directory, "config/mappings/ours.yaml").out())
                .contains("ok: config/mappings/ours.yaml, a mapping");
    }

    @Test
    void aBrokenLineOfASampleTakesNoOtherWithIt() throws IOException {
        Files.writeString(directory.resolve("ours.yaml"), """
                records: {at: /line}
                event: {process_id: /line, timestamp: /t, good: /n}
                """);
        Files.writeString(directory.resolve("some.ndjson"), """
                {"line":"L","t":NaN,"n":1}
                {"line":"L","t":1767225600000,"n":1e600000000}
                {"line":"L","t":1767225600000,
                {"line":"L","t":1767225600000,"n":2}
                """);

        CommandRun run = check(directory, "--mapping", "ours.yaml", "--sample", "some.ndjson");

        assertThat(run.out())
                .contains("some.ndjson:1: ", "some.ndjson:4: mapping ours")
                .endsWith("1 read, 0 ignored, 3 refused\n");
        assertThat(run.exitCode()).isEqualTo(3);
    }

    @Test
    void aSampleWithNothingInItIsNotSaidToBeRight() throws IOException {
        for (String nothing : List.of("", "\n \n")) {
            Files.writeString(directory.resolve("empty.ndjson"), nothing);
            CommandRun run =
                    CommandRun.in(directory, "config", "check", "--mapping", "packml", "--sample", "empty.ndjson");
            assertThat(run.exitCode()).isEqualTo(3);
            assertThat(run.err()).contains("empty.ndjson is empty; give a file with a record");
        }
    }

    @Test
    void aReplayCountsTheDifferencesOfAnEverGrowingCounterCompressedOrNot() throws IOException {
        Path compressed = directory.resolve("packml.ndjson.gz");
        try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(compressed))) {
            Files.copy(ROOT.resolve(sample("packml")), out);
        }
        CommandRun run = CommandRun.in(
                directory,
                "replay",
                "--input",
                "packml.ndjson.gz",
                "--set",
                "input.mappings=packml",
                "--set",
                "advice.when=never",
                "--output",
                "out");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(Files.readString(directory.resolve("out/windows.ndjson")))
                .contains("\"step_id\":\"wrapper\"")
                .contains("\"good\":75,\"reject\":3");
    }
}
