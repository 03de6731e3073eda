package io.processoptimizer.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.processoptimizer.cli.Main;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The container's image, and the command that it runs: as SageMaker does it, in a process of its own, without Docker. */
class ModelContainerTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Far more than Java takes to start on a busy machine. */
    private static final long SECONDS = 120;

    /** As many as a forest needs at least, and a bit more. */
    private static final int PROCESSES = 6;

    private static final int WINDOWS = 100;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    private record Ended(int exitCode, String output) {}

    @Test
    void theImageStartsFromAFullVersionOfJava17AndRunsAsNobodyInParticular() throws IOException {
        assertThat(instruction("ARG BASE")).matches("=eclipse-temurin:17\\.\\d+\\.\\d+_\\d+-jre-[a-z]+");
        assertThat(instruction("FROM")).isEqualTo("${BASE}");
        assertThat(instruction("ARG RUN_AS")).matches("=[1-9]\\d+:[1-9]\\d+");
        assertThat(instruction("USER")).isEqualTo("${RUN_AS}");
        List<String> lines = Files.readAllLines(Template.FOLDER.resolve("model/Dockerfile"));
        assertThat(lines.stream().filter(line -> line.matches("(RUN|COPY|ADD) .*")))
                .as("nothing is put into the image after the user is set")
                .allMatch(line -> lines.indexOf(line) < lines.indexOf("USER ${RUN_AS}"));
    }

    @Test
    void theImageHoldsTheProductionJarWhereItIsStarted() throws IOException {
        assertThat(instruction("COPY"))
                .endsWith(" process-optimizer.jar " + entryPoint().get(2));
        assertThat(entryPoint().subList(0, 2)).containsExactly("java", "-jar");
    }

    @Test
    void whatSageMakerAddsAreCommandsOfTheEntryPoint() throws Exception {
        for (String added : List.of("train", "serve")) {
            Ended ended = run(List.of(added, "--help"));
            assertThat(ended.exitCode()).as(ended.output()).isZero();
            assertThat(ended.output()).contains("process-optimizer model " + added);
        }
        assertThat(run(List.of("predict")).exitCode()).isEqualTo(2);
    }

    @Test
    void theTrainingJobOfTheTemplateTrains() throws Exception {
        JsonNode job =
                JSON.readTree(Template.FOLDER.resolve("model/training-job.json").toFile());
        assertThat(job.path("InputDataConfig")).hasSize(1);
        Path channel = Files.createDirectories(directory
                .resolve("input/data")
                .resolve(job.at("/InputDataConfig/0/ChannelName").asText()));
        writeResults(channel.resolve("windows.ndjson"));
        Path config = Files.createDirectories(directory.resolve("input/config"));
        JSON.writeValue(config.resolve("hyperparameters.json").toFile(), job.path("HyperParameters"));

        Ended ended = run(List.of("--container-root", directory.toString(), "train"));

        assertThat(ended.exitCode()).as(ended.output()).isZero();
        assertThat(JSON.readTree(directory.resolve("model/model.json").toFile())
                        .path("horizon_ms")
                        .asLong())
                .isEqualTo(300_000);
        assertThat(directory.resolve("output/failure")).doesNotExist();
        assertThat(job.path("HyperParameters")).as("SageMaker takes texts only").allMatch(JsonNode::isTextual);
    }

    /** What follows an instruction at the beginning of a line, the first of them. */
    private static String instruction(String name) throws IOException {
        return Files.readAllLines(Template.FOLDER.resolve("model/Dockerfile")).stream()
                .filter(line -> line.startsWith(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + name))
                .substring(name.length())
                .strip();
    }

    private static List<String> entryPoint() throws IOException {
        List<String> words = new ArrayList<>();
        JSON.readTree(instruction("ENTRYPOINT")).forEach(word -> words.add(word.asText()));
        return words;
    }

    /** The entry point with these classes in place of the jar, and with its Java options. */
    private Ended run(List<String> added) throws Exception {
        List<String> entryPoint = entryPoint();
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(entryPoint.subList(3, entryPoint.size()));
        command.addAll(added);
        Path output = directory.resolve("output.txt");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment()
                .put("JAVA_TOOL_OPTIONS", instruction("ENV JAVA_TOOL_OPTIONS=").replace("\"", ""));
        Process process = builder.start();
        try {
            assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Ended(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
    }

    private static void writeResults(Path file) throws IOException {
        List<String> lines = new ArrayList<>();
        for (int process = 0; process < PROCESSES; process++) {
            for (int window = 0; window < WINDOWS; window++) {
                double oee = 0.5 + 0.3 * Math.sin(process + window / 7.0);
                lines.add(String.format(
                        Locale.ROOT,
                        "{\"process_id\":\"P%d\",\"window_end\":%d,\"window\":\"main\",\"final\":true,\"complete\":true,"
                                + "\"oee\":%s,\"kpis\":{\"throughput\":%s,\"cycle_time\":%s}}",
                        process,
                        1_772_431_200_000L + window * 60_000L,
                        oee,
                        100 * oee,
                        36 / oee));
            }
        }
        Files.write(file, lines);
    }
}
