package io.processoptimizer.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.processoptimizer.aws.AwsClients;
import io.processoptimizer.aws.DeadLetters;
import io.processoptimizer.aws.DeadLetters.Entry;
import io.processoptimizer.checkpoint.SnapshotStore;
import io.processoptimizer.config.Configuration;
import io.processoptimizer.config.Settings;
import io.processoptimizer.decode.Printable;
import io.processoptimizer.event.RejectReason;
import io.processoptimizer.recover.redrive.Outlook;
import io.processoptimizer.recover.redrive.Redrive;
import io.processoptimizer.recover.redrive.RedriveStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
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

/** Lists dead letters with what would become of them, and puts them on the stream again. */
@Command(
        name = "redrive",
        description = {
            "Says of each dead letter what would become of it if it came now, and with --apply puts those on the stream again"
                    + " that may be taken.",
            "",
            "Each is tried on a copy of the stored state of its shard (as of the last commit), with the present settings and"
                    + " process definitions, which must be those of the workers. A redriven record is taken into any pane that"
                    + " is still retained, though that is past its lateness, and counts once however often it is redriven. Windows"
                    + " that can no longer be revised stay as they are. A misrouted record gets the key that it should have had.",
            "",
            "What would be refused again, or is counted already, is left alone. A letter that was redriven is not shown again"
                    + " unless it was refused again, or with --again. Run again after an interruption: nothing is doubled."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  What is there, and what would become of it:",
            "    java -jar target/process-optimizer.jar recover redrive",
            "  Late records of one process since this morning:",
            "    java -jar target/process-optimizer.jar recover redrive --reason late --process LINE-1 \\",
            "      --from 2026-01-01T06:00:00Z --apply"
        })
final class RecoverRedriveCommand implements Callable<Integer> {
    private static final int DEFAULT_LIMIT = 10_000;
    private static final int DEFAULT_RATE = 200;

    /** Letters that are shown one by one to a person. */
    private static final int SHOWN = 40;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Surroundings surroundings;
    private final Clock clock = Clock.systemUTC();

    @Mixin
    private ConfigOptions config = new ConfigOptions();

    @Option(
            names = "--reason",
            paramLabel = "REASON",
            split = ",",
            description = "Only letters of this reason, like late or misrouted; may be repeated.")
    private List<String> reasons = new ArrayList<>();

    @Option(names = "--process", paramLabel = "ID", description = "Only letters of this process; may be repeated.")
    private Set<String> processes = new LinkedHashSet<>();

