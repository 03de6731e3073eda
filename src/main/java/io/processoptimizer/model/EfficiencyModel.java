package io.processoptimizer.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.processoptimizer.advise.Features;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.ToDoubleBiFunction;

/**
 * What is shipped: for each {@link Predicted} the way to predict it that did best on later time than it was trained on, be it one of
 * the baselines. Immutable; safe to use from several threads.
 *
 * <p>On disk a folder: {@code model.json} says how each is predicted, a {@code .forest} file beside it holds each forest.
 */
public final class EfficiencyModel {
    /** Its file. */
    static final String MANIFEST = "model.json";

    private static final String FORMAT = "process-efficiency-1";
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final Duration horizon;
    private final Map<Predicted, Predictor> predictors;

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
        this.horizon = horizon;
        this.predictors = new EnumMap<>(predictors);
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

    /** Writes it into a folder, which exists. */
    void write(Path folder) throws IOException {
        ObjectNode manifest = JSON.createObjectNode();
        manifest.put("format", FORMAT);
        manifest.put("horizon_ms", horizon.toMillis());
        ObjectNode predicted = manifest.putObject("predicted_by");
        for (Map.Entry<Predicted, Predictor> entry : predictors.entrySet()) {
            predicted.put(entry.getKey().label(), entry.getValue().label());
            if (entry.getValue() instanceof Learnt learnt) {
                learnt.forest().write(forestFile(folder, entry.getKey()));
            }
        }
        Files.write(folder.resolve(MANIFEST), JSON.writeValueAsBytes(manifest));
    }

    /** @throws IOException where there is no model, or one of another program or version */
    public static EfficiencyModel read(Path folder) throws IOException {
        Path file = folder.resolve(MANIFEST);
        if (!Files.isRegularFile(file)) {
            throw new IOException(folder + " holds no model (no " + MANIFEST + "); train one with 'model train'");
        }
        JsonNode manifest = manifest(file);
        String format = manifest.path("format").asText();
        if (!format.equals(FORMAT)) {
            throw new IOException(file + " has the format '" + format + "'; this version reads " + FORMAT
                    + ": train the model again, or run the version that wrote it");
        }
        Map<Predicted, Predictor> predictors = new EnumMap<>(Predicted.class);
        for (Predicted what : Predicted.values()) {
            String by = manifest.path("predicted_by").path(what.label()).asText();
            predictors.put(
                    what,
                    switch (by) {
                        case "last" -> Guess.LAST;
                        case "mean" -> Guess.MEAN;
                        case "forest" -> new Learnt(Forest.read(forestFile(folder, what)));
                        default ->
                            throw new IOException(
                                    file + " predicts " + what.label() + " by '" + by + "', which is unknown");
                    });
        }
        return new EfficiencyModel(Duration.ofMillis(manifest.path("horizon_ms").asLong()), predictors);
    }

    private static JsonNode manifest(Path file) throws IOException {
        try {
            return JSON.readTree(Files.readAllBytes(file));
        } catch (JsonProcessingException e) {
            throw new IOException(
                    file + " is damaged: it is no JSON; copy the folder again, or train the model again", e);
        }
    }

    private static Path forestFile(Path folder, Predicted what) {
        return folder.resolve(what.label() + ".forest");
    }
}
