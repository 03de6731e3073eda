package io.processoptimizer.model;

import io.processoptimizer.advise.Feature;
import io.processoptimizer.advise.Features;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.tribuo.Example;
import org.tribuo.Model;
import org.tribuo.MutableDataset;
import org.tribuo.common.tree.RandomForestTrainer;
import org.tribuo.impl.ArrayExample;
import org.tribuo.provenance.SimpleDataSourceProvenance;
import org.tribuo.regression.RegressionFactory;
import org.tribuo.regression.Regressor;
import org.tribuo.regression.ensemble.AveragingCombiner;
import org.tribuo.regression.rtree.CARTRegressionTrainer;
import org.tribuo.regression.rtree.impurity.MeanSquaredError;

/**
 * A random forest (Breiman 2001, Tribuo's) over the features that may be learnt from. An unknown feature is a value of its own, below
 * all others, so that a tree can split on it.
 */
final class Forest {
    /** Tells of each tree. Held, since Java forgets the level of a logger that nobody holds. */
    private static final Logger TRAINER = Logger.getLogger("org.tribuo");

    static {
        TRAINER.setLevel(Level.WARNING);
    }

    /** More trees change the error by less than its noise. */
    static final int TREES = 30;

    private static final int MAX_DEPTH = 9;

    /** Examples overlap in time, so a leaf of few of them is one event seen several times. */
    private static final float MIN_LEAF = 40;

    private static final float FEATURES_A_SPLIT = 0.4f;

    /** Below every ratio, share and difference. */
    private static final double UNKNOWN = -10;

    /** Values are told apart by hundredths: finer ones are noise, and a tree tries a split at each value that it meets. */
    private static final double GRAINS = 100;

    private static final String OUTPUT = "distance";
    private static final RegressionFactory FACTORY = new RegressionFactory();
    private static final List<Feature> LEARNT =
            Arrays.stream(Feature.values()).filter(Feature::isLearntFrom).toList();
    private static final String[] NAMES = LEARNT.stream().map(Feature::label).toArray(String[]::new);

    private final Model<Regressor> model;

    private Forest(Model<Regressor> model) {
        this.model = model;
    }

    /**
     * The same examples and seed give the same predictions.
     *
     * @param features of each example
     * @param labels what is to be predicted of each; none is NaN
     * @param trees how many: {@link #TREES}
     */
    static Forest train(List<Features> features, double[] labels, int trees, long seed) {
        // Its only use is to be printed; a fixed time keeps equal forests equal.
        SimpleDataSourceProvenance source = new SimpleDataSourceProvenance(
                "windows of replays", OffsetDateTime.ofInstant(Instant.EPOCH, ZoneOffset.UTC), FACTORY);
        MutableDataset<Regressor> examples = new MutableDataset<>(source, FACTORY);
        for (int i = 0; i < labels.length; i++) {
            examples.add(example(features.get(i), new Regressor(OUTPUT, labels[i])));
        }
        CARTRegressionTrainer tree = new CARTRegressionTrainer(
                MAX_DEPTH, MIN_LEAF, 0f, FEATURES_A_SPLIT, false, new MeanSquaredError(), seed);
        return new Forest(new RandomForestTrainer<>(tree, new AveragingCombiner(), trees, seed).train(examples));
    }

    /** How far ahead of the mean of the last windows; finite. */
    double predict(Features features) {
        return model.predict(example(features, FACTORY.getUnknownOutput()))
                .getOutput()
                .getValues()[0];
    }

    private static Example<Regressor> example(Features features, Regressor output) {
        double[] values = new double[NAMES.length];
        for (int i = 0; i < values.length; i++) {
            double value = features.get(LEARNT.get(i));
            values[i] = Double.isFinite(value) ? Math.rint(value * GRAINS) / GRAINS : UNKNOWN;
        }
        return new ArrayExample<>(output, NAMES, values);
    }

    byte[] bytes() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        model.serializeToStream(bytes);
        return bytes.toByteArray();
    }

    /** @throws IOException, IllegalStateException or IllegalArgumentException where the bytes are none of a forest */
    static Forest of(byte[] bytes) throws IOException {
        return new Forest(
                Model.deserializeFromStream(new ByteArrayInputStream(bytes)).castModel(Regressor.class));
    }
}
