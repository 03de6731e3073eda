package io.processoptimizer.cli;

import io.processoptimizer.config.LogSettings.Format;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes the log of a long run readable at night. KCL and the SDK repeat a failure several times a second and each time with a
 * trace; here a log line comes with the first line of its exception, and the same line again only after a while, with how often it
 * came in between. Where more than warnings was asked for nothing is held back.
 */
final class CalmLog extends OutputStream {
    /** The same line is repeated so often: enough to see that a trouble lasts. */
    private static final long REPEAT_MILLIS = 30_000;

    /** Different lines that are told apart; beyond it the oldest is taken for new. */
    private static final int MAX_KINDS = 256;

    private static final int MAX_LINE_BYTES = 16 * 1024;

    private static final Pattern DIGITS = Pattern.compile("\\d+");

    private static final class Kind {
        long shownAt;
        long heldBack;
    }

    private final PrintStream to;
    private final Format format;
    private final boolean showsAll;
    private final InstantSource clock;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final Map<String, Kind> kinds = new LinkedHashMap<>();

    /** The one whose lines are coming. */
    private @Nullable LogEvent event;

    /**
     * @param to takes the lines
     * @param showsAll nothing is held back, and traces are whole
     */
    CalmLog(PrintStream to, Format format, boolean showsAll, InstantSource clock) {
        this.to = to;
        this.format = format;
        this.showsAll = showsAll;
        this.clock = clock;
    }

    /** Standard error, calmed. It is flushed by the logger after each event, and not before, so that an event is seen whole. */
    static PrintStream over(PrintStream standardError, Format format, boolean showsAll) {
        return new PrintStream(
                new CalmLog(standardError, format, showsAll, InstantSource.system()), false, StandardCharsets.UTF_8);
    }

    @Override
    public synchronized void write(int b) {
        if (b == '\n') {
            take(line.toString(StandardCharsets.UTF_8));
            line.reset();
        } else if (line.size() < MAX_LINE_BYTES) {
            line.write(b);
        }
    }

    /** Ends the event. */
    @Override
    public synchronized void flush() {
        LogEvent whole = event;
        event = null;
        if (whole != null) {
            show(whole);
        }
        to.flush();
    }

    private void take(String text) {
        LogEvent begun = LogEvent.beginning(text);
        if (begun != null) {
            flush();
            event = begun;
        } else if (event != null) {
            event.add(text);
        } else {
            to.println(text);
        }
    }

    private void show(LogEvent whole) {
        if (showsAll) {
            to.println(whole.line(format, 0, true));
            return;
        }
        String name = DIGITS.matcher(whole.kind()).replaceAll("#");
        long now = clock.millis();
        Kind kind = kinds.get(name);
        if (kind != null && now - kind.shownAt < REPEAT_MILLIS) {
            kind.heldBack++;
            return;
        }
        to.println(whole.line(format, kind == null ? 0 : kind.heldBack, false));
        remember(name, now, kind);
    }

    private void remember(String name, long now, @Nullable Kind known) {
        Kind kind = known == null ? new Kind() : known;
        kind.shownAt = now;
        kind.heldBack = 0;
        kinds.remove(name);
        if (kinds.size() >= MAX_KINDS) {
            kinds.remove(kinds.keySet().iterator().next());
        }
        kinds.put(name, kind);
    }
}
