package io.processoptimizer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelCommandTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private static Path directory;

    /** Some hours of a few lines, replayed. */
    @BeforeAll
    static void results() {
        CommandRun made = CommandRun.in(
                directory,
                "simulate",
                "--output",
                "day.ndjson",
                "--for",
                "2h",
                "--processes",
                "6",
                "--start",
                "2026-03-02T06:00:00Z",
                "--seed",
                "5");
        assertThat(made.exitCode()).as(made.err()).isZero();
        CommandRun replayed = CommandRun.in(directory, "replay", "--input", "day.ndjson", "--output", "out");
        assertThat(replayed.exitCode()).as(replayed.err()).isZero();
    }

    @Test
    void aModelIsTrainedAndEvaluated() throws IOException {
        CommandRun trained = CommandRun.in(directory, "model", "train", "--input", "out", "--output", "model");

        assertThat(trained.exitCode()).as(trained.err()).isZero();
        assertThat(trained.out())
                .contains(
                        "windows (main) of 6 processes", "efficiency_score", "throughput", "cycle_time", "is shipped");
        assertThat(directory.resolve("model/model-card.html")).content().contains("Error on later time", "</svg>");
        assertThat(new ObjectMapper()
                        .readTree(directory.resolve("model/evaluation.json").toFile())
                        .path("predicted"))
                .hasSize(3);

        CommandRun evaluated = CommandRun.in(directory, "model", "evaluate", "--model", "model", "--input", "out");
        assertThat(evaluated.exitCode()).as(evaluated.err()).isZero();
        assertThat(evaluated.out()).contains("as last", "cycle_time");

        CommandRun expecting = CommandRun.in(
                directory,
                "replay",
                "--input",
                "day.ndjson",
                "--output",
                "expecting",
                "--advice",
                "model",
                "--set",
                "advice.efficiency_model=model");
        assertThat(expecting.exitCode()).as(expecting.err()).isZero();
        List<String> advice = Files.readAllLines(directory.resolve("expecting/advice.ndjson"));
        assertThat(advice)
                .isNotEmpty()
                .allMatch(line -> line.contains("\"efficiency\":{\"efficiency_score\":"))
                .anyMatch(line -> line.contains("\"horizon_ms\":300000,\"source\":\"local\"}"));
        assertThat(directory.resolve("expecting/windows.ndjson"))
                .hasSameBinaryContentAs(directory.resolve("out/windows.ndjson"));
    }

    @Test
    void aContainerReadsAndWritesWhereSageMakerDoes() throws IOException {
        Path root = directory.resolve("ml");
        Path channel = Files.createDirectories(root.resolve("input/data/training"));
        Files.copy(directory.resolve("out/windows.ndjson"), channel.resolve("windows.ndjson"));
        Path config = Files.createDirectories(root.resolve("input/config"));
        Files.writeString(config.resolve("hyperparameters.json"), "{\"horizon\":\"2m\",\"seed\":\"3\"}");

        CommandRun trained =
                CommandRun.in(directory, "model", "--container", "--container-root", root.toString(), "train");

        assertThat(trained.exitCode()).as(trained.err()).isZero();
        assertThat(root.resolve("model/model.json")).content().contains("\"horizon_ms\" : 120000");
        assertThat(root.resolve("model/evaluation.json")).content().contains("\"seed\" : 3");
        assertThat(root.resolve("output/failure")).doesNotExist();
    }

    @Test
    void aFailureInAContainerIsLeftWhereSageMakerShowsIt() throws IOException {
        Path root = Files.createDirectories(directory.resolve("empty"));

        CommandRun failed =
                CommandRun.in(directory, "model", "--container", "--container-root", root.toString(), "train");

        assertThat(failed.exitCode()).isEqualTo(2);
        assertThat(root.resolve("output/failure")).content().contains("does not exist");

        Path config = Files.createDirectories(root.resolve("input/config"));
        Files.writeString(config.resolve("hyperparameters.json"), "{\"seed\":\"x\"}");
        CommandRun seed =
                CommandRun.in(directory, "model", "--container", "--container-root", root.toString(), "train");
        assertThat(seed.exitCode()).isEqualTo(2);
        assertThat(root.resolve("output/failure"))
                .content()
                .isEqualTo("the hyperparameter seed (x) is no whole number; use 1");
    }

    @Test
    void hyperparametersThatAreNoObjectAreNamed() throws IOException {
        Path root = directory.resolve("rubbish");
        Path config = Files.createDirectories(root.resolve("input/config"));
        Path file = config.resolve("hyperparameters.json");
        for (String text : List.of("", "x", "[]", "{\"horizon\":\"2m\"} rest")) {
            Files.writeString(file, text);
            CommandRun run =
                    CommandRun.in(directory, "model", "--container", "--container-root", root.toString(), "train");
            assertThat(run.exitCode()).as(text).isEqualTo(2);
            assertThat(root.resolve("output/failure")).content().startsWith(file + " is no JSON");
        }
    }

    @Test
    void aFailureIsToldEvenWhereItCannotBeLeft() throws IOException {
        Path root = Files.createDirectories(directory.resolve("unwritable"));
        Files.writeString(root.resolve("output"), "a file in the way");
        CommandRun run = CommandRun.in(directory, "model", "--container", "--container-root", root.toString(), "train");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("input/data/training does not exist");
    }

    @Test
    void anOutputThatIsAFileIsRefusedBeforeTheTraining() throws IOException {
        Files.writeString(directory.resolve("taken"), "");
        CommandRun run = CommandRun.in(directory, "model", "train", "--input", "out", "--output", "taken");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("taken is no folder; name one for the model");
    }

    @Test
    void whatIsMissingIsNamed() {
        assertThat(CommandRun.in(directory, "model", "train", "--output", "m").err())
                .contains("no --input was given; name the folder that 'replay --output' wrote");
        assertThat(CommandRun.in(directory, "model", "train", "--input", "out").err())
                .contains("no --output was given");
        assertThat(CommandRun.in(directory, "model", "train", "--input", "nowhere", "--output", "m")
                        .err())
                .contains("nowhere does not exist");
        assertThat(CommandRun.in(directory, "replay", "--input", "day.ndjson", "--advice", "model")
                        .err())
                .contains("--advice model needs an efficiency model; train one with 'model train'");
        assertThat(CommandRun.in(
                                directory,
                                "replay",
                                "--input",
                                "day.ndjson",
                                "--advice",
                                "model",
                                "--set",
                                "advice.efficiency_model=out")
                        .err())
                .contains("advice.efficiency_model (out)", "holds no model");
        assertThat(CommandRun.in(directory, "model", "serve").err()).contains("no --model was given");
        CommandRun unit =
                CommandRun.in(directory, "model", "train", "--input", "out", "--output", "m", "--horizon", "5");
        assertThat(unit.exitCode()).isEqualTo(2);
        assertThat(unit.err()).contains("--horizon (5) has no unit; write 5s or 5m");
        CommandRun place = CommandRun.in(directory, "model", "train", "--input", "s3://", "--output", "m");
        assertThat(place.exitCode()).isEqualTo(2);
        assertThat(place.err()).contains("'s3://' is no place in S3; write s3://BUCKET/PREFIX");
        CommandRun none = CommandRun.in(directory, "model", "evaluate", "--model", "out", "--input", "out");
        assertThat(none.exitCode()).isEqualTo(3);
        assertThat(none.err()).contains("out holds no model (no model.json); train one with 'model train'");
    }

    @Test
    void unknownHyperparametersAreRefusedByName() throws IOException {
        Path root = directory.resolve("mistyped");
        Path config = Files.createDirectories(root.resolve("input/config"));
        Files.writeString(
                config.resolve("hyperparameters.json"),
                "{\"horizont\":\"2m\",\"trees\":\"9\",\"sagemaker_program\":\"x\"}");
        CommandRun run = CommandRun.in(directory, "model", "--container", "--container-root", root.toString(), "train");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .isEqualToIgnoringNewLines(
                        "there are no hyperparameters horizont, trees; known are horizon, seed, window");
        assertThat(root.resolve("output/failure")).exists();
    }

    @Test
    void emptyNamesAreRefused() {
        empty("--input", "model", "train", "--input", "", "--output", "m");
        empty("--output", "model", "train", "--input", "out", "--output", "");
        empty("--window", "model", "train", "--input", "out", "--output", "m", "--window", "");
        empty("--model", "model", "evaluate", "--input", "out", "--model", "");
        empty("--model", "model", "serve", "--model", "");
        assertThat(directory.resolve("m")).doesNotExist();
    }

    private static void empty(String option, String... args) {
        CommandRun run = CommandRun.in(directory, args);
        assertThat(run.err()).startsWith(option + " is empty; ").hasLineCount(1);
        assertThat(run.exitCode()).isEqualTo(2);
    }

    @Test
    void anEvaluationOnWhatWasTrainedOnSaysSoAndLeavingsOfAKilledTrainingAreRemoved() throws IOException {
        Path model = Files.createDirectories(directory.resolve("known"));
        String uuid = "-00000000-0000-0000-0000-000000000000.training-tmp";
        Path left = Files.writeString(model.resolve(".model.json" + uuid), "{");
        Path fresh = Files.writeString(model.resolve(".evaluation.json" + uuid), "{");
        Path mine = Files.writeString(model.resolve("notes.txt"), "mine");
        for (Path old : List.of(left, mine)) {
            Files.setLastModifiedTime(old, java.nio.file.attribute.FileTime.fromMillis(0));
        }
        assertThat(CommandRun.in(directory, "model", "train", "--input", "out", "--output", "known")
                        .exitCode())
                .isZero();
        assertThat(left).doesNotExist();
        assertThat(fresh).exists();
        assertThat(mine).exists();

        CommandRun same = CommandRun.in(directory, "model", "evaluate", "--model", "known", "--input", "out", "--json");
        assertThat(same.err())
                .startsWith("100 % of what the model was trained on is in this input")
                .hasLineCount(1);
        assertThat(new ObjectMapper()
                        .readTree(same.out())
                        .path("trained_on_share")
                        .asDouble())
                .isEqualTo(1);

        CommandRun.in(
                directory,
                "simulate",
                "--output",
                "other.ndjson",
                "--for",
                "1h",
                "--processes",
                "6",
                "--start",
                "2026-03-02T06:00:00Z",
                "--seed",
                "6");
        CommandRun.in(directory, "replay", "--input", "other.ndjson", "--output", "other");
        CommandRun other = CommandRun.in(directory, "model", "evaluate", "--model", "known", "--input", "other");
        assertThat(other.exitCode()).isZero();
        assertThat(other.err()).isEmpty();
    }

    @Test
    void aConfigurationsModelFolderIsLookedInto() throws IOException {
        Files.createDirectories(directory.resolve("no-model"));
        Files.writeString(directory.resolve("settings.yaml"), "advice:\n  efficiency_model: no-model\n");
        for (List<String> args : List.of(
                List.of("config", "check", "settings.yaml"), List.of("config", "check", "--config", "settings.yaml"))) {
            CommandRun check = CommandRun.in(directory, args.toArray(String[]::new));
            assertThat(check.exitCode()).isEqualTo(2);
            assertThat(check.err())
                    .contains("advice.efficiency_model (no-model)", "holds no model", "model train")
                    .hasLineCount(1);
        }
    }
}
