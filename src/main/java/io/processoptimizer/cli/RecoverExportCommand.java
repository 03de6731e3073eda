package io.processoptimizer.cli;

import io.processoptimizer.aws.AwsClients;
import io.processoptimizer.checkpoint.SnapshotParts;
import io.processoptimizer.checkpoint.UnreadableSnapshotException;
import io.processoptimizer.config.Settings;
import io.processoptimizer.recover.move.Application;
import io.processoptimizer.recover.move.Bundle;
import io.processoptimizer.recover.move.Source;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Takes leases, pointers and states of an application into a file. */
@Command(
        name = "export",
        description = {
            "Takes leases, pointers and states of the application into a zip file or a folder, while its workers may run. It"
                    + " holds process data in the states, and no credentials.",
            "",
            "The import goes on from there as long as the stream still has the records behind it."
        },
        footerHeading = "%nExamples:%n",
        footer = "    java -jar target/process-optimizer.jar recover export --output state.zip")
final class RecoverExportCommand implements Callable<Integer> {
    /** What a user would take for a file and would find as a folder. */
    private static final Pattern OTHER_ARCHIVE =
            Pattern.compile("\\.(tar|tgz|gz|bz2|xz|zst|7z|rar|jar)$", Pattern.CASE_INSENSITIVE);

    private final Surroundings surroundings;
    private final Clock clock = Clock.systemUTC();

    @Mixin
    private ConfigOptions config = new ConfigOptions();

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "FILE.zip|DIR",
            description = "A new zip file, or a new folder.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path output;

    @Option(names = "--savepoints", description = "Also all savepoints, not only the present states.")
    private boolean savepoints;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    RecoverExportCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Settings settings = config.load(surroundings).settings();
        Logging.configure(settings.log());
        if (OTHER_ARCHIVE.matcher(output.toString()).find()) {
            throw new CommandFailure(
                    ExitCode.BAD_USAGE,
                    "--output (" + output
                            + ") is the name of an archive that is not written here; name a .zip file or a"
                            + " folder");
        }
        long[] total = new long[2];
        try (AwsClients clients = new AwsClients(Connections.of(settings, surroundings.environment()), false)) {
            Application application = write(settings, clients, total);
            PrintWriter out = spec.commandLine().getOut();
            out.println("Application " + application.name() + " with "
                    + Plural.of(application.shards().size(), "shard") + " and " + Plural.of(total[0], "state") + " ("
                    + total[1] / 1_000
                    + " KB) is in " + output + ". It holds process data; keep it as safe as the state table.");
            out.flush();
            return ExitCode.DONE.code();
        } catch (FileAlreadyExistsException e) {
            throw new CommandFailure(
                    ExitCode.BAD_USAGE, output + " exists; remove it, or name another with --output", e);
        } catch (NoSuchFileException e) {
            Path folder = surroundings.resolve(output).toAbsolutePath().getParent();
            String why = folder != null && Files.isDirectory(folder)
                    ? "nothing can be made in " + folder + "; name another folder"
                    : "its folder is not there; make it first";
            throw new CommandFailure(ExitCode.BAD_USAGE, output + " cannot be written: " + why, e);
        } catch (IllegalStateException e) {
            throw new CommandFailure(ExitCode.CHECK_FAILED, String.valueOf(e.getMessage()), e);
        } catch (UnreadableSnapshotException e) {
            throw new CommandFailure(
                    ExitCode.CHECK_FAILED,
                    e.getMessage() + "; nothing was written. 'recover savepoints verify --all' says what can be read,"
                            + " and 'recover rewind' goes back to it",
                    e);
        }
    }

    /** @param total counts states and their bytes */
    private Application write(Settings settings, AwsClients clients, long[] total)
            throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        SnapshotParts parts = new SnapshotStores(settings, clients, surroundings, clock).states();
        Source source = new Source(
                clients.dynamo(),
                settings.application().name(),
                settings.state().table(),
                parts,
                savepoints,
                clock);
        try (Bundle bundle = Bundle.create(surroundings.resolve(output))) {
            Application application = source.read((shardId, state, packed) -> {
                bundle.add(shardId, state, packed);
                total[0]++;
                total[1] += packed.stream().mapToLong(part -> part.length).sum();
                if (surroundings.terminal()) {
                    out.print("\r" + total[0] + " states, " + total[1] / 1_000 + " KB");
                    out.flush();
                }
            });
            bundle.finish(application);
            return application;
        } finally {
            if (surroundings.terminal()) {
                out.println();
            }
        }
    }
}
