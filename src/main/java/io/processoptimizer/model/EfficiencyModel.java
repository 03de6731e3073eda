package io.processoptimizer.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.processoptimizer.advise.Features;
import io.processoptimizer.decode.Printable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleBiFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is shipped: for each {@link Predicted} the way to predict it that did best on later time than it was trained on, be it one of
 * the baselines. Immutable; safe to use from several threads.
 *
 * <p>On disk a folder: {@code model.json} says how each is predicted, and the SHA-256 of each forest, which a {@code .forest} file beside
 * it holds, named by it. {@code model.json} is replaced in one step, after the forests are there: a training that is ended in the middle,
 * or two at once, leave one model or the other, never parts of both.
 */
public final class EfficiencyModel {
    /** Its file. */
    static final String MANIFEST = "model.json";

    private static final String FORMAT = "process-efficiency-2";
    private static final String HORIZON = "horizon_ms";
    private static final String FORESTS = "forests";
    private static final String TRAINED_ON = "trained_on";
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    /** Enough that two forests never have the same name. */
    private static final int DIGITS_IN_NAME = 16;

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final Duration horizon;
    private final Map<Predicted, Predictor> predictors;
    private final TrainingTraces trainedOn;

    /** A way to predict one thing from the features; NaN where these do not suffice. */
    sealed interface Predictor {
        double predict(Predicted what, Features features);

        String label();
    }

    /** What can be said without having learnt anything. */
    @SuppressWarnings("ImmutableEnumChecker") // its functions hold nothing
    enum Guess implements Predictor {
        /** It will be as in the last window. */
        LAST("last", Predicted::last),
        /** It will be as in the mean of the last windows. */
        MEAN("mean", Predicted::mean);

        private final String label;
        private final ToDoubleBiFunction<Predicted, Features> guess;

        Guess(String label, ToDoubleBiFunction<Predicted, Features> guess) {
            this.label = label;
            this.guess = guess;
        }

        @Override
        public double predict(Predicted what, Features features) {
            return guess.applyAsDouble(what, features);
        }

        @Override
        public String label() {
            return label;
        }
    }

    /** It will be as far from that mean as the forest says. */
    record Learnt(Forest forest) implements Predictor {
        @Override
        public double predict(Predicted what, Features features) {
            return Double.isNaN(what.mean(features)) ? Double.NaN : what.at(forest.predict(features), features);
        }

        @Override
        public String label() {
            return "forest";
        }
    }

    /**
     * How a process will do one horizon ahead. NaN: the features do not suffice to say.
     *
     * @param efficiencyScore OEE, a ratio
     * @param throughput parts per hour
     * @param cycleTime seconds per part
     */
    public record Prediction(double efficiencyScore, double throughput, double cycleTime) {}

    EfficiencyModel(Duration horizon, Map<Predicted, Predictor> predictors) {
        this(horizon, predictors, TrainingTraces.NONE);
    }

    EfficiencyModel(Duration horizon, Map<Predicted, Predictor> predictors, TrainingTraces trainedOn) {
        this.horizon = horizon;
        this.predictors = new EnumMap<>(predictors);
        this.trainedOn = trainedOn;
    }

    /** What is said where nothing was learnt: it will be as in the mean of the last windows. */
    public static EfficiencyModel untrained() {
        return new EfficiencyModel(
                Duration.ofMinutes(5),
                Map.of(
                        Predicted.EFFICIENCY, Guess.MEAN,
                        Predicted.THROUGHPUT, Guess.MEAN,
                        Predicted.CYCLE_TIME, Guess.MEAN));
    }

    /** How far ahead it looks, from the end of the window that it is told of to the end of the one that it predicts. */
    public Duration horizon() {
        return horizon;
    }

    /** By which it knows again what it was trained on. */
    TrainingTraces trainedOn() {
        return trainedOn;
    }

    Predictor predictor(Predicted what) {
        Predictor predictor = predictors.get(what);
        if (predictor == null) {
            throw new IllegalStateException("the model does not predict " + what.label());
        }
        return predictor;
    }

    /** What the features let expect. */
    public Prediction predict(Features features) {
        return new Prediction(
                predict(Predicted.EFFICIENCY, features),
                predict(Predicted.THROUGHPUT, features),
                predict(Predicted.CYCLE_TIME, features));
    }

    private double predict(Predicted what, Features features) {
        return predictor(what).predict(what, features);
    }

