package io.processoptimizer.cli;

import io.processoptimizer.config.Quantities;
import io.processoptimizer.model.NotEnoughDataException;
import io.processoptimizer.model.Training;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Trains the efficiency model. */
@Command(
        name = "train",
        description = {
            "Learns from results of windows what a process does one horizon later: its OEE, throughput and cycle time.",
            "",
            "It trains on the first four fifths of the time and is evaluated on the rest, against two guesses that cost nothing: as"
                    + " in the last window, and as in the mean of the last five. Where it is not surely better than the better of the"
                    + " two, that guess is what the model folder holds, and the output says so."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  java -jar target/process-optimizer.jar model train --input out --output model",
            "  From several replays in a bucket:",
            "    java -jar target/process-optimizer.jar model train --input s3://my-bucket/replays/ --output model"
        })
final class ModelTrainCommand implements Callable<Integer> {
    private static final String DEFAULT_HORIZON = "5m";
    private static final long DEFAULT_SEED = 1;
    private static final List<String> HYPERPARAMETERS = List.of("horizon", "seed", "window");

    private final Surroundings surroundings;

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private ModelCommand model;

    @Mixin
    private ModelData data = new ModelData();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIR",
            description = "Folder for the model, its card (model-card.html) and its figures (evaluation.json).")
    private @Nullable Path output;

    @Option(
            names = "--horizon",
            paramLabel = "DURATION",
            description = "How far ahead; a multiple of the window's slide. Default: " + DEFAULT_HORIZON + ".")
    private @Nullable String horizon;

    @Option(names = "--seed", paramLabel = "N", description = "The same data and seed give the same model. Default: 1.")
    private @Nullable Long seed;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    ModelTrainCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws Exception {
        ContainerFiles container = model.container();
        if (container == null) {
            if (output == null) {
                throw new CommandFailure(ExitCode.BAD_USAGE, "no --output was given; name a folder for the model");
            }
            ModelData.requireNamed("--output", output.toString(), "name a folder for the model");
            train(surroundings.resolve(output), horizon, seed == null ? DEFAULT_SEED : seed);
            return ExitCode.DONE.code();
        }
        try {
            container.requireKnownHyperparameters(HYPERPARAMETERS);
            data.readFrom(container.training(), container.hyperparameter("window"));
            train(container.model(), container.hyperparameter("horizon"), seedOf(container));
            return ExitCode.DONE.code();
        } catch (IOException | InterruptedException | RuntimeException e) {
            leave(e, container);
            throw e;
        }
    }

    /** Leaves the reason of a failure; where that fails, too, the first reason stays the one that is told. */
    private static void leave(Exception failure, ContainerFiles container) {
        String reason = failure instanceof IOException e ? FileProblem.why(e) : String.valueOf(failure.getMessage());
        try {
            container.failed(reason);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private static long seedOf(ContainerFiles container) throws IOException {
        String wanted = container.hyperparameter("seed");
        try {
            return wanted == null ? DEFAULT_SEED : Long.parseLong(wanted);
        } catch (NumberFormatException e) {
            throw new CommandFailure(
                    ExitCode.BAD_USAGE, "the hyperparameter seed (" + wanted + ") is no whole number; use 1", e);
        }
    }

    private static Duration ahead(@Nullable String wanted) {
        Duration ahead;
        try {
            ahead = Quantities.parseDuration("--horizon", wanted == null ? DEFAULT_HORIZON : wanted);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ExitCode.BAD_USAGE, String.valueOf(e.getMessage()), e);
        }
        if (ahead.isZero()) {
            throw new CommandFailure(ExitCode.BAD_USAGE, "--horizon is 0; say how far ahead to look, such as 5m");
        }
        return ahead;
    }

    private void train(Path folder, @Nullable String wantedHorizon, long wantedSeed)
            throws IOException, InterruptedException {
        Duration ahead = ahead(wantedHorizon);
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new CommandFailure(
                    ExitCode.BAD_USAGE, "--output " + folder + " is no folder; name one for the model");
        }
        PrintWriter out = spec.commandLine().getOut();
        Training training = new Training(data.read(surroundings), ahead, wantedSeed);
        try {
            out.print(training.run(folder));
        } catch (NotEnoughDataException e) {
            throw new CommandFailure(ExitCode.BAD_INPUT, String.valueOf(e.getMessage()), e);
        } catch (FileSystemException e) {
            throw new CommandFailure(ExitCode.BAD_USAGE, "the model cannot be written: " + FileProblem.why(e), e);
        }
        out.println(String.format(Locale.ROOT, "%nmodel in %s; look at %s", folder, folder.resolve("model-card.html")));
        out.flush();
    }
}
