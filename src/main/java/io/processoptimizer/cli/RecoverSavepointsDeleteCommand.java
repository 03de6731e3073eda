package io.processoptimizer.cli;

import io.processoptimizer.cli.StoredStates.Stored;
import io.processoptimizer.recover.Deletion;
import io.processoptimizer.recover.Sighting;
import java.io.PrintWriter;
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

/** Deletes a savepoint. */
@Command(
        name = "delete",
        description = {
            "Deletes savepoints before their time. Without --apply it only says which. Refused are the state where a shard stands,"
                    + " one that is kept, and any while an operation is not done."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "    java -jar target/process-optimizer.jar recover savepoints delete 0-5f3a",
            "    java -jar target/process-optimizer.jar recover savepoints delete 0-5f3a --apply"
        })
final class RecoverSavepointsDeleteCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private ConfigOptions config = new ConfigOptions();

    @Parameters(paramLabel = "ID", arity = "1..*", description = "A savepoint's id or the end of it.")
    private List<String> ids = new ArrayList<>();

    @Option(names = "--shard", paramLabel = "ID", description = "Only of this shard; may be repeated.")
    private List<String> shards = new ArrayList<>();

    @Option(names = "--apply", description = "Do it; without it only the plan is shown.")
    private boolean apply;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    RecoverSavepointsDeleteCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws InterruptedException {
        for (String id : ids) {
            if (id.equals("latest") || id.equals("present")) {
                throw new CommandFailure(
                        ExitCode.BAD_USAGE,
                        "delete takes no '" + id
                                + "', which means another state tomorrow; give the id of the savepoint, as"
                                + " 'recover savepoints' lists it");
            }
        }
        try (RecoverContext context = RecoverContext.open(config, surroundings)) {
            StoredStates states = StoredStates.of(context, shards);
            Sighting.@Nullable Operation operation = Sighting.Operation.of(context.operation());
            PrintWriter out = spec.commandLine().getOut();
            List<Stored> wanted = ids.stream().map(states::one).toList();
            boolean refused = false;
            for (Stored stored : wanted) {
                String refusal = Deletion.refusal(stored.snapshot(), stored.present(), operation);
                refused |= refusal != null;
                out.println(stored.snapshot().id() + " of " + stored.shardId() + ", stored "
                        + RecoverSavepointsCommand.time(stored.snapshot().writtenMillis())
                        + (refusal == null
                                ? (apply ? ": is deleted; the shard cannot" : ": would be deleted; the shard could not")
                                        + " go back there any more."
                                : ": refused, " + refusal + "."));
            }
            if (refused || !apply) {
                out.println(refused ? "Nothing was changed." : "Nothing was changed; add --apply to do it.");
                return (refused ? ExitCode.CHECK_FAILED : ExitCode.DONE).code();
            }
            for (Stored stored : wanted) {
                boolean was = context.store().deleteSavepoint(stored.shardId(), stored.snapshot());
                out.println(stored.snapshot().id() + (was ? " is deleted." : " was gone already."));
            }
            return ExitCode.DONE.code();
        }
    }
}
