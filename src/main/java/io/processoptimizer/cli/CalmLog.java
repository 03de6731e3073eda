package io.processoptimizer.cli;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes the log of a long run readable at night. KCL and the SDK repeat a failure several times a second and each time with a
 * trace; here a log line comes with the first line of its exception, and the same line again only after a while, with how often it
 * came in between. With {@code --verbose} none of this is used.
 */
final class CalmLog extends OutputStream {
    /** The same line is repeated so often: enough to see that a trouble lasts. */
    private static final long REPEAT_MILLIS = 30_000;

    /** Different lines that are told apart; beyond it the oldest is taken for new. */
    private static final int MAX_KINDS = 256;

    private static final int MAX_LINE_BYTES = 16 * 1024;

    /** Time stamp, level, logger, text: as simplelogger.properties says. */
    private static final Pattern LOG_LINE = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\S+ (.*)");

    /** The head of a trace: a qualified class name. */
    private static final Pattern EXCEPTION =
            Pattern.compile("(?:[a-z]\\w*\\.)+[A-Z][\\w$]*(?:Exception|Error|Throwable)\\b");

    private static final Pattern DIGITS = Pattern.compile("\\d+");

    private static final class Kind {
        long shownAt;
        long heldBack;
    }

    private final PrintStream to;
    private final InstantSource clock;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final Map<String, Kind> kinds = new LinkedHashMap<>();

    /** Whether the log line that came last was shown, and its exception is still to come. */
    private boolean showsException;

    /** Whether the lines that come belong to a log line. */
    private boolean insideTrace;

    CalmLog(PrintStream to, InstantSource clock) {
        this.to = to;
        this.clock = clock;
    }

    /** Standard error, calmed. */
    static PrintStream over(PrintStream standardError) {
        return new PrintStream(new CalmLog(standardError, InstantSource.system()), true, StandardCharsets.UTF_8);
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

    private void take(String text) {
        Matcher logged = LOG_LINE.matcher(text);
        if (logged.matches()) {
            insideTrace = true;
            showsException = show(text, logged.group(1));
        } else if (!insideTrace) {
            to.println(text);
        } else if (isTrace(text)) {
            if (showsException && isException(text)) {
                to.println("  " + text);
                showsException = false;
            }
        } else {
            insideTrace = false;
            to.println(text);
        }
    }

    private boolean show(String text, String content) {
        String name = DIGITS.matcher(content).replaceAll("#");
        long now = clock.millis();
        Kind kind = kinds.get(name);
        if (kind != null && now - kind.shownAt < REPEAT_MILLIS) {
            kind.heldBack++;
            return false;
        }
        to.println(kind == null || kind.heldBack == 0 ? text : text + " (and " + kind.heldBack + " times more before)");
        remember(name, now, kind);
        return true;
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

    private static boolean isTrace(String text) {
        return text.startsWith("\t") || text.startsWith("Caused by: ") || isException(text);
    }

    private static boolean isException(String text) {
        return EXCEPTION.matcher(text).lookingAt();
    }
}
