package io.processoptimizer.cli;

import io.processoptimizer.aws.AwsClients;
import io.processoptimizer.aws.PointerTable;
import io.processoptimizer.aws.Tables;
import io.processoptimizer.checkpoint.ShardPointer;
import io.processoptimizer.checkpoint.Snapshot;
import io.processoptimizer.checkpoint.SnapshotParts;
import io.processoptimizer.config.Configuration;
import io.processoptimizer.config.Settings;
import io.processoptimizer.pipeline.StateContents;
import io.processoptimizer.recover.StateCheck;
import io.processoptimizer.recover.move.Application;
import io.processoptimizer.recover.move.Application.Shard;
import io.processoptimizer.recover.move.Source;
import io.processoptimizer.recover.move.Target;
import io.processoptimizer.window.ProcessContents;
import io.processoptimizer.window.WindowPolicy;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Copies an application under another name, whose workers then run beside the old ones. */
@Command(
        name = "clone",
        description = {
            "Copies leases, pointers and states to a new application, whose workers then run beside the old ones: to try"
                    + " another version or other settings on live telemetry and compare. The old workers may run.",
            "",
            "Shows what it would do; --apply does it, and says with which settings the new workers have to run so that they"
                    + " keep off the tables and the bus of the old ones."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "    java -jar target/process-optimizer.jar recover clone --to-application green \\",
            "      --to-state-table green-state --apply"
        })
final class RecoverCloneCommand implements Callable<Integer> {
    /** DynamoDB's limit on the name of a table. */
    private static final int MAX_TABLE = 255;

    /** That limit less the longest ending of the tables that are named by it. */
    private static final int MAX_APPLICATION = MAX_TABLE - "-dead-letters".length();

    private final Surroundings surroundings;
    private final Clock clock = Clock.systemUTC();

    @Mixin
    private ConfigOptions config = new ConfigOptions();

    @Option(
            names = "--to-application",
            required = true,
            paramLabel = "NAME",
            description = "application.name of the copy.")
    private String toApplication = "";

    @Option(names = "--to-state-table", required = true, paramLabel = "NAME", description = "state.table of the copy.")
    private String toStateTable = "";

    @Option(
            names = "--to-store",
            paramLabel = "STORE",
            description = "state.store of the copy: dynamodb, s3 or file. Default: as the original.")
    private @Nullable String toStore;

