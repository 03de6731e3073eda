package io.processoptimizer.cli;

import io.processoptimizer.model.EfficiencyModel;
import io.processoptimizer.model.ModelServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Serves the efficiency model over HTTP. */
@Command(
        name = "serve",
        description = {
            "Answers GET /ping and POST /invocations, as a SageMaker endpoint's container does.",
            "",
            "A request: {\"process_id\":\"PROC-001\",\"process_data\":{\"throughput\":50,…,\"features\":{…}}}; the reply:"
                    + " {\"efficiency_score\":0.68,\"throughput\":47.2,\"cycle_time\":71.5}. Without features the figures that the"
                    + " process states of itself are the answer. Ctrl-C ends it."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  java -jar target/process-optimizer.jar model serve --model model &",
            "  curl -s http://127.0.0.1:8080/invocations -d \\",
            "    '{\"process_id\":\"P1\",\"process_data\":{\"availability\":0.9,\"performance\":0.8,\"quality_rate\":0.99}}'"
        })
final class ModelServeCommand implements Callable<Integer> {
    /** SageMaker's port. */
    private static final int PORT = 8080;

    private static final Duration STOP_WITHIN = Duration.ofSeconds(5);

    private final Surroundings surroundings;

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private ModelCommand model;

    @Option(names = "--model", paramLabel = "DIR", description = "Folder that 'model train' wrote.")
    private @Nullable Path folder;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "" + PORT,
            description = "Loopback port; 0 takes any free one. Default: ${DEFAULT-VALUE}.")
    private int port;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    ModelServeCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws IOException {
        ContainerFiles container = model.container();
        if (port < 0 || port > 65_535) {
            throw new CommandFailure(ExitCode.BAD_USAGE, "--port is " + port + "; use 0 to 65535");
        }
        Path from = container != null ? container.model() : folder();
        InetSocketAddress address = container != null
                ? new InetSocketAddress(PORT)
                : new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        StopSignal signal = new StopSignal(STOP_WITHIN);
        try (ModelServer server = serve(EfficiencyModel.read(from), address)) {
            PrintWriter out = spec.commandLine().getOut();
            out.println("Serving the model of " + from + " on http://"
                    + server.address().getHostString() + ":" + server.address().getPort() + ". Ctrl-C ends it.");
            out.flush();
            signal.received().join();
        } finally {
            signal.finished(ExitCode.DONE);
        }
        return ExitCode.DONE.code();
    }

    private Path folder() {
        if (folder == null) {
            throw new CommandFailure(
                    ExitCode.BAD_USAGE, "no --model was given; name the folder that 'model train' wrote");
        }
        ModelData.requireNamed("--model", folder.toString(), "name the folder that 'model train' wrote");
        return surroundings.resolve(folder);
    }

    private static ModelServer serve(EfficiencyModel efficiency, InetSocketAddress address) {
        try {
            return new ModelServer(efficiency, address);
        } catch (IOException e) {
            throw new CommandFailure(
                    ExitCode.BAD_USAGE,
                    "port " + address.getPort() + " cannot be listened on: " + e.getMessage()
                            + "; give another with --port",
                    e);
        }
    }
}
