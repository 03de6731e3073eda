package io.processoptimizer.cli;

import io.processoptimizer.config.Configuration;
import io.processoptimizer.config.Settings;
import io.processoptimizer.simulate.Pace;
import io.processoptimizer.simulate.SimulationOptions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the worker. */
@Command(
        name = "run",
        description = {
            "Run the worker: read the stream, compute windows, write results, until stopped (Ctrl-C or SIGTERM).",
            "",
            "On a terminal it shows a live table of processes, the worst first; in a pipe one line a closed window."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  Everything on this machine, with a factory to look at:",
            "    java -jar target/process-optimizer-local.jar run --local --simulate",
            "  Against AWS, as the environment or the instance gives region and credentials:",
            "    java -jar target/process-optimizer.jar run --set stream.name=my-stream",
            "  Against an emulator that runs already:",
            "    java -jar target/process-optimizer.jar run --set aws.endpoint=http://127.0.0.1:4566"
        })
public final class RunCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private ConfigOptions config = new ConfigOptions();

    @ArgGroup(exclusive = false, heading = "%nOn this machine:%n")
    private Local local = new Local();

    @ArgGroup(exclusive = false, heading = "%nA simulated factory:%n")
    private Simulation simulation = new Simulation();

    @Spec
    private @Nullable CommandSpec spec;

    /** What runs beside the worker. */
    static final class Local {
        @Option(
                names = "--local",
                description = "Start the embedded AWS in this process, in memory, and use it: no account, no network.")
        boolean local;

        @Option(
                names = "--local-port",
                paramLabel = "PORT",
                defaultValue = "4566",
                description = "Loopback port of the embedded AWS, 0 for any free one. Default: ${DEFAULT-VALUE}.")
        int port = 4566;
    }

    /** What a simulated factory is. */
    static final class Simulation {
        @Option(
                names = "--simulate",
                description = "Put the telemetry of a simulated factory on the stream (only together with --local).")
        boolean simulate;

        @Option(
                names = "--processes",
                paramLabel = "N",
                description = "Number of its lines. Default: ${DEFAULT-VALUE}.",
                defaultValue = "" + SimulationOptions.DEFAULT_PROCESSES)
        int processes = SimulationOptions.DEFAULT_PROCESSES;

        @Option(
                names = "--time-factor",
                paramLabel = "FACTOR",
                description = "How many times faster than the clock it runs, from a start in the past. Default:"
                        + " ${DEFAULT-VALUE}: a minute a second.",
                defaultValue = "" + Pace.DEFAULT_FACTOR)
        double factor = Pace.DEFAULT_FACTOR;

        @Option(
                names = "--seed",
                paramLabel = "SEED",
                description = "The same seed gives the same factory. Default: ${DEFAULT-VALUE}.",
                defaultValue = "" + SimulationOptions.DEFAULT_SEED)
        long seed = SimulationOptions.DEFAULT_SEED;
    }

    RunCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws Exception {
        if (spec == null) {
            throw new IllegalStateException("made by picocli only");
        }
        Configuration configuration = configuration();
        Logging.configure(configuration.settings().log());
        if (simulation.simulate && !local.local) {
            throw new CommandFailure(
                    ExitCode.BAD_USAGE,
                    "--simulate would put invented telemetry on a real stream; add --local, or use the command"
                            + " 'simulate' to do that on purpose");
        }
        LiveRun run = new LiveRun(
                configuration,
                surroundings,
                local,
                simulation,
                spec.commandLine().getOut());
        return run.untilStopped().code();
    }

    /** A local run asks the embedded endpoints, which cost nothing, where the settings say nothing else than the defaults. */
    private Configuration configuration() {
        Configuration configuration = config.load(surroundings);
        Settings settings = configuration.settings();
        boolean isTold =
                !settings.advice().advisor().equals(Settings.DEFAULTS.advice().advisor())
                        || !settings.bedrock().equals(Settings.DEFAULTS.bedrock())
                        || !settings.sagemaker().equals(Settings.DEFAULTS.sagemaker())
                        || isChosen(configuration, "advice.advisor");
        if (!local.local || isTold) {
            return configuration;
        }
        return config.load(
                surroundings,
                null,
                Map.of(
                        "advice.advisor", "bedrock",
                        "bedrock.model", "embedded-rules",
                        "sagemaker.endpoint", "process-efficiency-endpoint"),
                null);
    }

    /** Whether who runs it says what a setting is. */
    static boolean isChosen(Configuration configuration, String path) {
        return CHOSEN.stream()
                .anyMatch(
                        origin -> configuration.origins().getOrDefault(path, "").startsWith(origin));
    }

    /** Where somebody says so who runs it, and not a file that holds all defaults. */
    private static final List<String> CHOSEN = List.of("--set", "PO_");
}