    /** Writes it into a folder, which exists, in place of the model that it holds, if any. */
    void write(Path folder) throws IOException {
        Set<Path> replaced = forests(folder);
        Set<Path> kept = new HashSet<>();
        ObjectNode manifest = JSON.createObjectNode();
        manifest.put("format", FORMAT);
        manifest.put(HORIZON, horizon.toMillis());
        ObjectNode predicted = manifest.putObject("predicted_by");
        ObjectNode digests = manifest.putObject(FORESTS);
        for (Map.Entry<Predicted, Predictor> entry : predictors.entrySet()) {
            String label = entry.getKey().label();
            predicted.put(label, entry.getValue().label());
            if (entry.getValue() instanceof Learnt learnt) {
                byte[] bytes = learnt.forest().bytes();
                String digest = digest(bytes);
                Path file = forestFile(folder, label, digest);
                Replacement.write(file, bytes);
                replaced.remove(file);
                kept.add(file);
                digests.put(label, digest);
            }
        }
        trainedOn.writeTo(manifest.putArray(TRAINED_ON));
        Replacement.write(folder.resolve(MANIFEST), JSON.writeValueAsBytes(manifest));
        for (Path file : replaced) {
            Files.deleteIfExists(file);
        }
        Replacement.removeLeft(folder, kept, Instant.now());
    }

    /** The files of the model that the folder holds; none where its manifest cannot be read, which is about to be replaced. */
    private static Set<Path> forests(Path folder) {
        Set<Path> files = new HashSet<>();
        try {
            JsonNode digests = manifest(folder.resolve(MANIFEST)).path(FORESTS);
            for (Predicted what : Predicted.values()) {
                String digest = digests.path(what.label()).asText();
                if (DIGEST.matcher(digest).matches()) {
                    files.add(forestFile(folder, what.label(), digest));
                }
            }
        } catch (IOException e) {
            return new HashSet<>();
        }
        return files;
    }

    /** @throws IOException where there is no model, one of another program or version, or a damaged one */
    public static EfficiencyModel read(Path folder) throws IOException {
        Path file = folder.resolve(MANIFEST);
        if (!Files.isRegularFile(file)) {
            throw new IOException(folder + " holds no model (no " + MANIFEST + "); train one with 'model train'");
        }
        JsonNode manifest = manifest(file);
        String format = manifest.path("format").asText();
        if (!format.equals(FORMAT)) {
            throw new IOException(file + " has the format '" + Printable.text(format) + "'; this version reads "
                    + FORMAT + ": train the model again, or run the version that wrote it");
        }
        JsonNode horizon = manifest.path(HORIZON);
        if (!horizon.canConvertToLong() || horizon.asLong() <= 0) {
            throw damaged(file, HORIZON + " is no number of milliseconds", null);
        }
        Map<Predicted, Predictor> predictors = new EnumMap<>(Predicted.class);
        for (Predicted what : Predicted.values()) {
            String by = manifest.path("predicted_by").path(what.label()).asText();
            predictors.put(
                    what,
                    switch (by) {
                        case "last" -> Guess.LAST;
                        case "mean" -> Guess.MEAN;
                        case "forest" ->
                            new Learnt(forest(
                                    folder,
                                    what.label(),
                                    manifest.path(FORESTS).path(what.label()).asText()));
                        default ->
                            throw damaged(
                                    file,
                                    what.label() + " is predicted by '" + Printable.text(by) + "', which is unknown",
                                    null);
                    });
        }
        try {
            return new EfficiencyModel(
                    Duration.ofMillis(horizon.asLong()), predictors, TrainingTraces.read(manifest.path(TRAINED_ON)));
        } catch (NumberFormatException e) {
            throw damaged(file, TRAINED_ON + " holds what is no hash", e);
        }
    }

    /**
     * Names the content of the model in a folder, wherever the folder is: 64 hexadecimal digits.
     *
     * @throws IOException where there is none
     */
    public static String identity(Path folder) throws IOException {
        // It has the digest of each forest.
        return digest(Files.readAllBytes(folder.resolve(MANIFEST)));
    }

    private static JsonNode manifest(Path file) throws IOException {
        try {
            JsonNode manifest = JSON.readTree(Files.readAllBytes(file));
            if (manifest.isObject()) {
                return manifest;
            }
        } catch (JsonProcessingException e) {
            throw damaged(file, "it is no JSON", e);
        }
        throw damaged(file, "it is no JSON object", null);
    }

    private static Forest forest(Path folder, String label, String digest) throws IOException {
        if (!DIGEST.matcher(digest).matches()) {
            throw damaged(folder.resolve(MANIFEST), "it has no digest of the forest of " + label, null);
        }
        Path file = forestFile(folder, label, digest);
        if (!Files.isRegularFile(file)) {
            throw damaged(file, "it is not there", null);
        }
        byte[] bytes = Files.readAllBytes(file);
        if (!digest(bytes).equals(digest)) {
            throw damaged(file, "its bytes are not those that the training wrote", null);
        }
        try {
            return Forest.of(bytes);
        } catch (IOException | IllegalStateException | IllegalArgumentException | ClassCastException e) {
            throw damaged(file, "it holds no forest that this version reads", e);
        }
    }

    private static IOException damaged(Path file, String how, @Nullable Exception cause) {
        return new IOException(
                file + " is damaged: " + how + "; copy the folder again, or train the model again", cause);
    }

    private static Path forestFile(Path folder, String label, String digest) {
        return folder.resolve(label + "-" + digest.substring(0, DIGITS_IN_NAME) + ".forest");
    }

    private static String digest(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
