package io.processoptimizer.cli;

import io.processoptimizer.aws.AwsClients;
import io.processoptimizer.aws.S3Download;
import io.processoptimizer.config.Settings;
import io.processoptimizer.model.TrainingData;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which results a model is trained or evaluated on. */
public final class ModelData {
    @Mixin
    private ConfigOptions config = new ConfigOptions();

    @Option(
            names = {"-i", "--input"},
            paramLabel = "FILE|DIR|s3://BUCKET/PREFIX",
            description =
                    "Results of windows, as 'replay --output' writes them: a file, a folder (all windows*.ndjson in and"
                            + " below it, gzipped or not) or a prefix in S3; may be repeated.")
    private List<String> inputs = new ArrayList<>();

    @Option(
            names = "--window",
            paramLabel = "NAME",
            description = "The window definition to learn from, where the results have several.")
    private @Nullable String window;

    /** Instead of what the options say. */
    void readFrom(Path input, @Nullable String windowName) {
        inputs = List.of(input.toString());
        window = windowName;
    }

    /** An empty name would mean the folder that the command is run in, as where a variable of a script is not set. */
    static void requireNamed(String option, String value, String remedy) {
        if (value.isBlank()) {
            throw new CommandFailure(ExitCode.BAD_USAGE, option + " is empty; " + remedy);
        }
    }

    TrainingData read(Surroundings surroundings) throws IOException, InterruptedException {
        if (inputs.isEmpty()) {
            throw new CommandFailure(
                    ExitCode.BAD_USAGE, "no --input was given; name the folder that 'replay --output' wrote");
        }
        inputs.forEach(input -> requireNamed("--input", input, "name the folder that 'replay --output' wrote"));
        if (window != null) {
            requireNamed("--window", window, "name a window definition, or leave it out");
        }
        TrainingData data = new TrainingData(window);
        for (String input : inputs) {
            if (input.startsWith("s3://")) {
                readBucket(input, data, surroundings);
            } else {
                readFiles(surroundings.resolve(Path.of(input)), data);
            }
        }
        return data;
    }

    private static void readFiles(Path input, TrainingData data) throws IOException {
        if (!Files.exists(input)) {
            throw new CommandFailure(ExitCode.BAD_USAGE, "--input " + input + " does not exist");
        }
        data.read(input);
    }

    private void readBucket(String location, TrainingData data, Surroundings surroundings)
            throws IOException, InterruptedException {
        Settings settings = config.load(surroundings).settings();
        Path folder = Files.createTempDirectory("training-data");
        Thread onKill = new Thread(() -> remove(folder), "training-data-removal");
        Runtime.getRuntime().addShutdownHook(onKill);
        try (AwsClients clients = new AwsClients(Connections.of(settings, surroundings.environment()), false)) {
            S3Download.of(clients.s3(), location, "windows[^/]*\\.ndjson(\\.gz)?")
                    .to(folder);
            data.read(folder);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ExitCode.BAD_USAGE, String.valueOf(e.getMessage()), e);
        } finally {
            remove(folder);
        }
    }

    /** Also where the command is ended from outside: nobody else looks for the copies. */
    private static void remove(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
