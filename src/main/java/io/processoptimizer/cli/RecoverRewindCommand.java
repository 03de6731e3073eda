package io.processoptimizer.cli;

import io.processoptimizer.aws.Supersession;
import io.processoptimizer.config.Configuration;
import io.processoptimizer.config.Settings;
import io.processoptimizer.kinesis.KinesisStreamSource;
import io.processoptimizer.kinesis.LeasePlaces;
import io.processoptimizer.kinesis.LeaseTable;
import io.processoptimizer.recover.StateCheck;
import io.processoptimizer.recover.rewind.KnownApplication;
import io.processoptimizer.recover.rewind.OperationLog;
import io.processoptimizer.recover.rewind.Planning;
import io.processoptimizer.recover.rewind.RefusedException;
import io.processoptimizer.recover.rewind.RewindOperation;
import io.processoptimizer.recover.rewind.RewindPlan;
import io.processoptimizer.recover.rewind.RewindTarget;
import io.processoptimizer.recover.rewind.Rewinds;
import io.processoptimizer.replay.StreamDescription;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Takes shards back and lets the workers compute again what came since. */
@Command(
        name = "rewind",
        description = {
            "Takes shards back to an earlier state, so that workers compute again what came since: after a wrong configuration, a"
                    + " fault of ours, or damage.",
            "",
            "Without --apply it shows the plan and changes nothing. With it, leases and states are moved together, while workers"
                    + " run or are stopped; then it waits until they are where they were, and marks results that were not"
                    + " decided again as superseded. New results replace the old ones as they come; until then the old ones stay"
                    + " readable. Nothing is published again unless --publish says so.",
            "",
            "A shard goes to its newest savepoint before --to, so a little earlier than asked. Where the stream was resharded"
                    + " since, parents and children go back together. Where there is no savepoint early enough, all that the"
                    + " stream keeps is read, and windows that would lack records keep the result they have.",
            "",
            "The states before are kept as savepoints, and --undo goes back to them. If the command is interrupted, --resume goes"
                    + " on; only one operation can be under way."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  What would be computed again from six o'clock on:",
            "    java -jar target/process-optimizer.jar recover rewind --to 2026-01-05T06:00:00Z",
            "  Do it, with a corrected configuration that workers must have (deploy it before or after):",
            "    java -jar target/process-optimizer.jar recover rewind --to 2026-01-05T06:00:00Z \\",
            "      --new-config corrected.yaml --apply",
            "  Only two processes, the last two hours:",
            "    java -jar target/process-optimizer.jar recover rewind --to 2h --process line-3 --process line-4 --apply",
            "  A shard's state is damaged: to its newest savepoint, or to one that 'recover savepoints' lists:",
            "    java -jar target/process-optimizer.jar recover rewind --to latest --shard shardId-000000000001 --apply",
            "  All that the stream still has:",
            "    java -jar target/process-optimizer.jar recover rewind --to TRIM_HORIZON",
            "  It was interrupted, or was wrong:",
            "    java -jar target/process-optimizer.jar recover rewind --resume",
            "    java -jar target/process-optimizer.jar recover rewind --undo --apply"
        })
