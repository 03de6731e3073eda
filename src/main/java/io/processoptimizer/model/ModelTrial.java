package io.processoptimizer.model;

import io.processoptimizer.model.TrainingData.Example;
import java.util.Arrays;
import java.util.List;

/** A model on data of which it knows nothing. */
public final class ModelTrial {
    private final List<Evaluation> evaluations;

    private final double seenShare;

    private ModelTrial(List<Evaluation> evaluations, double seenShare) {
        this.evaluations = evaluations;
        this.seenShare = seenShare;
    }

    /** @throws NotEnoughDataException where there are no windows at all */
    public static ModelTrial of(EfficiencyModel model, TrainingData data) throws NotEnoughDataException {
        if (data.windows() == 0) {
            throw new NotEnoughDataException(data.emptiness());
        }
        List<Example> examples = data.examples(model.horizon());
        List<Evaluation> evaluations = Arrays.stream(Predicted.values())
                .map(what -> Evaluation.of(what, model.predictor(what), examples))
                .toList();
        return new ModelTrial(evaluations, model.trainedOn().shareIn(examples));
    }

    /** Which part of what the model was trained on is in these data, 0 … 1; NaN where the model does not tell. */
    public double seenShare() {
        return seenShare;
    }

    /** Whether nothing could be predicted and compared. */
    public boolean isEmpty() {
        return evaluations.stream().allMatch(each -> each.examples() == 0);
    }

    /** Whether the model's error is above that of the better baseline at anything that could be compared. */
    public boolean isWorse() {
        return evaluations.stream().anyMatch(each -> each.gain() < 0);
    }

    /** Lines for a terminal. */
    public String text() {
        return ModelCard.table(evaluations);
    }

    /** One JSON object. */
    public String json() {
        return ModelCard.json(evaluations, seenShare);
    }
}
