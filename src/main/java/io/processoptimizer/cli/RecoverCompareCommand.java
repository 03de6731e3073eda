package io.processoptimizer.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.processoptimizer.config.Settings;
import io.processoptimizer.recover.move.TableComparison;
import io.processoptimizer.replay.CollectedResults;
import io.processoptimizer.replay.EarlierResults;
import io.processoptimizer.replay.ResultFileLines;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says whether two applications that run side by side give the same results. */
@Command(
        name = "compare",
        description = {
            "Compares the final results in the table of these settings (outputs.metrics_table, here) with those in another"
                    + " table (there), as of a clone: for each process the windows between the first that both closed and the"
                    + " last that both have. Exit code 5: they differ, or have nothing in common.",
            "",
            "'recover clone' says from when on the copy must have everything: with that as --from nothing is counted as missing"
                    + " that was closed before, and nothing overlooked that should have come first.",
            "",
            "Not compared are revision, generation and config_version. It reads both tables whole, one after the other; a window"
                    + " that late data revises in between shows as different once, and not when it is run again."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "    java -jar target/process-optimizer.jar recover compare --with green-metrics \\",
            "      --from 2026-01-05T06:12:00Z"
        })
final class RecoverCompareCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Surroundings surroundings;

    @Mixin
    private ConfigOptions config = new ConfigOptions();

    @Option(names = "--with", required = true, paramLabel = "TABLE", description = "The other metrics table.")
    private String with = "";

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description = "What only one has counts where the window ends later. Default: what the tables show.")
    private @Nullable String from;

    @Option(names = "--json", description = "One JSON object.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    RecoverCompareCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (with.isBlank()) {
            throw new CommandFailure(
                    ExitCode.BAD_USAGE, "--with is empty; name the metrics table of the other application");
        }
        try (RecoverContext context = RecoverContext.open(config, surroundings)) {
            String here = context.settings().outputs().metricsTable();
            if (here.equals(with)) {
                throw new CommandFailure(
                        ExitCode.BAD_USAGE,
                        "--with names the table of these settings (" + here + "); name that of the other application");
            }
            Path sorted = Files.createTempDirectory("recover-compare");
            try (CollectedResults ours = new CollectedResults(sorted.resolve("here"));
                    CollectedResults theirs = new CollectedResults(sorted.resolve("there"))) {
                TableComparison.Span spanHere = scan(context, here, ours);
                TableComparison.Span spanThere = scan(context, with, theirs);
                TableComparison comparison;
                try (EarlierResults first = new ResultFileLines(sorted.resolve("here"), here);
                        EarlierResults second = new ResultFileLines(sorted.resolve("there"), with)) {
                    comparison = TableComparison.of(first, spanHere, second, spanThere, copiedUpTo());
                }
                say(comparison, here);
                return (comparison.isEqual() ? ExitCode.DONE : ExitCode.CHECK_FAILED).code();
            } finally {
                Files.deleteIfExists(sorted);
            }
        }
    }

    private @Nullable Long copiedUpTo() {
        try {
            return from == null ? null : StreamTimes.time("--from", from, "");
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ExitCode.BAD_USAGE, String.valueOf(e.getMessage()), e);
        }
    }

    private static TableComparison.Span scan(RecoverContext context, String table, CollectedResults results)
            throws IOException, InterruptedException {
        if (!TableComparison.read(context.clients().dynamo(), table, Settings.DEFAULT_WINDOW, results)) {
            throw new CommandFailure(
                    ExitCode.BAD_USAGE,
                    "there is no table " + table + context.where()
                            + "; check outputs.metrics_table, --with, aws.region and aws.endpoint");
        }
        try (EarlierResults all = results.sorted("the table " + table)) {
            return TableComparison.Span.of(all);
        }
    }

    private void say(TableComparison comparison, String here) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        boolean overlap = comparison.fromMillis() <= comparison.untilMillis();
        if (json) {
            ObjectNode line = JSON.createObjectNode()
                    .put("here", here)
                    .put("there", with)
                    .put("equal", comparison.isEqual())
                    .put("same", comparison.same())
                    .put("different", comparison.different())
                    .put("only_here", comparison.onlyHere())
                    .put("only_there", comparison.onlyThere())
                    .put("outside_here", comparison.outsideHere())
                    .put("outside_there", comparison.outsideThere());
            if (overlap) {
                line.put("from", comparison.fromMillis()).put("until", comparison.untilMillis());
            }
            comparison.examples().forEach(line.putArray("examples")::add);
            out.println(JSON.writeValueAsString(line));
            out.flush();
            return;
        }
        if (comparison.isEqual()) {
            out.println("EQUAL: " + comparison.same() + " final results are the same in " + here + " (here) and " + with
                    + " (there).");
        } else if (comparison.same() + comparison.different() == 0) {
            out.println("NOT EQUAL: " + here + " (here) and " + with + " (there) have no window in common"
                    + (comparison.outsideThere() == 0
                            ? ": there is none there that is final. Do its workers run?"
                            : "."));
        } else {
            out.println("NOT EQUAL: of the final results in " + here + " (here) and " + with + " (there) "
                    + comparison.different() + " differ, " + comparison.onlyHere() + " are only here, "
                    + comparison.onlyThere() + " are only there; " + comparison.same() + " are the same.");
        }
        comparison.examples().forEach(example -> out.println("  " + example));
        if (comparison.different() > 0) {
            out.println(
                    "Where data comes late, a window that is revised between the two reads shows here once: run it again, and"
                            + " look at those that differ both times.");
        }
        if (overlap) {
            out.println("Both have windows that end from " + Instant.ofEpochMilli(comparison.fromMillis()) + " to "
                    + Instant.ofEpochMilli(comparison.untilMillis()) + ".");
        }
        if (comparison.outsideHere() + comparison.outsideThere() > 0) {
            out.println("Not compared, since the other begins later or is not so far: " + comparison.outsideHere()
                    + " here, " + comparison.outsideThere() + " there.");
        }
        out.flush();
    }
}
