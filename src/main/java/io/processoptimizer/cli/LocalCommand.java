package io.processoptimizer.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the embedded AWS alone. */
@Command(
        name = "local",
        description = {
            "Runs the embedded AWS alone: Kinesis, DynamoDB, S3, CloudWatch, EventBridge and SageMaker's runtime on one"
                    + " loopback port.",
            "",
            "For development and tests; it is in process-optimizer-local.jar only. Ctrl-C ends it."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  java -jar target/process-optimizer-local.jar local",
            "  Tables that survive a restart:",
            "    java -jar target/process-optimizer-local.jar local --directory ~/.process-optimizer-local",
            "  Look at it (AWS CLI; before 2.13 it ignores AWS_ENDPOINT_URL):",
            "    aws --endpoint-url http://127.0.0.1:4566 kinesis list-streams"
        })
final class LocalCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "4566",
            description = "Loopback port; 0 takes any free one. Default: ${DEFAULT-VALUE}.")
    private int port;

    @Option(
            names = "--directory",
            paramLabel = "DIR",
            description = "Where the DynamoDB tables are kept over a restart. Default: in memory.")
    private @Nullable Path directory;

    @Option(
            names = "--model",
            paramLabel = "DIR",
            description =
                    "Folder of an efficiency model ('model train') that SageMaker's endpoints answer with. Default: as in"
                            + " the mean of the last windows.")
    private @Nullable Path model;

    @Option(
            names = "--faults",
            description =
                    "Serve the page /_local/faults, by which requests can be made to go wrong: throttled, failed, left"
                            + " without an answer; and /_local/actions, which shows what was asked for as policies name it.")
    private boolean faults;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    LocalCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (model != null) {
            ModelData.requireNamed(
                    "--model", model.toString(), "name the folder that 'model train' wrote, or leave it out");
        }
        if (directory != null) {
            ModelData.requireNamed("--directory", directory.toString(), "name a folder, or leave it out");
        }
        Path tables = directory == null ? null : surroundings.resolve(directory);
        EmbeddedAws.Running aws = EmbeddedAws.start(
                "--port",
                new EmbeddedAws.Options(port, tables, faults, model == null ? null : surroundings.resolve(model)));
        Runtime.getRuntime().addShutdownHook(new Thread(aws::close, "local-aws-shutdown"));
        aws.awaitReady();
        PrintWriter out = spec.commandLine().getOut();
        out.println("Embedded AWS on " + aws.endpoint() + " (tables " + (tables == null ? "in memory" : "in " + tables)
                + "). Ctrl-C ends it.");
        out.println("  export AWS_ENDPOINT_URL=" + aws.endpoint()
                + " AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local AWS_DEFAULT_REGION=us-east-1");
        out.flush();
        new CountDownLatch(1).await();
        return ExitCode.DONE.code();
    }
}
