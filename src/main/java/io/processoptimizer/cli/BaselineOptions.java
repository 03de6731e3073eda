package io.processoptimizer.cli;

import io.processoptimizer.aws.AwsClients;
import io.processoptimizer.aws.StoredResults;
import io.processoptimizer.config.Settings;
import io.processoptimizer.replay.BaselineCheck;
import io.processoptimizer.replay.CollectedResults;
import io.processoptimizer.replay.EarlierResults;
import io.processoptimizer.replay.ResultFileLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that say with which earlier results a replay's are compared. */
final class BaselineOptions {
    /** Stands for the results that the live table holds. */
    static final String LIVE = "live";

    @Option(
            names = "--baseline",
            paramLabel = "DIR|live",
            description =
                    "Compare the results, field by field, with those of an earlier replay's folder, or with what the"
                            + " live table holds (final results only; apart from their generation).")
    private @Nullable String baseline;

    @Option(names = "--fail-on-difference", description = "Exit with 5 if --baseline finds a difference.")
    private boolean failOnDifference;

    /** As it was given, or null. */
    @Nullable
    String given() {
        return baseline;
    }

    boolean isGiven() {
        return baseline != null;
    }

    /** Whether they are what a worker wrote: then provisional ones depend on when it wrote them. */
    boolean isLive() {
        return LIVE.equals(baseline);
    }

    /**
     * Null where none were asked for.
     *
     * @param output of the replay, or null
     * @param stored takes those of the table
     */
    @Nullable
    EarlierResults open(Settings settings, Surroundings surroundings, @Nullable Path output, CollectedResults stored)
            throws IOException, InterruptedException {
        if (baseline == null) {
            if (failOnDifference) {
                throw new CommandFailure(
                        ExitCode.BAD_USAGE,
                        "--fail-on-difference needs something to differ from; add --baseline DIR, or remove it");
            }
            return null;
        }
        if (isLive()) {
            try (AwsClients clients = new AwsClients(Connections.of(settings, surroundings.environment()), false)) {
                String table = settings.outputs().metricsTable();
                StoredResults.scan(clients.dynamo(), table, Settings.DEFAULT_WINDOW, stored);
                return stored.sorted("the table " + table);
            }
        }
        Path directory = surroundings.resolve(Path.of(baseline));
        if (output != null && isSame(directory, surroundings.resolve(output))) {
            throw new CommandFailure(
                    ExitCode.BAD_USAGE,
                    "--baseline and --output are the same folder (" + output
                            + "), and the results would overwrite what they are compared with; write to another");
        }
        return new ResultFileLines(directory, baseline);
    }

    /** The files that are read for it. */
    List<Path> files(Surroundings surroundings) {
        return baseline == null || isLive()
                ? List.of()
                : List.of(ResultFileLines.file(surroundings.resolve(Path.of(baseline))));
    }

    private static boolean isSame(Path directory, Path output) throws IOException {
        return Files.exists(directory) && Files.exists(output) && Files.isSameFile(directory, output);
    }

    /** Whether the replay fails for what was found. */
    boolean fails(@Nullable BaselineCheck check) {
        return failOnDifference && check != null && !check.isEqual();
    }
}
