package io.processoptimizer.model;

import io.processoptimizer.advise.Feature;
import io.processoptimizer.advise.Features;
import io.processoptimizer.model.EfficiencyModel.Learnt;
import io.processoptimizer.model.EfficiencyModel.Predictor;
import io.processoptimizer.model.TrainingData.Example;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * START HERE. Trains a model and says what it is worth:
 *
 * <pre>
 * {@link TrainingData} ─► examples ─► earlier: {@link Forest} ─► later: {@link Evaluation} ─► {@link EfficiencyModel}, {@link ModelCard}
 * </pre>
 *
 * <p>What is shipped is what was measured, on time that lies after all that it was trained on; where the forest is not surely better
 * than the better baseline, that baseline is shipped. The same data and seed give the same model.
 */
public final class Training {
    /** The share of the time that is trained on; the rest is for the evaluation. */
    private static final double TRAINED_SHARE = 0.8;

    /** More make a forest better by less than its noise, and the training longer. */
    private static final int MAX_EXAMPLES = 20_000;

    private static final int MIN_EXAMPLES = 200;
    private static final int MIN_LATER_EXAMPLES = 50;

    /** Enough to rank the features. */
    private static final int IMPORTANCE_EXAMPLES = 1_000;

    private final TrainingData data;
    private final Duration horizon;
    private final long seed;
    private final int trees;

    /**
     * What came of it for one thing that is predicted.
     *
     * @param forest how well the forest did
     * @param shipped the forest or the better baseline
     * @param importance by how much the forest's error rises where a feature is shuffled, the most important first
     */
    record Outcome(Evaluation forest, Predictor shipped, List<Importance> importance) {}

    record Importance(Feature feature, double errorRise) {}

    /**
     * All that came of a training.
     *
     * @param earlier how many examples were trained on at most
     * @param later the examples of the evaluation
     * @param cutMillis nothing that was trained on reaches beyond it, nothing that was evaluated begins before, epoch milliseconds
     */
    record Trained(
            EfficiencyModel model,
            Map<Predicted, Outcome> outcomes,
            String window,
            int processes,
            int windows,
            int earlier,
            List<Example> later,
            long cutMillis,
            long seed) {}

    public Training(TrainingData data, Duration horizon, long seed) {
        this(data, horizon, seed, Forest.TREES);
    }

    /** @param trees of each forest: fewer are trained sooner, and guess worse */
    Training(TrainingData data, Duration horizon, long seed, int trees) {
        this.data = data;
        this.horizon = horizon;
        this.seed = seed;
        this.trees = trees;
    }

    /**
     * Trains, evaluates, and writes model and card into a folder.
     *
     * @return what a person wants to know of it, some lines
     * @throws NotEnoughDataException where the data do not suffice
     * @throws IOException where the folder cannot be written
     */
    public String run(Path folder) throws IOException, NotEnoughDataException {
        Trained trained = train();
        Files.createDirectories(folder);
        trained.model().write(folder);
        ModelCard card = new ModelCard(trained);
        Replacement.write(folder.resolve(ModelCard.FILE), card.page().getBytes(StandardCharsets.UTF_8));
        Replacement.write(folder.resolve(ModelCard.FIGURES), card.json().getBytes(StandardCharsets.UTF_8));
        return card.text();
    }

