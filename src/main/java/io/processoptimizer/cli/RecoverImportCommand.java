package io.processoptimizer.cli;

import io.processoptimizer.aws.AwsClients;
import io.processoptimizer.aws.RecoveryItem;
import io.processoptimizer.aws.StreamIdentity;
import io.processoptimizer.aws.Tables;
import io.processoptimizer.checkpoint.SnapshotParts;
import io.processoptimizer.config.Settings;
import io.processoptimizer.kinesis.KinesisStreamSource;
import io.processoptimizer.kinesis.ShardProbe;
import io.processoptimizer.recover.move.Application;
import io.processoptimizer.recover.move.Application.Shard;
import io.processoptimizer.recover.move.Application.State;
import io.processoptimizer.recover.move.Bundle;
import io.processoptimizer.recover.move.Target;
import io.processoptimizer.replay.StreamDescription;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Puts what an export holds back into the application that the settings name. */
@Command(
        name = "import",
        description = {
            "Puts leases, pointers and states of an export into the application that the settings name: an empty one, or the"
                    + " same one, whose shards then go back to where the export stood.",
            "",
            "Shows what it would do; --apply does it. Workers may run: they lose the shards and take them again at the"
                    + " imported position. Results that are there are not replaced by equal ones."
        },
        footerHeading = "%nExamples:%n",
        footer = "    java -jar target/process-optimizer.jar recover import state.zip --apply")
final class RecoverImportCommand implements Callable<Integer> {
    private final Surroundings surroundings;
    private final Clock clock = Clock.systemUTC();

    @Mixin
    private ConfigOptions config = new ConfigOptions();

    @Parameters(paramLabel = "FILE.zip|DIR", description = "What export wrote.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path file;

    @Option(
            names = "--replace",
            description = "Also where the application has newer states; they are kept as savepoints.")
    private boolean replace;

    @Option(names = "--apply", description = "Do it.")
    private boolean apply;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    RecoverImportCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Settings settings = config.load(surroundings).settings();
        Logging.configure(settings.log());
        PrintWriter out = spec.commandLine().getOut();
        try (AwsClients clients = new AwsClients(Connections.of(settings, surroundings.environment()), false);
                Bundle bundle = open()) {
            Application application = application(bundle);
            StreamDescription stream =
                    new KinesisStreamSource(clients, settings.stream().name(), clock).describe();
            SnapshotParts parts = new SnapshotStores(settings, clients, surroundings, clock).states();
            Target target = new Target(
                    clients.dynamo(),
                    settings.application().name(),
                    settings.state().table(),
                    parts,
                    "recover:import-" + clock.millis());
            Target.Present present = target.present(application);
            plan(out, application, settings, present);
            List<String> refusals = new ArrayList<>(MoveGuards.stream(
                    application,
                    stream,
                    new ShardProbe(clients, settings.stream().name(), clock)::lag));
            refusals.addAll(Target.refusals(application, present, replace));
            refusals.addAll(ofAnother(settings, clients, present));
            refusals.addAll(underWay(settings, clients, present));
            if (!refusals.isEmpty()) {
                PrintWriter err = spec.commandLine().getErr();
                refusals.forEach(refusal -> err.println("Refused: " + refusal));
                throw new CommandFailure(ExitCode.CHECK_FAILED, "Nothing was changed.");
            }
            if (!apply) {
                out.println("Nothing was changed; add --apply to do it.");
                out.flush();
                return ExitCode.DONE.code();
            }
            new Tables(clients.dynamo())
                    .createMissing(new Tables.Names(
                            settings.outputs().metricsTable(),
                            settings.outputs().adviceTable(),
                            settings.outputs().deadLettersTable(),
                            settings.state().table()));
            target.put(application, bundle::parts, shardId -> {
                out.println(shardId + " done");
                out.flush();
            });
            out.println("Imported. Workers of " + settings.application().name() + " go on from there.");
            out.flush();
            return ExitCode.DONE.code();
        } catch (IllegalStateException e) {
            throw new CommandFailure(ExitCode.CHECK_FAILED, String.valueOf(e.getMessage()), e);
        }
    }

    /** What it holds, all of which can be read. */
    private Application application(Bundle bundle) {
        try {
            Application application = bundle.application();
            for (Shard shard : application.shards()) {
                for (State state : shard.states()) {
                    bundle.parts(shard.id(), state);
                }
            }
            return application;
        } catch (IOException e) {
            throw damaged(e);
        }
    }

    private Bundle open() {
        try {
            return Bundle.open(surroundings.resolve(file));
        } catch (NoSuchFileException e) {
            throw new CommandFailure(ExitCode.BAD_USAGE, file + " is not there; name what export wrote", e);
        } catch (IOException e) {
            throw damaged(e);
        }
    }

    private CommandFailure damaged(IOException e) {
        return new CommandFailure(
                ExitCode.BAD_INPUT,
                file + " cannot be read: " + e.getMessage()
                        + "; nothing was changed. Copy it anew, or use another export",
                e);
    }

    private static List<String> ofAnother(Settings settings, AwsClients clients, Target.Present present)
            throws InterruptedException {
        if (present.positions().isEmpty()) {
            return List.of();
        }
        String wrongOwner = StreamIdentity.wrongOwner(
                clients, settings.state().table(), settings.application().name());
        return wrongOwner == null ? List.of() : List.of(wrongOwner);
    }

    /** A rewind that is not done would move on from what is imported. */
    private static List<String> underWay(Settings settings, AwsClients clients, Target.Present present) {
        if (present.positions().isEmpty()) {
            return List.of();
        }
        RecoveryItem.@Nullable Stored operation = new RecoveryItem(
                        clients.dynamo(),
                        settings.state().table(),
                        settings.application().name())
                .unfinished();
        return operation == null
                ? List.of()
                : List.of("the rewind " + operation.id() + " of " + operation.operator() + " is not done (phase "
                        + operation.phase() + "); end it with 'recover rewind --resume' or '--undo' first");
    }

    private static void plan(PrintWriter out, Application application, Settings settings, Target.Present present) {
        out.println("Export of " + application.name() + ", taken at "
                + Instant.ofEpochMilli(application.takenAtMillis()) + ", of the stream " + application.streamArn());
        out.println("goes into the application " + settings.application().name() + " (states: "
                + settings.state().table() + "), which "
                + (present.isEmpty() ? "is empty." : "has " + present.leases().size() + " leases."));
        for (Shard shard : application.shards()) {
            var from = present.positions().get(shard.id());
            var to = shard.position();
            out.println("  " + shard.id() + ": " + (from == null ? "nothing" : RewindText.tail(from)) + " → "
                    + (to == null ? "no position" : RewindText.tail(to))
                    + (shard.committedMillis() == 0 ? "" : " of " + Instant.ofEpochMilli(shard.committedMillis())));
        }
        if (!present.owners().isEmpty()) {
            out.println("Leases are held by " + String.join(", ", present.owners())
                    + "; running workers lose them and take them again.");
        }
        out.flush();
    }
}
