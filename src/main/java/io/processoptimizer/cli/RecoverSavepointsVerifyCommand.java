package io.processoptimizer.cli;

import io.processoptimizer.cli.StoredStates.Stored;
import io.processoptimizer.recover.StateCheck;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Whether states can be gone back to. */
@Command(
        name = "verify",
        description = {
            "Reads states as a worker would: every part, the checksum, and a pipeline that restores it. Exit code 5 where one"
                    + " cannot be gone back to. Without an ID the newest savepoint of each shard and where it stands."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "    java -jar target/process-optimizer.jar recover savepoints verify",
            "    java -jar target/process-optimizer.jar recover savepoints verify --all"
        })
final class RecoverSavepointsVerifyCommand implements Callable<Integer> {
    private static final String LINE_START = "\r\u001b[K";

    private final Surroundings surroundings;

    @Mixin
    private ConfigOptions config = new ConfigOptions();

    @Parameters(
            paramLabel = "ID",
            arity = "0..*",
            description = "A savepoint's id or the end of it; latest; or present.")
    private List<String> ids = new ArrayList<>();

    @Option(names = "--all", description = "Every savepoint, and where each shard stands.")
    private boolean all;

    @Option(names = "--shard", paramLabel = "ID", description = "Only of this shard; may be repeated.")
    private List<String> shards = new ArrayList<>();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    RecoverSavepointsVerifyCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws InterruptedException {
        try (RecoverContext context = RecoverContext.open(config, surroundings)) {
            Set<Stored> wanted = wanted(StoredStates.of(context, shards));
            StateCheck check = new StateCheck(
                    context.store(),
                    context.configuration().pipelineSettings(),
                    context.configuration().definitions());
            PrintWriter out = spec.commandLine().getOut();
            Style style = new Style(surroundings.colours());
            int good = 0;
            int bad = 0;
            for (Stored stored : wanted) {
                progress(good + bad, wanted.size());
                StateCheck.Outcome outcome = check.check(stored.shardId(), stored.snapshot());
                if (outcome.fault() == null) {
                    good++;
                } else {
                    bad++;
                    progressEnd();
                    out.println(style.bad(stored.snapshot().id() + " of " + stored.shardId()
                            + (stored.present() ? ", where the shard stands," : "") + " cannot be read: "
                            + outcome.fault()));
                }
            }
            progressEnd();
            out.println(verdict(good, bad));
            out.flush();
            return (bad == 0 ? ExitCode.DONE : ExitCode.CHECK_FAILED).code();
        }
    }

    private Set<Stored> wanted(StoredStates states) {
        Set<Stored> wanted = new LinkedHashSet<>();
        if (all) {
            wanted.addAll(states.all());
        } else if (ids.isEmpty()) {
            wanted.addAll(states.named("present"));
            if (!states.savepoints().isEmpty()) {
                wanted.addAll(states.named("latest"));
            }
        }
        for (String id : ids) {
            wanted.addAll(states.named(id));
        }
        return wanted;
    }

    private static String verdict(int good, int bad) {
        if (bad > 0) {
            return bad + " of " + (good + bad)
                    + " states cannot be gone back to; the others can. A worker whose present"
                    + " state is damaged goes back to the newest savepoint that can be read by itself.";
        }
        return good == 0 ? "There is no state to verify." : "All " + good + " states can be gone back to.";
    }

    private void progress(int done, int of) {
        if (surroundings.terminal()) {
            spec.commandLine().getErr().print(LINE_START + done + " of " + of + " states read …");
            spec.commandLine().getErr().flush();
        }
    }

    private void progressEnd() {
        if (surroundings.terminal()) {
            spec.commandLine().getErr().print(LINE_START);
            spec.commandLine().getErr().flush();
        }
    }
}
