package io.processoptimizer.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.processoptimizer.recover.ApplicationStanding;
import io.processoptimizer.recover.Standings;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Where every shard stands. */
@Command(
        name = "status",
        description = {
            "Where every shard stands. The first line says whether all is well, and if not, what is wrong and what to do.",
            "",
            "It only reads, with workers running or not. That a lease is renewed can only be seen by its counter, read again"
                    + " after some seconds: so it takes about four seconds, and twelve where something stands still.",
            "",
            "Exit code 0: all is well; 5: it is not. With --watch always 0."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  Is all well?",
            "    java -jar target/process-optimizer.jar recover status",
            "  Again every ten seconds, until Ctrl-C:",
            "    java -jar target/process-optimizer.jar recover status --watch=10",
            "  For an alarm:",
            "    java -jar target/process-optimizer.jar recover status --json"
        })
final class RecoverStatusCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int COUNT_AT_MOST = 20_000;
    private static final String CLEAR = "\u001b[H\u001b[J";
    private static final String LINE_START = "\r\u001b[K";

    private final Surroundings surroundings;

    @Mixin
    private ConfigOptions config = new ConfigOptions();

    @Option(names = "--json", description = "For machines: one JSON object, with --watch one a line.")
    private boolean json;

    @Option(
            names = "--watch",
            arity = "0..1",
            fallbackValue = "5",
            paramLabel = "SECONDS",
            description = "Look again every so many seconds (5), until Ctrl-C.")
    private @Nullable Integer watch;

    @Option(
            names = "--count",
            description = "Count the records that wait, up to " + COUNT_AT_MOST
                    + " a shard. It reads them, at half of the five reads a second that Kinesis allows a shard: the"
                    + " workers read more slowly meanwhile. Without it a shard is read once, for one record.")
    private boolean count;

    @Option(names = "--all", description = "Show the shards that are finished, too.")
    private boolean all;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    RecoverStatusCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws InterruptedException, JsonProcessingException {
        if (watch != null && watch < 1) {
            throw new CommandFailure(
                    ExitCode.BAD_USAGE, "--watch=" + watch + " is no number of seconds; use 1 or more");
        }
        try (RecoverContext context = RecoverContext.open(config, surroundings)) {
            Standings standings = context.standings();
            if (watch != null) {
                return watch(context, standings, watch);
            }
            ApplicationStanding standing = look(context, standings);
            show(standing);
            return (standing.isWell() ? ExitCode.DONE : ExitCode.CHECK_FAILED).code();
        }
    }

    private ApplicationStanding look(RecoverContext context, Standings standings) throws InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        boolean shown = surroundings.terminal() && !json;
        LongConsumer watching = watched -> {
            if (shown) {
                err.print(LINE_START + "watching whether the leases are renewed, " + watched / 1_000 + " s …");
                err.flush();
            }
        };
        try {
            return standings.look(new Standings.Look(count ? COUNT_AT_MOST : 0, watching));
        } catch (IllegalStateException e) {
            throw context.noStream(e);
        } finally {
            if (shown) {
                err.print(LINE_START);
                err.flush();
            }
        }
    }

    private int watch(RecoverContext context, Standings standings, int seconds)
            throws InterruptedException, JsonProcessingException {
        StopSignal signal = new StopSignal(Duration.ofSeconds(1));
        try {
            while (!stops(signal.received(), 0)) {
                ApplicationStanding standing = look(context, standings);
                if (surroundings.terminal() && !json) {
                    spec.commandLine().getOut().print(CLEAR);
                }
                show(standing);
                if (!surroundings.terminal() && !json) {
                    spec.commandLine().getOut().println();
                }
                if (stops(signal.received(), seconds)) {
                    break;
                }
            }
            return ExitCode.DONE.code();
        } finally {
            signal.finished(ExitCode.DONE);
        }
    }

    private static boolean stops(CompletableFuture<Void> stop, int withinSeconds) throws InterruptedException {
        try {
            stop.get(withinSeconds, TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private void show(ApplicationStanding standing) throws JsonProcessingException {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            ObjectNode node = StandingJson.of(standing);
            out.println(
                    watch == null
                            ? JSON.writerWithDefaultPrettyPrinter().writeValueAsString(node)
                            : JSON.writeValueAsString(node));
        } else {
            new StandingText(standing, new Style(surroundings.colours())).print(out, all);
        }
        out.flush();
    }
}