    Trained train() throws NotEnoughDataException {
        if (data.windows() == 0) {
            throw new NotEnoughDataException(data.emptiness());
        }
        List<Example> examples = data.examples(horizon);
        if (examples.isEmpty()) {
            throw new NotEnoughDataException(
                    "none of " + data.windows() + " windows has one that ends " + horizon.toMillis() / 1e3
                            + " s later; --horizon must be a multiple of the window's slide, and shorter than the data");
        }
        long cut = cut(examples);
        List<Example> earlier = examples.stream()
                .filter(example -> example.endMillis() + horizon.toMillis() <= cut)
                .toList();
        List<Example> later =
                examples.stream().filter(example -> example.endMillis() >= cut).toList();
        Map<Predicted, Outcome> outcomes = new EnumMap<>(Predicted.class);
        Map<Predicted, Predictor> shipped = new EnumMap<>(Predicted.class);
        for (Predicted what : Predicted.values()) {
            Outcome outcome = train(what, earlier, later);
            outcomes.put(what, outcome);
            shipped.put(what, outcome.shipped());
        }
        return new Trained(
                new EfficiencyModel(horizon, shipped, TrainingTraces.of(earlier)),
                outcomes,
                data.window(),
                data.processes(),
                data.windows(),
                Math.min(earlier.size(), MAX_EXAMPLES),
                later,
                cut,
                seed);
    }

    private static long cut(List<Example> examples) {
        long[] ends = examples.stream().mapToLong(Example::endMillis).sorted().toArray();
        return ends[(int) (ends.length * TRAINED_SHARE)];
    }

    private Outcome train(Predicted what, List<Example> earlier, List<Example> later) throws NotEnoughDataException {
        List<Example> learnable = new ArrayList<>(Evaluation.usable(what, earlier));
        int known = Evaluation.usable(what, later).size();
        if (learnable.size() < MIN_EXAMPLES || known < MIN_LATER_EXAMPLES) {
            throw new NotEnoughDataException(learnable.size() + " earlier and " + known + " later windows know "
                    + what.label() + " now and a horizon later; " + MIN_EXAMPLES + " and "
                    + MIN_LATER_EXAMPLES + " are needed: replay more hours, or more processes");
        }
        Collections.shuffle(learnable, new Random(seed));
        List<Example> chosen = learnable.subList(0, Math.min(learnable.size(), MAX_EXAMPLES));
        double[] labels = chosen.stream()
                .mapToDouble(example -> what.distance(example.actual(what), example.features()))
                .toArray();
        Learnt learnt =
                new Learnt(Forest.train(chosen.stream().map(Example::features).toList(), labels, trees, seed));
        Evaluation evaluation = Evaluation.of(what, learnt, later);
        Predictor shipped = evaluation.isSurelyBetter() ? learnt : evaluation.betterBaseline();
        return new Outcome(evaluation, shipped, importance(what, learnt, later));
    }

    /** Permutation importance (Breiman 2001), on later time. */
    private List<Importance> importance(Predicted what, Learnt forest, List<Example> later) {
        List<Example> sample = new ArrayList<>(Evaluation.usable(what, later));
        Collections.shuffle(sample, new Random(seed));
        sample = sample.subList(0, Math.min(sample.size(), IMPORTANCE_EXAMPLES));
        double error = meanError(what, forest, sample, sample, null);
        List<Importance> importance = new ArrayList<>();
        for (Feature feature : Feature.values()) {
            if (feature.isLearntFrom()) {
                List<Example> shuffled = new ArrayList<>(sample);
                Collections.shuffle(shuffled, new Random(seed + feature.label().hashCode()));
                importance.add(new Importance(feature, meanError(what, forest, sample, shuffled, feature) - error));
            }
        }
        importance.sort(Comparator.comparingDouble(Importance::errorRise).reversed());
        return importance;
    }

    /** The mean error where each example has one feature, if any, of another. */
    private static double meanError(
            Predicted what, Learnt forest, List<Example> examples, List<Example> others, @Nullable Feature swapped) {
        double sum = 0;
        for (int i = 0; i < examples.size(); i++) {
            Example example = examples.get(i);
            Features features = swapped == null
                    ? example.features()
                    : example.features().with(swapped, others.get(i).features().get(swapped));
            // The mean stays the example's own: what is asked is what the forest makes of the feature.
            double predicted = forest.forest().predict(features);
            sum += Math.abs(predicted - what.distance(example.actual(what), example.features()));
        }
        return sum / examples.size();
    }
}