    @Option(names = "--id", paramLabel = "ID", description = "Only the letter of this id; may be repeated.")
    private Set<String> ids = new LinkedHashSet<>();

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description = "Only letters first seen then or later; a time, or an age like 2h.")
    private @Nullable String from;

    @Option(
            names = "--until",
            paramLabel = "TIME",
            description = "Only letters first seen before; a time, or an age like 2h.")
    private @Nullable String until;

    @Option(names = "--all", description = "All letters; --apply needs this or another choice.")
    private boolean all;

    @Option(names = "--again", description = "Also letters that were redriven before.")
    private boolean again;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "" + DEFAULT_LIMIT,
            description = "Most letters, those that were seen first. Default: ${DEFAULT-VALUE}.")
    private int limit = DEFAULT_LIMIT;

    @Option(
            names = "--rate",
            paramLabel = "RECORDS",
            defaultValue = "" + DEFAULT_RATE,
            description = "Most records put a second; a shard takes 1,000, its producers' included. Default:"
                    + " ${DEFAULT-VALUE}.")
    private int rate = DEFAULT_RATE;

    @Option(names = "--apply", description = "Put them on the stream.")
    private boolean apply;

    @Option(names = "--json", description = "One JSON object a letter, a line each.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    RecoverRedriveCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Configuration configuration = config.load(surroundings);
        Settings settings = configuration.settings();
        Logging.configure(settings.log());
        Redrive.Selection selection = selection();
        try (AwsClients clients = new AwsClients(Connections.of(settings, surroundings.environment()), false)) {
            SnapshotStore states = new SnapshotStores(settings, clients, surroundings, clock).open(false);
            Redrive redrive = new Redrive(
                    new DeadLetters(clients.dynamo(), settings.outputs().deadLettersTable()),
                    new RedriveStream(clients, settings.stream().name()),
                    states,
                    configuration.pipelineSettings(),
                    configuration.definitions(),
                    clock);
            Report report = new Report(spec.commandLine().getOut());
            redrive.run(selection, apply, rate, report);
            report.end();
            return ExitCode.DONE.code();
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.AWS_FAILED, String.valueOf(e.getMessage()), e);
        }
    }

    /** Whether some of the letters were named. */
    private boolean isChosen() {
        return from != null || until != null || !(reasons.isEmpty() && processes.isEmpty() && ids.isEmpty());
    }

    private Redrive.Selection selection() {
        if (apply && !(all || again || isChosen())) {
            throw bad("--apply needs a choice: --reason, --process, --id, --from, --until, or --all");
        }
        if (limit < 1) {
            throw bad("--limit is " + limit + "; use 1 or more, or leave it out for " + DEFAULT_LIMIT);
        }
        if (rate < 1) {
            throw bad("--rate is " + rate + "; use 1 or more records a second, or leave it out for " + DEFAULT_RATE);
        }
        try {
            Set<RejectReason> wanted = EnumSet.noneOf(RejectReason.class);
            for (String reason : reasons) {
                wanted.add(reason(reason));
            }
            return new Redrive.Selection(
                    wanted,
                    processes,
                    ids,
                    from == null ? Long.MIN_VALUE : StreamTimes.timeOrAge("--from", from, clock),
                    until == null ? Long.MAX_VALUE : StreamTimes.timeOrAge("--until", until, clock),
                    again,
                    limit);
        } catch (IllegalArgumentException e) {
            throw bad(String.valueOf(e.getMessage()));
        }
    }

    private static RejectReason reason(String label) {
        for (RejectReason reason : RejectReason.values()) {
            if (reason.label().equals(label.toLowerCase(Locale.ROOT))) {
                return reason;
            }
        }
        throw new IllegalArgumentException("--reason " + label + " is none; expected one of "
                + String.join(
                        ", ",
                        EnumSet.allOf(RejectReason.class).stream()
                                .map(RejectReason::label)
                                .toList()));
    }

    private static CommandFailure bad(String message) {
        return new CommandFailure(ExitCode.BAD_USAGE, message);
    }

    /** Line by line, then what it comes to. */
    private final class Report implements Redrive.Listener {
        private final PrintWriter out;
        private final Map<String, Map<Outlook.Kind, Integer>> counts = new TreeMap<>();
        private int letters;
        private int put;
        private int mayBePut;

        Report(PrintWriter out) {
            this.out = out;
        }

        @Override
        public void letter(Entry entry, String process, Outlook outlook, boolean isPut) throws IOException {
            letters++;
            put += isPut ? 1 : 0;
            mayBePut += outlook.kind().isPut() ? 1 : 0;
            String reason = entry.letter().reason().label();
            counts.computeIfAbsent(reason, any -> new TreeMap<>()).merge(outlook.kind(), 1, Integer::sum);
            if (json) {
                ObjectNode line = JSON.createObjectNode()
                        .put("reason", reason)
                        .put("id", entry.letter().id())
                        .put("process_id", process)
                        .put("first_seen", entry.firstSeenMillis())
                        .put("detail", entry.letter().detail())
                        .put("outlook", outlook.kind().label())
                        .put("why", outlook.detail())
                        .put("put_before", entry.redrivenAtMillis())
                        .put("redriven", isPut);
                out.println(JSON.writeValueAsString(line));
                return;
            }
            if (letters <= SHOWN) {
                out.println(
                        Instant.ofEpochMilli(entry.firstSeenMillis()) + "  " + reason + "  " + Printable.text(process)
                                + "  "
                                + entry.letter().id());
                out.println("    was refused: " + entry.letter().detail());
                Long putAt = entry.redrivenAtMillis();
                if (putAt != null) {
                    out.println("    was put on the stream again at " + Instant.ofEpochMilli(putAt)
                            + (entry.isRedriven()
                                    ? ", and not refused since: it counts, or is on its way"
                                    : ", and refused again"));
                }
                out.println("    now: " + outlook.kind().label()
                        + (outlook.detail().isEmpty() ? "" : " - " + outlook.detail()) + (isPut ? "; put" : ""));
            } else if (letters == SHOWN + 1) {
                out.println("… and more; --json shows all");
            }
            if (surroundings.terminal() && letters > SHOWN) {
                out.print("\r" + Plural.of(letters, "letter") + ", " + put + " put");
                out.flush();
            }
        }

        void end() {
            if (json) {
                out.flush();
                return;
            }
            if (surroundings.terminal() && letters > SHOWN) {
                out.println();
            }
            if (letters == 0) {
                out.println("No dead letters are there" + (isChosen() ? " of that choice" : "")
                        + (again ? "." : " that were not redriven (--again shows those)."));
            }
            counts.forEach((reason, kinds) -> {
                List<String> parts = new ArrayList<>();
                kinds.forEach((kind, count) -> parts.add(count + " " + kind.label()));
                out.println(reason + ": " + String.join(", ", parts));
            });
            if (apply) {
                out.println(put + " of " + Plural.of(letters, "letter") + (put == 1 ? " was put" : " were put")
                        + " on the stream"
                        + (put < mayBePut
                                ? "; the stream refused " + (mayBePut - put) + ", run this again for them"
                                : "")
                        + ".");
            } else if (mayBePut > 0) {
                out.println("Nothing was put. --apply puts " + mayBePut + " of these " + letters + " on the stream.");
            }
            if (letters == limit) {
                out.println("There may be more: --limit is " + limit + ".");
            }
            out.flush();
        }
    }
}
