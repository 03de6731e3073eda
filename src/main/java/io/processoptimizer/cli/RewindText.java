package io.processoptimizer.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.processoptimizer.aws.Supersession.Count;
import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.recover.rewind.RewindExecutor;
import io.processoptimizer.recover.rewind.RewindOperation;
import io.processoptimizer.recover.rewind.RewindPlan;
import io.processoptimizer.recover.rewind.RewindPlan.ShardPlan;
import io.processoptimizer.recover.rewind.Rewinds;
import io.processoptimizer.recover.rewind.ShardMove;
import io.processoptimizer.status.Times;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a rewind tells a person, or a machine: then one object, printed at the end. */
final class RewindText implements Rewinds.Watcher {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Digits that tell neighbouring sequence numbers apart. */
    private static final int TAIL = 12;

    private final PrintWriter out;
    private final PrintWriter err;
    private final Style style;
    private final boolean terminal;
    private final boolean json;
    private final ObjectNode object = JSON.createObjectNode();
    private String said = "";
    private @Nullable String required;

    RewindText(PrintWriter out, PrintWriter err, Style style, boolean terminal, boolean json) {
        this.out = out;
        this.err = err;
        this.style = style;
        this.terminal = terminal;
        this.json = json;
    }

    // ---- the plan

    void plan(RewindPlan plan, @Nullable Map<String, String> differences) {
        json(plan);
        if (differences != null) {
            ObjectNode changed = object.putObject("settings_that_differ");
            differences.forEach(changed::put);
        }
        if (json) {
            return;
        }
        out.println(style.bold("Rewind of " + plan.application() + " (stream " + plan.stream() + ") to " + plan.to()));
        TextTable table = new TextTable("SHARD", "GOES ON FROM", "STANDS AT", "GOES TO", "RECORDS", "TIME", "COMPLETE");
        for (ShardPlan shard : plan.shards()) {
            table.row(List.of(
                    shard.move().shardId(),
                    goesOnFrom(shard.move()),
                    place(shard.move().from()),
                    place(shard.move().to()),
                    (shard.more() ? "at least " : "") + number(shard.records()),
                    Times.duration(shard.readAgainMillis()),
                    shard.incomplete() == null ? "yes" : "not all"));
        }
        table.print(out, style);
        out.println(number(plan.records()) + (plan.more() ? " records or more" : " records")
                + " are read again, in about " + Times.duration(plan.estimate().toMillis())
                + " (assuming 20 s for workers to take the shards and 2,000 records/s a shard)"
                + (plan.more() ? " or longer" : "") + ".");
        out.println((plan.affected().more() ? "At least " : "")
                + Plural.of(plan.affected().results(), "stored result", "stored results") + " and "
                + Plural.of(plan.affected().adjustments(), "adjustment", "adjustments") + " of "
                + Plural.of(plan.affected().processes(), "process", "processes")
                + " are of that time: each is replaced, or marked as superseded where it does not come again.");
        if (!plan.processes().isEmpty()) {
            out.println("Only of " + String.join(", ", plan.processes())
                    + "; other processes of these shards keep the results they have.");
        }
        out.println(
                plan.publish()
                        ? "Adjustments that are decided again are published, unless they are too old."
                        : "Nothing is published again; adjustments that are new or differ are stored as withheld, beside those.");
        if (plan.configuration() != null) {
            out.println("Workers need the configuration " + plan.configuration() + "; deploy it before or after.");
            if (differences != null) {
                differences.forEach((name, change) -> out.println("  " + name + ": " + change));
            }
        }
        for (ShardPlan shard : plan.shards()) {
            if (shard.incomplete() != null) {
                out.println("Not complete: " + shard.move().shardId() + ": " + shard.incomplete() + ".");
            }
        }
        plan.notes().forEach(note -> out.println("Note: " + note + "."));
        out.flush();
    }

    private static String goesOnFrom(ShardMove move) {
        return switch (move.kind()) {
            case SAVEPOINT -> {
                var savepoint = move.savepoint();
                yield savepoint == null
                        ? "savepoint"
                        : "savepoint of " + Times.clock(savepoint.writtenMillis()) + " …" + tail(savepoint.id());
            }
            case FROM_START -> "its first record";
            case WITHOUT_STATE -> "the oldest record, no state";
            case FROM_PARENTS -> "its parents";
        };
    }

    private static String place(@Nullable RecordPosition position) {
        return position == null ? "start" : tail(position);
    }

    /** The end of a sequence number, by which the positions of a shard are told apart. */
    static String tail(RecordPosition position) {
        return "…" + tail(position.sequenceNumber());
    }