    @Option(names = "--apply", description = "Do it.")
    private boolean apply;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    RecoverCloneCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Configuration configuration = config.load(surroundings);
        Settings settings = configuration.settings();
        Logging.configure(settings.log());
        if (toApplication.equals(settings.application().name())
                || toStateTable.equals(settings.state().table())) {
            throw new CommandFailure(
                    ExitCode.BAD_USAGE,
                    "--to-application (" + toApplication + ") and --to-state-table (" + toStateTable
                            + ") must differ from those of the original, "
                            + settings.application().name() + " and "
                            + settings.state().table());
        }
        requireName("--to-application", toApplication, MAX_APPLICATION, "; tables are named by it");
        requireName("--to-state-table", toStateTable, MAX_TABLE, "");
        Map<String, String> changes = changes();
        Settings copy = config.load(surroundings, null, changes, null).settings();
        PrintWriter out = spec.commandLine().getOut();
        try (AwsClients clients = new AwsClients(Connections.of(settings, surroundings.environment()), false)) {
            SnapshotParts from = new SnapshotStores(settings, clients, surroundings, clock).states();
            Source source = new Source(
                    clients.dynamo(),
                    settings.application().name(),
                    settings.state().table(),
                    from,
                    false,
                    clock);
            if (!apply) {
                Application application = source.read((shardId, state, parts) -> {});
                requireEmpty(target(clients, copy, from).present(application));
                out.println("Application " + application.name() + " with "
                        + Plural.of(application.shards().size(), "shard") + " would be copied to " + toApplication
                        + ", its states to " + toStateTable + ".");
                say(out, changes, settings, copy, null);
                out.println("Nothing was changed; add --apply to do it.");
                out.flush();
                return ExitCode.DONE.code();
            }
            Application looked = source.read((shardId, state, parts) -> {});
            requireEmpty(target(clients, copy, from).present(looked));
            new Tables(clients.dynamo())
                    .createMissing(new Tables.Names(
                            copy.outputs().metricsTable(),
                            copy.outputs().adviceTable(),
                            copy.outputs().deadLettersTable(),
                            toStateTable));
            SnapshotParts to = new SnapshotStores(copy, clients, surroundings, clock).states();
            Application application = target(clients, copy, to).copy(source);
            Instant closedUpTo = closedUpTo(configuration, copy, clients, application);
            out.println("Application " + application.name() + " with "
                    + Plural.of(application.shards().size(), "shard") + " was copied to " + toApplication
                    + ", its states to "
                    + toStateTable + ".");
            say(out, changes, settings, copy, closedUpTo);
            out.flush();
            return ExitCode.DONE.code();
        } catch (IllegalStateException e) {
            throw new CommandFailure(ExitCode.CHECK_FAILED, String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * The latest event time up to which a process of the copy has its windows closed, null where there is none: its states are read as
     * its workers will read them.
     */
    private @Nullable Instant closedUpTo(
            Configuration configuration, Settings copy, AwsClients clients, Application application) {
        PointerTable store = new SnapshotStores(copy, clients, surroundings, clock).forReading();
        StateCheck check = new StateCheck(
                store, copy.pipelineSettings().mapping(configuration.mappings()), configuration.definitions());
        long latest = WindowPolicy.NO_WATERMARK;
        for (Shard shard : application.shards()) {
            ShardPointer pointer = store.pointer(shard.id());
            Snapshot snapshot = pointer == null ? null : pointer.snapshot();
            if (snapshot == null) {
                continue;
            }
            StateCheck.Outcome outcome = check.check(shard.id(), snapshot);
            StateContents contents = outcome.contents();
            if (contents == null) {
                throw new IllegalStateException("the state of " + shard.id() + " was copied and cannot be read: "
                        + outcome.fault() + "; 'recover savepoints verify' says whether the original can");
            }
            for (ProcessContents process : contents.processes()) {
                latest = Math.max(latest, process.watermark());
            }
        }
        return latest == WindowPolicy.NO_WATERMARK ? null : Instant.ofEpochMilli(latest);
    }

    private Target target(AwsClients clients, Settings copy, SnapshotParts parts) {
        return new Target(
                clients.dynamo(),
                copy.application().name(),
                copy.state().table(),
                parts,
                "recover:clone-" + clock.millis());
    }

    private void requireEmpty(Target.Present present) {
        if (!present.isEmpty()) {
            throw new CommandFailure(
                    ExitCode.CHECK_FAILED,
                    "the application " + toApplication + " has leases, or " + toStateTable
                            + " has states already; name another with --to-application and --to-state-table, or delete"
                            + " those tables");
        }
    }

    private static void requireName(String option, String name, int most, String why) {
        if (!name.matches("[A-Za-z0-9_.-]{3," + most + "}")) {
            throw new CommandFailure(
                    ExitCode.BAD_USAGE,
                    option + " (" + name + ") must be 3 to " + most + " letters, digits, -, _ or ." + why
                            + "; use a name like green");
        }
    }

    private Map<String, String> changes() {
        Map<String, String> changes = new LinkedHashMap<>();
        changes.put("application.name", toApplication);
        changes.put("state.table", toStateTable);
        changes.put("outputs.metrics_table", toApplication + "-metrics");
        changes.put("outputs.advice_table", toApplication + "-advice");
        changes.put("outputs.dead_letters_table", toApplication + "-dead-letters");
        changes.put("eventbridge.source", "manufacturing.process." + toApplication);
        changes.put("cloudwatch.namespace", "Manufacturing/OEE/" + toApplication);
        if (toStore != null) {
            changes.put("state.store", toStore);
        }
        return changes;
    }

    /** Where the bytes of the copy's states lie; of a table nothing is to be said beyond its name. */
    private static Map<String, String> store(Settings.State state) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("state.store", state.store().name().toLowerCase(Locale.ROOT));
        switch (state.store()) {
            case DYNAMODB -> {}
            case S3 -> {
                settings.put("state.bucket", String.valueOf(state.bucket()));
                settings.put("state.prefix", state.prefix());
            }
            case FILE -> settings.put("state.folder", state.folder());
        }
        return settings;
    }

    /** @param closedUpTo up to when windows were closed before the copy; null: not known, or none was */
    private void say(
            PrintWriter out,
            Map<String, String> changes,
            Settings original,
            Settings copy,
            @Nullable Instant closedUpTo) {
        out.println();
        out.println("1. Start its workers: with the settings of the old ones and");
        Map<String, String> all = new LinkedHashMap<>(changes);
        all.putAll(store(copy.state()));
        all.forEach((name, value) -> out.println("     --set " + name + "=" + value));
        out.println(
                "   so that results, adjustments and metrics of the two are apart. Rules on the event bus that do not look"
                        + " at the source would act on both: check them first.");
        out.println("2. Compare, as often as you like, with the settings of the old ones:");
        out.println("     recover compare --with " + copy.outputs().metricsTable()
                + (closedUpTo == null ? "" : " --from " + closedUpTo));
        out.println(
                "3. To switch, so that consumers see no change: stop the new workers; stop the old ones when 'recover status'"
                        + " shows each of their shards where it shows that of the new ones, or beyond; and start the new ones"
                        + " with");
        keep(original, copy).forEach((name, value) -> out.println("     --set " + name + "=" + value));
        out.println("   Rewind or import nothing between clone and switch; where that has to be, clone anew.");
        out.println(
                "   They begin at or before where the old ones ended: what is in the tables already stays, and is not published"
                        + " twice.");
        out.println("   The copy's own outputs are of no more use then: " + String.join(", ", outputs(copy)) + ".");
        out.println(
                "   Do not start the old ones beside them: both would write into the same tables. When nobody wants to go back, delete "
                        + String.join(", ", leasesAndStates(original)) + ".");
        out.println("To give up instead: stop the new workers and delete these and "
                + String.join(", ", leasesAndStates(copy)) + ".");
    }

    /** What the new workers run with after the switch: the states of the copy, and the outputs of the original. */
    private static Map<String, String> keep(Settings original, Settings copy) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("application.name", copy.application().name());
        settings.put("state.table", copy.state().table());
        settings.putAll(store(copy.state()));
        settings.put("outputs.metrics_table", original.outputs().metricsTable());
        settings.put("outputs.advice_table", original.outputs().adviceTable());
        settings.put("outputs.dead_letters_table", original.outputs().deadLettersTable());
        settings.put("eventbridge.source", original.eventbridge().source());
        settings.put("cloudwatch.namespace", original.cloudwatch().namespace());
        return settings;
    }

    private static List<String> outputs(Settings copy) {
        return List.of(
                copy.outputs().metricsTable(),
                copy.outputs().adviceTable(),
                copy.outputs().deadLettersTable());
    }

    /** A new application keeps all that KCL knows in one table. */
    private static List<String> leasesAndStates(Settings of) {
        return List.of(of.application().name(), of.state().table());
    }
}
