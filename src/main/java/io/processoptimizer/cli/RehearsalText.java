package io.processoptimizer.cli;

import io.processoptimizer.recover.rehearse.Agreement;
import io.processoptimizer.recover.rehearse.Incident;
import io.processoptimizer.recover.rehearse.Rehearsal;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a person reads of a rehearsal: a line an occurrence, beneath it on a terminal how far it is, at the end the verdict. */
final class RehearsalText implements Rehearsal.View {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final String LINE_START = "\r\u001b[K";
    private static final String ROW = "%-13s %10s %8s %10s %8s %11s %12s";

    private final PrintWriter out;
    private final boolean terminal;
    private final Style style;
    private final Clock clock;
    private String progress = "";

    RehearsalText(PrintWriter out, boolean terminal, Style style, Clock clock) {
        this.out = out;
        this.terminal = terminal;
        this.style = style;
        this.clock = clock;
    }

    /** @param what is rehearsed */
    void begin(String what, long seed, @Nullable URI endpoint, String stream, Path folder) {
        say(String.format(
                Locale.ROOT,
                "Rehearsal with seed %d: %s, stream %s at %s, evidence in %s",
                seed,
                what,
                stream,
                endpoint == null ? "AWS" : endpoint,
                folder));
    }

    @Override
    public synchronized void say(String line) {
        if (!progress.isEmpty()) {
            out.print(LINE_START);
        }
        out.println(TIME.format(clock.instant()) + "  " + line);
        out.print(progress);
        out.flush();
    }

    @Override
    public synchronized void progress(String line) {
        if (terminal) {
            out.print(LINE_START + line);
            out.flush();
            progress = line;
        }
    }

    /** The table, and in a sentence what it means. */
    void end(Rehearsal.Outcome outcome) {
        table(outcome.agreements());
        outcome.findings().forEach(finding -> out.println(style.bad(finding)));
        conclude(outcome.isPassed(), "Nothing lost, nothing doubled.");
    }

    /** The same of an incident, and what became of the adjustments. */
    void end(Incident.Outcome outcome) {
        table(List.of(outcome.results()));
        out.println("Adjustments in the outbox: " + outcome.adjustments());
        out.println(
                "  published: went out, and the right configuration decided the same; superseded: went out by mistake, and");
        out.println(
                "  their receivers have to be told; withheld: the right configuration would have sent them at that time.");
        out.println();
        outcome.findings().forEach(finding -> out.println(style.bad(finding)));
        conclude(
                outcome.isPassed(),
                "Every result in the table is that of a replay which never had the wrong configuration.");
    }

    private void table(List<Agreement> agreements) {
        out.println();
        out.println(style.bold(String.format(
                Locale.ROOT, ROW, "", "compared", "missing", "different", "doubled", "unexpected", "redelivered")));
        for (Agreement agreement : agreements) {
            String row = String.format(
                    Locale.ROOT,
                    ROW,
                    agreement.what(),
                    number(agreement.compared()),
                    number(agreement.missing()),
                    number(agreement.different()),
                    number(agreement.doubled()),
                    number(agreement.unexpected()),
                    number(agreement.redelivered()));
            out.println(agreement.isComplete() ? row : style.bad(row));
        }
        out.println();
    }

    private void conclude(boolean passed, String good) {
        out.println(passed ? style.good(good) : style.bad("This should not be: see above, and the evidence."));
        out.flush();
    }

    private static String number(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }
}