final class RecoverRewindCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private ConfigOptions config = new ConfigOptions();

    @Option(
            names = "--to",
            paramLabel = "WHERE",
            description =
                    "A time (2026-01-05T06:00:00Z, epoch milliseconds, or an age such as 2h): no record that arrived then or"
                            + " later stays in the state. A sequence number of one shard. The id of a savepoint, or the end of it."
                            + " latest: each shard's newest savepoint. TRIM_HORIZON: the oldest record that the stream keeps.")
    private @Nullable String to;

    @Option(
            names = "--shard",
            paramLabel = "ID",
            description = "Only this shard, with what it came from or became where that is needed; may be repeated."
                    + " Default: all.")
    private Set<String> shards = new LinkedHashSet<>();

    @Option(
            names = "--process",
            paramLabel = "ID",
            description =
                    "Replace the results of this process only; may be repeated. Its shard is read again as a whole."
                            + " Default: all.")
    private Set<String> processes = new LinkedHashSet<>();

    @Option(
            names = "--new-config",
            paramLabel = "FILE",
            description =
                    "The settings file that workers must run with; others do not process the shards that go back.")
    private @Nullable Path newConfig;

    @Option(names = "--publish", description = "Publish adjustments that are decided again. Default: note them only.")
    private boolean publish;

    @Option(names = "--apply", description = "Do it; without it only the plan is shown.")
    private boolean apply;

    @Option(names = "--no-wait", description = "Return once everything is moved; --resume does the rest later.")
    private boolean noWait;

    @Option(names = "--resume", description = "Go on with the operation that was interrupted.")
    private boolean resume;

    @Option(names = "--undo", description = "Take the last operation back: states and leases as they were before it.")
    private boolean undo;

    @Option(
            names = "--backup",
            paramLabel = "FILE",
            description =
                    "Where leases and pointers are written before anything is moved. Default: rewind-ID.json in this"
                            + " folder.")
    private @Nullable Path backup;

    @Option(names = "--json", description = "For machines: one JSON object on standard output.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    RecoverRewindCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if ((to == null ? 0 : 1) + (resume ? 1 : 0) + (undo ? 1 : 0) != 1) {
            throw new CommandFailure(
                    ExitCode.BAD_USAGE, "give one of --to, --resume and --undo; 'recover rewind --help' has examples");
        }
        try (RecoverContext context = RecoverContext.open(config, surroundings)) {
            context.leaseRows();
            StreamDescription stream = context.stream();
            context.requireSameStream(stream);
            RewindText text = new RewindText(
                    spec.commandLine().getOut(),
                    spec.commandLine().getErr(),
                    new Style(surroundings.colours()),
                    surroundings.terminal(),
                    json);
            Rewinds.Parts parts = parts(context);
            Rewinds rewinds = new Rewinds(parts);
            if (undo) {
                return undo(rewinds, parts.log(), text).code();
            }
            if (resume) {
                return finish(rewinds, rewinds.move(unfinished(parts.log(), text)), null, text)
                        .code();
            }
            return rewind(context, parts, stream, text).code();
        } catch (RefusedException e) {
            throw new CommandFailure(ExitCode.CHECK_FAILED, String.valueOf(e.getMessage()), e);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ExitCode.BAD_USAGE, String.valueOf(e.getMessage()), e);
        }
    }

    private static Rewinds.Parts parts(RecoverContext context) throws InterruptedException, RefusedException {
        Settings settings = context.settings();
        LeaseTable leases = new LeaseTable(context.clients().dynamo(), context.application());
        return new Rewinds.Parts(
                context.store(),
                new OperationLog(context.operation()),
                leases,
                new LeasePlaces(context.clients().dynamo(), context.application()),
                new Supersession(
                        context.clients().dynamo(),
                        settings.outputs().metricsTable(),
                        settings.outputs().adviceTable()),
                settings.windowPolicy(),
                new StateCheck(
                        context.store(),
                        context.configuration().pipelineSettings(),
                        context.configuration().definitions()),
                KnownApplication.shards(
                        context.clients().kinesis(), settings.stream().name(), leases, context.store()),
                context.clock());
    }

    private ExitCode rewind(RecoverContext context, Rewinds.Parts parts, StreamDescription stream, RewindText text)
            throws IOException, InterruptedException, RefusedException {
        String wanted = String.valueOf(to);
        Configuration required = newConfig == null ? null : config.load(surroundings, newConfig, Map.of(), null);
        RewindTarget target = RewindTarget.parse(wanted, context.clock().millis());
        RewindPlan plan;
        try (KinesisStreamSource source = new KinesisStreamSource(context.clients(), stream.name(), context.clock())) {
            plan = new Planning(parts, source, stream)
                    .plan(new Planning.Request(
                            context.application(),
                            RewindTarget.told(wanted, target),
                            target,
                            shards,
                            processes,
                            publish,
                            required == null
                                    ? null
                                    : required.fingerprint(LocalEfficiency.identity(
                                            required.settings().advice().efficiencyModel(), surroundings))));
        }
        text.plan(plan, required == null ? null : differences(context.configuration(), required));
        if (!apply) {
            text.nothingChanged();
            return ExitCode.DONE;
        }
        String id = Long.toString(context.clock().millis(), Character.MAX_RADIX);
        Path file = surroundings
                .resolve(backup == null ? Path.of("rewind-" + id + ".json") : backup)
                .toAbsolutePath()
                .normalize();
        Files.writeString(
                file,
                Rewinds.backup(context.application(), id, parts.shards()),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE);
        Rewinds rewinds = new Rewinds(parts);
        RewindOperation operation = begin(rewinds, plan, id, file);
        text.begun(operation);
        return finish(rewinds, rewinds.move(operation), plan, text);
    }

    private static RewindOperation begin(Rewinds rewinds, RewindPlan plan, String id, Path file)
            throws IOException, InterruptedException, RefusedException {
        try {
            return rewinds.begin(plan, id, operator(), file.toString());
        } catch (RefusedException e) {
            Files.delete(file); // of an operation that never was
            throw e;
        }
    }

    private ExitCode finish(Rewinds rewinds, RewindOperation moved, @Nullable RewindPlan plan, RewindText text)
            throws InterruptedException {
        text.moved(moved);
        if (moved.undo()) {
            return ExitCode.DONE;
        }
        if (noWait && !rewinds.hasCaughtUp(moved)) {
            text.leftToWorkers(moved);
            return ExitCode.DONE;
        }
        await(rewinds, moved, text);
        text.done(moved, rewinds.supersede(moved), plan);
        return ExitCode.DONE;
    }

    /** Ctrl-C ends the waiting and not the operation: it says so. */
    private static void await(Rewinds rewinds, RewindOperation moved, RewindText text) throws InterruptedException {
        Thread onInterrupt = new Thread(() -> text.interrupted(moved), "rewind-interrupted");
        Runtime.getRuntime().addShutdownHook(onInterrupt);
        try {
            rewinds.await(moved, text);
        } finally {
            try {
                Runtime.getRuntime().removeShutdownHook(onInterrupt);
            } catch (IllegalStateException e) {
                Thread.currentThread().interrupt(); // the process ends at this moment
            }
        }
    }

    private static RewindOperation unfinished(OperationLog log, RewindText text) throws RefusedException {
        RewindOperation last = log.last();
        if (last == null || last.phase() == RewindOperation.Phase.DONE) {
            throw new RefusedException("no operation is under way; begin one with --to");
        }
        text.resumed(last);
        return last;
    }

    private ExitCode undo(Rewinds rewinds, OperationLog log, RewindText text)
            throws RefusedException, InterruptedException {
        RewindOperation last = log.last();
        if (last == null) {
            throw new RefusedException("there is nothing to take back: this application was never rewound");
        }
        rewinds.requireUndoable(last);
        text.undoing(last);
        if (!apply) {
            text.nothingChanged();
            return ExitCode.DONE;
        }
        RewindOperation undone = rewinds.move(rewinds.beginUndo(last, operator()));
        text.moved(undone);
        return ExitCode.DONE;
    }

    /** Settings that differ, as {@code name: old -> new}. */
    private static Map<String, String> differences(Configuration present, Configuration required) {
        Map<String, String> before = present.changedValues();
        Map<String, String> after = required.changedValues();
        Map<String, String> differences = new TreeMap<>();
        Set<String> names = new LinkedHashSet<>(before.keySet());
        names.addAll(after.keySet());
        for (String name : names) {
            String old = before.getOrDefault(name, "(default)");
            String now = after.getOrDefault(name, "(default)");
            if (!old.equals(now)) {
                differences.put(name, old + " -> " + now);
            }
        }
        return differences;
    }

    private static String operator() {
        String host;
        try {
            host = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            // A host that does not know its own name has operators all the same.
            host = "localhost";
        }
        return System.getProperty("user.name", "?") + "@" + host;
    }
}
