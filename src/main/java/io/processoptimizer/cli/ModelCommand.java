package io.processoptimizer.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Commands around the efficiency model. */
@Command(
        name = "model",
        description = {
            "The efficiency model: how a process will do a few minutes ahead, learnt from replays.",
            "",
            "It speaks the contract of a SageMaker container: with --container before it, 'train' and 'serve' read and write"
                    + " below /opt/ml as SageMaker lays it out, and 'serve' listens on port 8080 of all addresses."
        },
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {
            "  A model from a day of telemetry, and the page that says what it is worth:",
            "    java -jar target/process-optimizer.jar replay --input recording --output out",
            "    java -jar target/process-optimizer.jar model train --input out --output model",
            "  As an endpoint on this machine:",
            "    java -jar target/process-optimizer.jar model serve --model model",
            "  As the entry point of a container, to which SageMaker adds 'train' or 'serve':",
            "    ENTRYPOINT [\"java\", \"-jar\", \"/app/process-optimizer.jar\", \"model\", \"--container\"]"
        },
        subcommands = {ModelTrainCommand.class, ModelEvaluateCommand.class, ModelServeCommand.class})
final class ModelCommand {
    @Option(
            names = "--container",
            scope = ScopeType.LOCAL,
            description = "Work as a SageMaker container does: files below /opt/ml, no further options.")
    private boolean container;

    @Option(
            names = "--container-root",
            paramLabel = "DIR",
            hidden = true,
            defaultValue = "/opt/ml",
            description = "Where the container's files are; for trying it elsewhere.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path root;

    /** The container's files, or null outside of one. */
    @Nullable
    ContainerFiles container() {
        return container ? new ContainerFiles(root) : null;
    }
}
