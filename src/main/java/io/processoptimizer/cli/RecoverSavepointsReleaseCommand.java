package io.processoptimizer.cli;

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

/** Lets a kept savepoint go when its time is over. */
@Command(
        name = "release",
        description =
                "A kept savepoint is one like others again: it goes when state.savepoints_kept is over, which may be at"
                        + " once.",
        footerHeading = "%nExamples:%n",
        footer = "    java -jar target/process-optimizer.jar recover savepoints release 0-5f3a")
final class RecoverSavepointsReleaseCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private ConfigOptions config = new ConfigOptions();

    @Parameters(paramLabel = "ID", description = "A savepoint's id or the end of it.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String id;

    @Option(names = "--shard", paramLabel = "ID", description = "Only of this shard; may be repeated.")
    private List<String> shards = new ArrayList<>();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    RecoverSavepointsReleaseCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws InterruptedException {
        try (RecoverContext context = RecoverContext.open(config, surroundings)) {
            Stored stored = StoredStates.of(context, shards).one(id);
            String name = stored.snapshot().id() + " of " + stored.shardId();
            if (!stored.snapshot().isKept()) {
                spec.commandLine().getOut().println(name + " is not kept; nothing was changed.");
                return ExitCode.DONE.code();
            }
            context.store().release(stored.shardId(), stored.snapshot());
            spec.commandLine().getOut().println(name + " is released: it goes when its time is over.");
            return ExitCode.DONE.code();
        }
    }
}
