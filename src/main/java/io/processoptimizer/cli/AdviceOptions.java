package io.processoptimizer.cli;

import io.processoptimizer.aws.AwsClients;
import io.processoptimizer.aws.StoredAdvice;
import io.processoptimizer.config.Settings;
import io.processoptimizer.replay.AdviceArchive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where advice is recorded that a replay goes by. */
final class AdviceOptions {
    @Option(
            names = "--advice-from",
            paramLabel = "DIR|FILE|live",
            description =
                    "Where --advice recorded finds the advice: an earlier replay's folder, its advice.ndjson, or the"
                            + " live advice table. Default: what --baseline names.")
    private @Nullable String from;

    /** @param baseline what is compared with, or null */
    void check(boolean recorded, @Nullable String baseline) {
        if (from != null && !recorded) {
            throw new IllegalArgumentException(
                    "--advice-from (" + from + ") is about --advice recorded; add that, or remove this");
        }
        if (!recorded) {
            return;
        }
        String source = from == null ? baseline : from;
        if (source == null) {
            throw new IllegalArgumentException(
                    "--advice recorded needs to know where; add --advice-from DIR (an earlier replay's folder or its "
                            + AdviceArchive.FILE + ") or --advice-from live (the advice table)");
        }
        if (source.isBlank()) {
            throw new IllegalArgumentException(
                    (from == null ? "--baseline" : "--advice-from") + " is empty; name a folder, a file, or live");
        }
    }

    /** The files that are read for it. */
    List<Path> files(boolean recorded, @Nullable String baseline, Surroundings surroundings) {
        String source = from == null ? baseline : from;
        return !recorded || source == null || source.equals(BaselineOptions.LIVE)
                ? List.of()
                : List.of(file(source, surroundings));
    }

    /** Null where recorded advice is not asked for. */
    @Nullable
    AdviceArchive open(boolean recorded, @Nullable String baseline, Settings settings, Surroundings surroundings)
            throws IOException, InterruptedException {
        String source = from == null ? baseline : from;
        if (!recorded || source == null) {
            return null;
        }
        if (source.equals(BaselineOptions.LIVE)) {
            return live(settings, surroundings);
        }
        Path file = file(source, surroundings);
        if (!Files.isRegularFile(file)) {
            throw new CommandFailure(
                    ExitCode.BAD_USAGE,
                    "the recorded advice of --advice-from (" + source + ") cannot be read: there is no file " + file
                            + "; name a folder that 'replay --output' wrote, its " + AdviceArchive.FILE + ", or live");
        }
        return AdviceArchive.open(file, source, false);
    }

    private static Path file(String source, Surroundings surroundings) {
        Path named = surroundings.resolve(Path.of(source));
        return Files.isDirectory(named) ? named.resolve(AdviceArchive.FILE) : named;
    }

    private static AdviceArchive live(Settings settings, Surroundings surroundings)
            throws IOException, InterruptedException {
        String table = settings.outputs().adviceTable();
        Path file = Files.createTempFile("process-optimizer-advice-", ".ndjson");
        try (AwsClients clients = new AwsClients(Connections.of(settings, surroundings.environment()), false)) {
            StoredAdvice.write(clients.dynamo(), table, file);
            return AdviceArchive.open(file, "the table " + table, true);
        } catch (IOException | InterruptedException | RuntimeException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }
}
