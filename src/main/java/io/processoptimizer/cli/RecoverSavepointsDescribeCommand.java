package io.processoptimizer.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.processoptimizer.cli.StoredStates.Stored;
import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.event.TelemetryEvent;
import io.processoptimizer.pipeline.StateContents;
import io.processoptimizer.recover.StateCheck;
import io.processoptimizer.status.Times;
import io.processoptimizer.window.ProcessContents;
import io.processoptimizer.window.WindowPolicy;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What is inside a state. */
@Command(
        name = "describe",
        description = {
            "What is inside a state: its position and until when everything is read, the processes, their windows that are open,"
                    + " and which processes are largest."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "    java -jar target/process-optimizer.jar recover savepoints describe latest",
            "    java -jar target/process-optimizer.jar recover savepoints describe present --shard shardId-000000000001 --json"
        })
final class RecoverSavepointsDescribeCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LARGEST = 5;

    private final Surroundings surroundings;

    @Mixin
    private ConfigOptions config = new ConfigOptions();

    @Parameters(
            paramLabel = "ID",
            arity = "1..*",
            description = "A savepoint's id or the end of it; latest; or present.")
    private List<String> ids = new ArrayList<>();

    @Option(names = "--shard", paramLabel = "ID", description = "Only of this shard; may be repeated.")
    private List<String> shards = new ArrayList<>();

    @Option(names = "--processes", description = "Show every process, not only the largest.")
    private boolean processes;

    @Option(names = "--json", description = "For machines: one JSON array, with every process.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    RecoverSavepointsDescribeCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws InterruptedException, JsonProcessingException {
        try (RecoverContext context = RecoverContext.open(config, surroundings)) {
            StoredStates states = StoredStates.of(context, shards);
            StateCheck check = new StateCheck(
                    context.store(),
                    context.configuration().pipelineSettings(),
                    context.configuration().definitions());
            PrintWriter out = spec.commandLine().getOut();
            ArrayNode array = JSON.createArrayNode();
            boolean bad = false;
            for (String id : ids) {
                for (Stored stored : states.named(id)) {
                    StateCheck.Outcome outcome = check.check(stored.shardId(), stored.snapshot());
                    bad |= outcome.fault() != null;
                    if (json) {
                        json(array.addObject(), stored, outcome);
                    } else {
                        print(out, stored, outcome, context.clock().millis());
                    }
                }
            }
            if (json) {
                out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(array));
            }
            out.flush();
            return (bad ? ExitCode.CHECK_FAILED : ExitCode.DONE).code();
        }
    }

    private void print(PrintWriter out, Stored stored, StateCheck.Outcome outcome, long now) {
        Style style = new Style(surroundings.colours());
        out.println(style.bold(stored.snapshot().id() + " of " + stored.shardId()));
        out.println("  stored     "
                + RecoverSavepointsCommand.time(stored.snapshot().writtenMillis()) + ", "
                + Times.duration(now - stored.snapshot().writtenMillis()) + " ago"
                + (stored.present() ? ", where the shard stands" : ""));
        RecordPosition position = stored.snapshot().position();
        out.println("  position   "
                + (position == null
                        ? "before the first record"
                        : position.sequenceNumber() + " / " + position.subSequenceNumber()));
        String configuration = stored.snapshot().configuration();
        out.println("  made with  "
                + (configuration == null ? "an unknown configuration" : "configuration " + configuration));
        if (stored.snapshot().label() != null) {
            out.println(
                    "  kept       until it is released: " + stored.snapshot().label());
        }
        StateContents contents = outcome.contents();
        if (contents == null) {
            out.println(style.bad("  cannot be read: " + outcome.fault()));
            return;
        }
        if (contents.readUpToMillis() != TelemetryEvent.ABSENT) {
            out.println("  read up to " + RecoverSavepointsCommand.time(contents.readUpToMillis())
                    + " (arrival on the stream)");
        }
        out.println("  size       "
                + RecoverSavepointsCommand.size(stored.snapshot().bytes()) + " in memory, "
                + stored.snapshot().parts() + (stored.snapshot().parts() == 1 ? " part" : " parts"));
        out.println(String.format(
                Locale.ROOT,
                "  holds      %,d processes, %,d open windows",
                contents.processes().size(),
                contents.openWindows()));
        table(contents).print(out, style);
        if (!processes && contents.processes().size() > LARGEST) {
            out.println("the largest of " + contents.processes().size() + " (--processes shows all)");
        }
        out.println();
    }

    private TextTable table(StateContents contents) {
        TextTable table = new TextTable("PROCESS", "LAST EVENT", "CLOSED UP TO", "OPEN WINDOWS", "GENERATION", "SIZE");
        contents.processes().stream()
                .sorted(Comparator.comparingLong(ProcessContents::bytes)
                        .reversed()
                        .thenComparing(ProcessContents::processId))
                .limit(processes ? Long.MAX_VALUE : LARGEST)
                .forEach(process -> table.row(List.of(
                        process.processId(),
                        eventTime(process.lastEventMillis()),
                        eventTime(process.watermark()),
                        Integer.toString(process.openWindows()),
                        Long.toString(process.generation()),
                        RecoverSavepointsCommand.size(process.bytes()))));
        return table;
    }

    private static String eventTime(long millis) {
        return millis == WindowPolicy.NO_WATERMARK ? "-" : RecoverSavepointsCommand.time(millis);
    }

    private static void json(ObjectNode node, Stored stored, StateCheck.Outcome outcome) {
        node.put("shard", stored.shardId());
        node.put("present", stored.present());
        node.put("savepoint", stored.savepoint());
        StandingJson.snapshot(node, stored.snapshot());
        StateContents contents = outcome.contents();
        if (contents == null) {
            node.put("fault", outcome.fault());
            return;
        }
        if (contents.readUpToMillis() != TelemetryEvent.ABSENT) {
            node.put("read_up_to", contents.readUpToMillis());
        }
        node.put("open_windows", contents.openWindows());
        ArrayNode processes = node.putArray("processes");
        for (ProcessContents process : contents.processes()) {
            ObjectNode of = processes.addObject();
            of.put("process_id", process.processId());
            if (process.watermark() != WindowPolicy.NO_WATERMARK) {
                of.put("watermark", process.watermark());
                of.put("last_event", process.lastEventMillis());
            }
            of.put("generation", process.generation());
            of.put("open_windows", process.openWindows());
            of.put("bytes", process.bytes());
        }
    }
}
