package io.processoptimizer.cli;

import io.processoptimizer.config.Configuration;
import io.processoptimizer.recover.rehearse.Evidence;
import io.processoptimizer.recover.rehearse.Stage;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What every rehearsal lets a person choose, and how it is prepared and cleared away. */
final class RehearsalOptions {
    private static final String AWS_ITSELF = "aws";

    /** Seeds that a person can type. */
    private static final int SEEDS = 1_000_000;

    @Option(
            names = "--seed",
            paramLabel = "SEED",
            description = "The same seed gives the same telemetry and disturbances. Default: another one each time.")
    private @Nullable Long seed;

    @Option(
            names = "--endpoint",
            paramLabel = "URL|aws",
            description =
                    "Where to rehearse: an emulator, or aws for AWS itself. Default: the setting aws.endpoint, and where"
                            + " that is auto an embedded AWS.")
    private @Nullable String endpoint;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIR",
            description =
                    "Folder of the evidence: recording, replay, what the tables held, the workers' logs, journal. Default:"
                            + " rehearsal-SEED.")
    private @Nullable Path output;

    @Option(
            names = "--shards",
            paramLabel = "N",
            defaultValue = "3",
            description = "Shards of the stream at first. Default: ${DEFAULT-VALUE}.")
    private int shards = 3;

    @Option(
            names = "--keep",
            description = "Keep that folder though nothing is wrong; else it is kept only if something is.")
    private boolean keep;

    int shards() {
        return shards;
    }

    /** The one that was given, else one of chance. */
    long seed() {
        if (seed == null) {
            seed = (long) ThreadLocalRandom.current().nextInt(SEEDS);
        }
        return seed;
    }

    /** @throws CommandFailure where it exists */
    Path newFolder(Surroundings surroundings, long ofSeed) {
        Path folder = surroundings
                .resolve(output == null ? Path.of("rehearsal-" + ofSeed) : output)
                .toAbsolutePath()
                .normalize();
        if (Files.exists(folder)) {
            throw new CommandFailure(
                    ExitCode.BAD_USAGE, folder + " exists; remove it, or name another folder with --output");
        }
        return folder;
    }

    boolean isEmbedded(Configuration plain) {
        return endpoint == null && plain.settings().aws().endpointOverride().isEmpty();
    }

    static Stage stage(Clock clock) {
        return new Stage("rehearsal-" + Long.toString(clock.millis(), Character.MAX_RADIX));
    }

    /** Settings by which the rehearsal is a world of its own. */
    Map<String, String> imposed(Stage stage, Evidence evidence, @Nullable AwsProcess embedded) {
        Map<String, String> imposed = new LinkedHashMap<>(stage.settings());
        imposed.put("processes.file", evidence.definitions().toString());
        // Whatever the outage, nothing expires: an adjustment that did would be missing.
        imposed.put("adjustment.max_age", "1d");
        imposed.put("advice.cooldown", "3m");
        imposed.put("state.commit_interval", "10s");
        // Several workers on one host: nobody looks at their pages.
        imposed.put("status.listen", "off");
        if (embedded != null) {
            imposed.put("aws.endpoint", embedded.endpoint().toString());
        } else {
            // Each metric of each process would be billed.
            imposed.put("cloudwatch.per_process", "off");
            if (endpoint != null) {
                imposed.put("aws.endpoint", endpoint.toLowerCase(Locale.ROOT).equals(AWS_ITSELF) ? "auto" : endpoint);
            }
        }
        return imposed;
    }

    /** Keeps the evidence where something is wrong or it is wanted, and says where it is. */
    ExitCode end(Evidence evidence, boolean passed, PrintWriter out) throws IOException {
        if (passed && !keep) {
            evidence.delete();
        } else {
            out.println("Evidence: " + evidence.folder());
            out.flush();
        }
        return passed ? ExitCode.DONE : ExitCode.CHECK_FAILED;
    }
}
