package io.processoptimizer.cli;

import io.processoptimizer.advise.EfficiencyPort;
import io.processoptimizer.advise.Estimate;
import io.processoptimizer.emit.Efficiency;
import io.processoptimizer.model.EfficiencyModel;
import io.processoptimizer.model.EfficiencyModel.Prediction;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The efficiency model of a folder, in this process. */
final class LocalEfficiency {
    private static final String SOURCE = "local";

    private LocalEfficiency() {}

    /**
     * Names the content of the model; null where none is named.
     *
     * @param folder as {@code advice.efficiency_model} names it; null: none
     * @throws CommandFailure where it holds no model
     */
    static @Nullable String identity(@Nullable String folder, Surroundings surroundings) {
        try {
            return folder == null ? null : EfficiencyModel.identity(surroundings.resolve(Path.of(folder)));
        } catch (IOException e) {
            throw new CommandFailure(
                    ExitCode.BAD_USAGE,
                    "advice.efficiency_model (" + folder + ") cannot be read here: " + FileProblem.why(e)
                            + "; its content is part of what names a configuration, so bring the model here",
                    e);
        }
    }

    /**
     * @param folder as {@code advice.efficiency_model} names it; null: none
     * @throws CommandFailure where it holds no model
     */
    static EfficiencyPort of(@Nullable String folder, Surroundings surroundings) {
        if (folder == null) {
            return EfficiencyPort.NONE;
        }
        EfficiencyModel model;
        try {
            model = EfficiencyModel.read(surroundings.resolve(Path.of(folder)));
        } catch (IOException e) {
            throw new CommandFailure(
                    ExitCode.BAD_USAGE, "advice.efficiency_model (" + folder + "): " + FileProblem.why(e), e);
        }
        return features -> {
            Prediction prediction = model.predict(features);
            return new Efficiency(
                    Estimate.rounded(prediction.efficiencyScore()),
                    Estimate.rounded(prediction.throughput()),
                    Estimate.rounded(prediction.cycleTime()),
                    model.horizon().toMillis(),
                    SOURCE);
        };
    }
}
