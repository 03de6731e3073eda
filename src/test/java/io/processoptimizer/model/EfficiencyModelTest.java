package io.processoptimizer.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.processoptimizer.advise.Features;
import io.processoptimizer.model.EfficiencyModel.Guess;
import io.processoptimizer.model.EfficiencyModel.Learnt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The folder of a model: what was damaged, mixed or left half done is refused with its file, never answered with. */
class EfficiencyModelTest {
    private static final String GUESSES =
            "\"predicted_by\":{\"efficiency_score\":\"last\",\"throughput\":\"last\",\"cycle_time\":\"last\"}";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path folder;

    @BeforeEach
    void aModelWithAForest() throws IOException {
        model(1).write(folder);
    }

    @Test
    void aForestThatIsCutAnotherOrMissingIsNamed() throws IOException {
        Path forest = forests().get(0);
        byte[] whole = Files.readAllBytes(forest);

        Files.write(forest, Arrays.copyOf(whole, whole.length / 2));
        assertRefused(forest + " is damaged: its bytes are not those that the training wrote; copy the folder again, or"
                + " train the model again");
        Files.write(forest, new byte[0]);
        assertRefused(forest + " is damaged");
        whole[whole.length / 2] ^= 1;
        Files.write(forest, whole);
        assertRefused(forest + " is damaged");
        Files.delete(forest);
        assertRefused(forest + " is damaged: it is not there");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{\"format\":\"process-effic",
                "{\"format\":\"process-efficiency-2\"," + GUESSES + "}",
                "{\"format\":\"process-efficiency-2\",\"horizon_ms\":\"x\"," + GUESSES + "}",
                "{\"format\":\"process-efficiency-2\",\"horizon_ms\":-1," + GUESSES + "}",
                "{\"format\":\"process-efficiency-2\",\"horizon_ms\":1e300," + GUESSES + "}",
                "{\"format\":\"process-efficiency-2\",\"horizon_ms\":1000}",
                "{\"format\":\"process-efficiency-2\",\"horizon_ms\":1000,\"predicted_by\":{\"efficiency_score\":\"forest\"}}"
            })
    void aDamagedManifestIsNamed(String manifest) throws IOException {
        Files.writeString(folder.resolve("model.json"), manifest);
        assertRefused(folder.resolve("model.json") + " is damaged: ");
    }

    @Test
    void anotherFormatIsRefusedWithWhatIsRead() throws IOException {
        Files.writeString(folder.resolve("model.json"), "{\"format\":\"process-efficiency-1\"}");
        assertRefused("has the format 'process-efficiency-1'; this version reads process-efficiency-2");
    }

    @Test
    void aTrainingReplacesTheModelAndLeavesNothingOfIt() throws IOException {
        model(2).write(folder);
        assertThat(forests()).hasSize(1);
        assertThat(EfficiencyModel.read(folder).horizon()).isEqualTo(Duration.ofMinutes(2));

        EfficiencyModel.untrained().write(folder);
        assertThat(names()).containsExactly("model.json");
    }

    @Test
    void aTrainingThatEndedBeforeTheManifestLeavesTheOldModel() throws IOException {
        Path elsewhere = Files.createDirectory(folder.resolve("new"));
        model(2).write(elsewhere);
        try (Stream<Path> files = Files.list(elsewhere)) {
            for (Path file : files.filter(EfficiencyModelTest::isForest).toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
        assertThat(EfficiencyModel.read(folder).horizon()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void aDamagedModelCanBeReplaced() throws IOException {
        Files.writeString(folder.resolve("model.json"), "rubbish");
        model(2).write(folder);
        assertThat(EfficiencyModel.read(folder).horizon()).isEqualTo(Duration.ofMinutes(2));
    }

    /** With a forest that learnt nothing in particular, another one for each horizon. */
    private static EfficiencyModel model(int minutes) {
        List<Features> features = IntStream.range(0, 100)
                .mapToObj(i -> Features.of(feature -> i / 100.0))
                .toList();
        double[] labels = new Random(minutes).doubles(features.size()).toArray();
        return new EfficiencyModel(
                Duration.ofMinutes(minutes),
                Map.of(
                        Predicted.EFFICIENCY, Guess.LAST,
                        Predicted.THROUGHPUT, new Learnt(Forest.train(features, labels, 3, minutes)),
                        Predicted.CYCLE_TIME, Guess.MEAN));
    }

    private void assertRefused(String message) {
        assertThatThrownBy(() -> EfficiencyModel.read(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(message);
    }

    private List<Path> forests() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(EfficiencyModelTest::isForest).toList();
        }
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private static boolean isForest(Path file) {
        return file.toString().endsWith(".forest");
    }
}