    private static String tail(String text) {
        return text.substring(Math.max(0, text.length() - TAIL));
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private void json(RewindPlan plan) {
        object.put("application", plan.application());
        object.put("stream", plan.stream());
        object.put("to", plan.to());
        object.put("publish", plan.publish());
        object.put("configuration_required", plan.configuration());
        ArrayNode processes = object.putArray("processes");
        plan.processes().forEach(processes::add);
        ArrayNode shards = object.putArray("shards");
        for (ShardPlan shard : plan.shards()) {
            ObjectNode node = shards.addObject();
            node.put("shard", shard.move().shardId());
            node.put("kind", shard.move().kind().name().toLowerCase(Locale.ROOT));
            var savepoint = shard.move().savepoint();
            node.put("savepoint", savepoint == null ? null : savepoint.id());
            node.put("from", sequence(shard.move().from()));
            node.put("to", sequence(shard.move().to()));
            node.put("records", shard.records());
            node.put("records_are_at_least", shard.more());
            node.put("read_again_ms", shard.readAgainMillis());
            node.put("incomplete", shard.incomplete());
        }
        object.put("records", plan.records());
        object.put("estimated_ms", plan.estimate().toMillis());
        ObjectNode affected = object.putObject("affected");
        affected.put("processes", plan.affected().processes());
        affected.put("results", plan.affected().results());
        affected.put("adjustments", plan.affected().adjustments());
        affected.put("at_least", plan.affected().more());
        ArrayNode notes = object.putArray("notes");
        plan.notes().forEach(notes::add);
    }

    private static @Nullable String sequence(@Nullable RecordPosition position) {
        return position == null ? null : position.sequenceNumber();
    }

    void nothingChanged() {
        say("Nothing was changed; add --apply to do it.");
        object.put("phase", "planned");
        print();
    }

    // ---- what happens

    void begun(RewindOperation operation) {
        object.put("operation", operation.id());
        object.put("generation", operation.generation());
        object.put("backup", operation.backup());
        say("Leases and pointers as they were: " + operation.backup());
    }

    private static String named(RewindOperation operation) {
        RewindOperation undone = operation.undoes();
        String what = undone == null
                ? "the rewind " + operation.id() + " to " + operation.to()
                : "the undo " + operation.id() + " of the rewind " + undone.id();
        return what + ", which " + operation.operator() + " began";
    }

    void resumed(RewindOperation operation) {
        object.put("operation", operation.id());
        object.put("generation", operation.generation());
        say("Going on with " + named(operation) + ".");
    }

    void undoing(RewindOperation operation) {
        object.put("undo_of", operation.id());
        say("Takes back " + named(operation) + ": its "
                + (operation.steps().size() == 1
                        ? "1 shard goes to the state it"
                        : operation.steps().size() + " shards go to the states they")
                + " had before. What it marked as superseded counts again. Results that it has"
                + " replaced stay, also those that it had only begun to decide again; to compute them again with the"
                + " earlier configuration, deploy that and rewind again.");
    }

    void moved(RewindOperation operation) {
        required = operation.configuration();
        say(Plural.of(operation.steps().size(), "shard")
                + (operation.steps().size() == 1 ? " is moved; its" : " are moved; their")
                + " results are of generation " + operation.generation() + ".");
        if (operation.undo()) {
            say("Done. What " + operation.id() + " had marked as superseded counts again; workers go on from the states"
                    + " before it. What they had processed since is kept as savepoints, labelled '"
                    + RewindExecutor.before(operation) + "'.");
            object.put("generation", operation.generation());
            object.put("phase", "done");
            print();
        }
    }

    void interrupted(RewindOperation operation) {
        err.println("The operation " + operation.id()
                + " goes on without this command: 'recover rewind --resume' waits for it"
                + " and marks what did not come again, 'recover rewind --undo --apply' takes it back.");
        err.flush();
    }

    void leftToWorkers(RewindOperation operation) {
        say("Workers read again now. When they are done, 'recover rewind --resume' marks what did not come again.");
        object.put("phase", "reprocessing");
        print();
    }

    @Override
    public void reprocessing(int done, int all, int owned) {
        String line = done + " of " + Plural.of(all, "shard") + (all == 1 ? " is where it was" : " are where they were")
                + (done < all ? whatTheOthersWaitFor(owned) : "");
        if (line.equals(said) || json) {
            return;
        }
        said = line;
        if (terminal) {
            out.print("\r" + line + "          ");
            if (done == all) {
                out.println();
            }
            out.flush();
        } else {
            err.println(line);
            err.flush();
        }
    }

    /** Workers with another configuration take a shard and give it back again and again, so that then the owners say nothing. */
    private String whatTheOthersWaitFor(int owned) {
        if (required != null) {
            return "; the others wait for a worker with the configuration " + required;
        }
        return owned == 0 ? "; no worker has taken the others yet" : "";
    }

    void done(RewindOperation operation, Count count, @Nullable RewindPlan plan) {
        object.put("phase", "done");
        ObjectNode outcome = object.putObject("outcome");
        outcome.put("renewed", count.renewed());
        outcome.put("superseded", count.superseded());
        outcome.put("adjustments_superseded", count.adjustments());
        outcome.put("adjustments_withheld", count.withheld());
        say("Done. Of that time " + number(count.renewed()) + " results are of generation " + operation.generation()
                + ", "
                + number(count.superseded()) + " did not come again and are marked as superseded, "
                + number(count.adjustments()) + " adjustments were not decided again, " + number(count.withheld())
                + " new ones were withheld"
                + (plan == null
                        ? "."
                        : "; the plan said " + number(plan.affected().results()) + " results."));
        say("The states before are kept as savepoints ('recover savepoints'), labelled 'before rewind " + operation.id()
                + "'; delete them when nobody will want to go back.");
        print();
    }

    private void say(String line) {
        if (!json) {
            out.println(line);
            out.flush();
        }
    }

    private void print() {
        if (!json) {
            return;
        }
        try {
            out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(object));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree can always be written", e);
        }
        out.flush();
    }
}
