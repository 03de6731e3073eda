package io.processoptimizer.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.processoptimizer.checkpoint.Snapshot;
import io.processoptimizer.cli.StoredStates.Stored;
import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.status.Times;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The states to which a shard can go back. */
@Command(
        name = "savepoints",
        description = {
            "The states that are kept, to which a shard can go back: of each shard the newest first. Without a further command it"
                    + " lists them; the state where a shard stands is listed, too.",
            "",
            "An ID may be given by its end, where that is unique; 'latest' is the newest of each shard, 'present' where each"
                    + " stands."
        },
        synopsisSubcommandLabel = "[COMMAND]",
        subcommands = {
            RecoverSavepointsDescribeCommand.class,
            RecoverSavepointsVerifyCommand.class,
            RecoverSavepointsKeepCommand.class,
            RecoverSavepointsReleaseCommand.class,
            RecoverSavepointsDeleteCommand.class
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "    java -jar target/process-optimizer.jar recover savepoints",
            "    java -jar target/process-optimizer.jar recover savepoints describe latest",
            "    java -jar target/process-optimizer.jar recover savepoints verify --all"
        })
final class RecoverSavepointsCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Surroundings surroundings;

    @Mixin
    private ConfigOptions config = new ConfigOptions();

    @Option(names = "--shard", paramLabel = "ID", description = "Only of this shard; may be repeated.")
    private List<String> shards = new ArrayList<>();

    @Option(names = "--json", description = "For machines: one JSON array.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    RecoverSavepointsCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws InterruptedException, JsonProcessingException {
        try (RecoverContext context = RecoverContext.open(config, surroundings)) {
            StoredStates states = StoredStates.of(context, shards);
            PrintWriter out = spec.commandLine().getOut();
            if (json) {
                out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json(states)));
            } else {
                print(out, states, context.clock().millis());
            }
            out.flush();
            return ExitCode.DONE.code();
        }
    }

    private static ArrayNode json(StoredStates states) {
        ArrayNode array = JSON.createArrayNode();
        for (Stored stored : states.all()) {
            ObjectNode node = array.addObject();
            node.put("shard", stored.shardId());
            node.put("present", stored.present());
            node.put("savepoint", stored.savepoint());
            StandingJson.snapshot(node, stored.snapshot());
        }
        return array;
    }

    private void print(PrintWriter out, StoredStates states, long now) {
        if (states.all().isEmpty()) {
            out.println("No state is stored yet.");
            return;
        }
        TextTable table = new TextTable("SHARD", "ID", "STORED", "AGE", "POSITION", "SIZE", "CONFIGURATION", "");
        for (Stored stored : states.all()) {
            Snapshot snapshot = stored.snapshot();
            RecordPosition position = snapshot.position();
            table.row(List.of(
                    stored.shardId(),
                    snapshot.id(),
                    time(snapshot.writtenMillis()),
                    Times.duration(now - snapshot.writtenMillis()),
                    position == null ? "before the first" : position.sequenceNumber(),
                    size(snapshot.bytes()),
                    snapshot.configuration() == null ? "?" : snapshot.configuration(),
                    remarks(stored)));
        }
        table.print(out, new Style(surroundings.colours()));
    }

    private static String remarks(Stored stored) {
        String present = stored.present() ? stored.savepoint() ? "present, savepoint" : "present" : "";
        String label = stored.snapshot().label();
        return label == null ? present : present + (present.isEmpty() ? "" : ", ") + "kept: " + label;
    }

    /** To the second. */
    static String time(long epochMillis) {
        return Instant.ofEpochMilli(Math.floorDiv(epochMillis, 1_000L) * 1_000).toString();
    }

    static String size(long bytes) {
        return bytes < 1_000_000
                ? String.format(Locale.ROOT, "%.1f kB", bytes / 1e3)
                : String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
    }
}
