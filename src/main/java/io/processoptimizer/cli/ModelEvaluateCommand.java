package io.processoptimizer.cli;

import io.processoptimizer.model.EfficiencyModel;
import io.processoptimizer.model.ModelTrial;
import io.processoptimizer.model.NotEnoughDataException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Tells what a model is worth on other data. */
@Command(
        name = "evaluate",
        description = {
            "Compares a model's errors on given results with those of the two guesses that cost nothing.",
            "",
            "Give results that the model was not trained on: of another day, or of other processes."
        },
        footerHeading = "%nExamples:%n",
        footer = "  java -jar target/process-optimizer.jar model evaluate --model model --input tuesday")
final class ModelEvaluateCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private ModelData data = new ModelData();

    @Option(names = "--model", paramLabel = "DIR", required = true, description = "Folder that 'model train' wrote.")
    @SuppressWarnings("NullAway.Init") // picocli sets it, or refuses the command
    private Path folder;

    @Option(names = "--json", description = "Print the figures as one JSON object.")
    private boolean json;

    @Option(
            names = "--fail-if-worse",
            description = "End with 5 where the model does worse than the better guess at anything.")
    private boolean failIfWorse;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    ModelEvaluateCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        ModelData.requireNamed("--model", folder.toString(), "name the folder that 'model train' wrote");
        ModelTrial trial = trial();
        if (trial.isEmpty()) {
            throw new CommandFailure(
                    ExitCode.BAD_INPUT,
                    "no window of the input has one that ends the model's horizon later; give longer data");
        }
        PrintWriter out = spec.commandLine().getOut();
        out.print(json ? trial.json() : trial.text());
        out.flush();
        if (trial.seenShare() > 0) {
            spec.commandLine()
                    .getErr()
                    .printf(
                            Locale.ROOT,
                            "%.0f %% of what the model was trained on is in this input, so these figures flatter it; give results"
                                    + " of another day, or of other processes%n",
                            Math.max(1, trial.seenShare() * 100));
        }
        return (failIfWorse && trial.isWorse() ? ExitCode.CHECK_FAILED : ExitCode.DONE).code();
    }

    private ModelTrial trial() throws IOException, InterruptedException {
        EfficiencyModel model = EfficiencyModel.read(surroundings.resolve(folder));
        try {
            return ModelTrial.of(model, data.read(surroundings));
        } catch (NotEnoughDataException e) {
            throw new CommandFailure(ExitCode.BAD_INPUT, String.valueOf(e.getMessage()), e);
        }
    }
}
