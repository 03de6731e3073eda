package io.processoptimizer.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.processoptimizer.model.Training.Outcome;
import io.processoptimizer.model.Training.Trained;
import io.processoptimizer.model.TrainingData.Example;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingTest {
    private static final Duration HORIZON = Duration.ofMinutes(1);

    /** What was high is low next and the other way round: neither guess knows that. */
    private static double alternating(double oee) {
        return 1 - oee;
    }

    /** As many as tell a rule from noise; a forest that is used has more. */
    private static final int TREES = 5;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    @Test
    void whatTheForestFindsIsShipped() throws Exception {
        Trained trained = train(
                WrittenResults.write(directory.resolve("windows.ndjson"), 12, 100, 0.02, TrainingTest::alternating));

        Outcome efficiency = efficiency(trained);
        assertThat(efficiency.shipped().label()).isEqualTo("forest");
        assertThat(efficiency.forest().model())
                .isLessThan(0.05)
                .isLessThan(efficiency.forest().last() / 5);
        assertThat(efficiency.importance().get(0).errorRise()).isGreaterThan(0.1);
    }

    @Test
    void whereNothingIsToBeFoundTheBetterGuessIsShipped() throws Exception {
        // A random walk: nothing says more of the next step than the last.
        Trained trained = train(WrittenResults.write(directory.resolve("windows.ndjson"), 12, 100, 0.05, oee -> oee));

        Outcome efficiency = efficiency(trained);
        assertThat(efficiency.shipped()).isEqualTo(EfficiencyModel.Guess.LAST);
        assertThat(new ModelCard(trained).text())
                .contains("efficiency_score: the forest is not surely better than the better baseline, so 'as the last"
                        + " window' is shipped");
    }

    @Test
    void theSameDataAndSeedGiveTheSameModel() throws Exception {
        Path data = WrittenResults.write(directory.resolve("windows.ndjson"), 6, 100, 0.1, TrainingTest::alternating);
        Trained first = train(data);
        Trained second = train(data);
        assertThat(predictions(second.model(), first.later())).isEqualTo(predictions(first.model(), first.later()));
        assertThat(new ModelCard(second).json()).isEqualTo(new ModelCard(first).json());
        assertThat(new ModelCard(second).page()).isEqualTo(new ModelCard(first).page());
    }

    @Test
    void aModelThatWasWrittenAndReadPredictsTheSame() throws Exception {
        Path data = WrittenResults.write(directory.resolve("windows.ndjson"), 6, 100, 0.1, TrainingTest::alternating);
        Trained trained = train(data);
        Path folder = Files.createDirectory(directory.resolve("model"));
        trained.model().write(folder);
        EfficiencyModel read = EfficiencyModel.read(folder);
        assertThat(read.horizon()).isEqualTo(HORIZON);
        assertThat(predictions(read, trained.later())).isEqualTo(predictions(trained.model(), trained.later()));
    }

    @Test
    void nothingThatIsTrainedOnReachesIntoTheTimeOfTheEvaluation() throws Exception {
        Path data = WrittenResults.write(directory.resolve("windows.ndjson"), 6, 100, 0.02, TrainingTest::alternating);
        Trained trained = train(data);
        assertThat(trained.later()).allMatch(example -> example.endMillis() >= trained.cutMillis());
        // What comes after the cut changes the evaluation and not the model.
        List<String> changed = new ArrayList<>();
        for (String line : Files.readAllLines(data)) {
            ObjectNode result = (ObjectNode) new ObjectMapper().readTree(line);
            if (result.path("window_end").asLong() > trained.cutMillis()) {
                result.put("oee", 0.9 * result.path("oee").asDouble() + 0.05);
            }
            changed.add(result.toString());
        }
        Files.write(data, changed);
        Trained again = train(data);
        assertThat(efficiency(again).forest()).isNotEqualTo(efficiency(trained).forest());
        assertThat(forestPredictions(again, trained.later())).isEqualTo(forestPredictions(trained, trained.later()));
    }

    @Test
    void foldersAreReadBelowCompressedOrNotInAnyOrder() throws Exception {
        Path data = WrittenResults.write(directory.resolve("windows.ndjson"), 6, 100, 0.1, TrainingTest::alternating);
        List<String> lines = Files.readAllLines(data);
        Path folder = Files.createDirectories(directory.resolve("days"));
        Path second = Files.createDirectories(folder.resolve("tuesday"));
        try (GZIPOutputStream zipped =
                new GZIPOutputStream(Files.newOutputStream(second.resolve("windows.ndjson.gz")))) {
            zipped.write(String.join("\n", lines.subList(0, 250)).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
        Files.write(folder.resolve("windows-late.ndjson"), lines.subList(250, lines.size()));
        Files.writeString(folder.resolve("advice.ndjson"), "not for training\n");
        assertThat(new ModelCard(train(folder)).json()).isEqualTo(new ModelCard(train(data)).json());
    }

    @Test
    void whatIsNoResultIsRefusedWithItsPlace() throws IOException {
        Path file = Files.writeString(
                directory.resolve("windows.ndjson"),
                WrittenResults.line("P", WrittenResults.BEGIN, 0.5) + "\n{\"process_id\":\"P\"}\n");
        assertThatThrownBy(() -> new TrainingData(null).read(file))
                .isInstanceOf(IOException.class)
                .hasMessage(file + " line 2 is no result of a window: it has no process_id or window_end; give"
                        + " windows.ndjson as 'replay' writes it");
    }

    @Test
    void ofSeveralWindowsOneIsToBeNamed() throws Exception {
        Path data = WrittenResults.write(directory.resolve("windows.ndjson"), 6, 100, 0.1, TrainingTest::alternating);
        List<String> both = new ArrayList<>();
        for (String line : Files.readAllLines(data)) {
            both.add(line.replace("\"main\"", "\"shift\"").replace("\"oee\":0.", "\"oee\":0.0"));
            both.add(line);
        }
        Path mixed = Files.write(directory.resolve("mixed.ndjson"), both);

        TrainingData named = new TrainingData("main");
        named.read(mixed);

        assertThat(new ModelCard(new Training(named, HORIZON, 7, TREES).train()).json())
                .isEqualTo(new ModelCard(train(data)).json());
        assertThatThrownBy(() -> new TrainingData(null).read(mixed))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        mixed + " line 2 is of the window 'main', and others are of 'shift'; say with --window which to"
                                + " learn from");
    }

    @Test
    void aFileThatIsCutOffIsNamed() throws IOException {
        Path data = WrittenResults.write(directory.resolve("windows.ndjson"), 6, 100, 0.1, oee -> oee);
        Path zipped = directory.resolve("windows.ndjson.gz");
        try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(zipped))) {
            Files.copy(data, out);
        }
        byte[] whole = Files.readAllBytes(zipped);
        Files.write(zipped, Arrays.copyOf(whole, whole.length / 2));
        assertThatThrownBy(() -> new TrainingData(null).read(zipped))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(zipped + " is cut off");
    }

    @Test
    void tooLittleIsSaidWithWhatIsNeeded() throws IOException {
        Path data = WrittenResults.write(directory.resolve("windows.ndjson"), 1, 30, 0.1, oee -> oee);
        assertThatThrownBy(() -> train(data))
                .isInstanceOf(NotEnoughDataException.class)
                .hasMessageContaining("200 and 50 are needed");
        assertThatThrownBy(() -> training(data, Duration.ofSeconds(90)).train())
                .isInstanceOf(NotEnoughDataException.class)
                .hasMessageContaining("--horizon must be a multiple of the window's slide");
    }

    @Test
    void whereThereAreTooFewHoursToTellThatIsSaidAndIsNullInJson() throws Exception {
        Trained trained = train(
                WrittenResults.write(directory.resolve("windows.ndjson"), 3, 120, 0.02, TrainingTest::alternating));
        ModelCard card = new ModelCard(trained);
        assertThat(card.text()).contains("± ?", "efficiency_score: too few hours or processes to tell how sure");
        assertThat(card.page()).contains("± ?").doesNotContain("NaN");
        assertThat(new ObjectMapper()
                        .readTree(card.json())
                        .at("/predicted/throughput/gain_standard_error")
                        .isNull())
                .isTrue();
    }

    @Test
    void aWindowThatIsNotThereIsSaidWithThoseThatAre() throws IOException {
        Path data = WrittenResults.write(directory.resolve("windows.ndjson"), 2, 3, 0.1, oee -> oee);
        TrainingData misspelt = new TrainingData("mian");
        misspelt.read(data);
        assertThatThrownBy(() -> new Training(misspelt, HORIZON, 7).train())
                .isInstanceOf(NotEnoughDataException.class)
                .hasMessageEndingWith("of the window 'mian'; it holds some of main: give one of these with --window");
        Path empty = Files.writeString(directory.resolve("empty.ndjson"), "");
        assertThatThrownBy(() -> train(empty))
                .isInstanceOf(NotEnoughDataException.class)
                .hasMessageContaining("no final and complete result of a window");
    }

    @Test
    void aWindowThatIsGivenTwiceCountsOnceAndTwoResultsOnALineAreRefused() throws Exception {
        Path data = WrittenResults.write(directory.resolve("windows.ndjson"), 2, 3, 0.1, oee -> oee);
        TrainingData twice = new TrainingData(null);
        twice.read(data);
        twice.read(data);
        assertThat(twice.windows()).isEqualTo(6);
        String line = Files.readAllLines(data).get(0);
        Files.writeString(data, line + " " + line + "\n");
        assertThatThrownBy(() -> new TrainingData(null).read(data)).hasMessageContaining("line 1 is no result");
    }

    private static Trained train(Path data) throws IOException, NotEnoughDataException {
        return training(data, HORIZON).train();
    }

    private static Training training(Path data, Duration horizon) throws IOException {
        TrainingData read = new TrainingData(null);
        read.read(data);
        return new Training(read, horizon, 7, TREES);
    }

    private static Outcome efficiency(Trained trained) {
        return java.util.Objects.requireNonNull(trained.outcomes().get(Predicted.EFFICIENCY));
    }

    private static List<EfficiencyModel.Prediction> predictions(EfficiencyModel model, List<Example> examples) {
        return examples.stream()
                .map(example -> model.predict(example.features()))
                .toList();
    }

    private static List<Double> forestPredictions(Trained trained, List<Example> examples) {
        EfficiencyModel.Predictor forest = efficiency(trained).shipped();
        assertThat(forest).isInstanceOf(EfficiencyModel.Learnt.class);
        return examples.stream()
                .map(example -> forest.predict(Predicted.EFFICIENCY, example.features()))
                .toList();
    }
}
