package io.processoptimizer.model;

import io.processoptimizer.model.EfficiencyModel.Guess;
import io.processoptimizer.model.EfficiencyModel.Predictor;
import io.processoptimizer.model.TrainingData.Example;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How well one thing is predicted on given examples, beside the two baselines. Errors are mean absolute distances: of efficiency in OEE,
 * of the others relative.
 *
 * @param what what is predicted
 * @param examples how many know the actual value, the last one and the mean
 * @param last error of "as in the last window"
 * @param mean error of "as in the mean of the last windows"
 * @param model error of the model
 * @param gain by how much the model's error is below that of the better baseline; negative: above
 * @param gainError standard error of the gain, from processes by hours, within which examples overlap; NaN: too few to tell
 */
record Evaluation(Predicted what, int examples, double last, double mean, double model, double gain, double gainError) {
    private static final long HOUR = 3_600_000;

    /** With fewer groups their spread says nothing. */
    private static final int MIN_GROUPS = 6;

    /** A gain that chance brings once in forty cases. */
    private static final double SURE = 2;

    static Evaluation of(Predicted what, Predictor predictor, List<Example> examples) {
        List<Example> usable = usable(what, examples);
        double[] last = errors(what, Guess.LAST, usable);
        double[] mean = errors(what, Guess.MEAN, usable);
        double[] model = errors(what, predictor, usable);
        double[] better = average(last) <= average(mean) ? last : mean;
        Map<String, double[]> groups = new TreeMap<>();
        for (int i = 0; i < usable.size(); i++) {
            Example example = usable.get(i);
            double[] sumAndCount = groups.computeIfAbsent(
                    example.processId() + "\0" + Math.floorDiv(example.endMillis(), HOUR), key -> new double[2]);
            sumAndCount[0] += better[i] - model[i];
            sumAndCount[1]++;
        }
        double[] gains = groups.values().stream()
                .mapToDouble(group -> group[0] / group[1])
                .toArray();
        return new Evaluation(
                what,
                usable.size(),
                average(last),
                average(mean),
                average(model),
                average(better) - average(model),
                gains.length < MIN_GROUPS ? Double.NaN : standardError(gains));
    }

    /** Those on which each way to predict has what it needs. */
    static List<Example> usable(Predicted what, List<Example> examples) {
        return examples.stream()
                .filter(example -> Double.isFinite(what.distance(example.actual(what), example.features()))
                        && Double.isFinite(what.last(example.features())))
                .toList();
    }

    private static double[] errors(Predicted what, Predictor predictor, List<Example> examples) {
        return examples.stream()
                .mapToDouble(example -> error(what, predictor, example))
                .toArray();
    }

    /** Of one example, in the measure in which errors are stated. */
    static double error(Predicted what, Predictor predictor, Example example) {
        double predicted = predictor.predict(what, example.features());
        return Math.abs(
                what.distance(predicted, example.features()) - what.distance(example.actual(what), example.features()));
    }

    private static double average(double[] values) {
        return Arrays.stream(values).average().orElse(Double.NaN);
    }

    private static double standardError(double[] values) {
        double mean = average(values);
        double squares = Arrays.stream(values)
                .map(value -> (value - mean) * (value - mean))
                .sum();
        return Math.sqrt(squares / (values.length - 1) / values.length);
    }

    /** Whether there are too few groups for a standard error. */
    boolean isTooLittleToTell() {
        return Double.isNaN(gainError);
    }

    /** Whether the model is better than both baselines, and not by chance; never where there is too little to tell. */
    boolean isSurelyBetter() {
        return gain > SURE * gainError;
    }

    Predictor betterBaseline() {
        return last <= mean ? Guess.LAST : Guess.MEAN;
    }
}
