package io.processoptimizer.cli;

import io.processoptimizer.checkpoint.PointerMovedException;
import io.processoptimizer.checkpoint.Snapshot;
import io.processoptimizer.cli.StoredStates.Stored;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Keeps a state beyond its time. */
@Command(
        name = "keep",
        description = {
            "Keeps a state until it is released, however old it becomes: a savepoint, or with 'present' where the shard stands.",
            "",
            "It takes no shard from its worker and can be undone by 'release', so there is no plan."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "    java -jar target/process-optimizer.jar recover savepoints keep present --label 'before the change'"
        })
final class RecoverSavepointsKeepCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private ConfigOptions config = new ConfigOptions();

    @Parameters(paramLabel = "ID", description = "A savepoint's id or the end of it; latest; or present.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String id;

    @Option(
            names = "--label",
            paramLabel = "TEXT",
            required = true,
            description = "Why or for whom, shown in the list.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String label;

    @Option(names = "--shard", paramLabel = "ID", description = "Only of this shard; may be repeated.")
    private List<String> shards = new ArrayList<>();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    RecoverSavepointsKeepCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (label.isBlank()) {
            throw new CommandFailure(ExitCode.BAD_USAGE, "--label is empty; say why or for whom it is kept");
        }
        try (RecoverContext context = RecoverContext.open(config, surroundings)) {
            for (Stored stored : StoredStates.of(context, shards).named(id)) {
                Snapshot kept = context.store().keep(stored.shardId(), stored.snapshot(), label);
                spec.commandLine()
                        .getOut()
                        .println(kept.id() + " of " + stored.shardId() + " is kept until it is released.");
            }
            return ExitCode.DONE.code();
        } catch (PointerMovedException e) {
            throw new CommandFailure(
                    ExitCode.CHECK_FAILED,
                    "it was not kept: " + e.getMessage() + "; a worker stored a newer state meanwhile, so try again",
                    e);
        }
    }
}
