package io.processoptimizer.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.processoptimizer.config.LogSettings.Format;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the logger said at once, and how it is written: always one line, whatever telemetry or an answer of AWS has put into it. The
 * shard is the first that the text names, so that the lines of KCL and the SDK have theirs, too; the window is the one that
 * {@link io.processoptimizer.emit.WindowResult#reference()} has put at the end. Credentials are blotted out, should a library say one.
 */
final class LogEvent {
    /** Time, level, logger, text: as simplelogger.properties says. */
    private static final Pattern FIRST_LINE =
            Pattern.compile("(\\d{4}-\\d\\d-\\d\\dT\\S+) (TRACE|DEBUG|INFO|WARN|ERROR) (\\S+) - (.*)", Pattern.DOTALL);

    /** The head of a trace: a qualified class name. */
    private static final Pattern EXCEPTION =
            Pattern.compile("(?:[a-z]\\w*\\.)+[A-Z][\\w$]*(?:Exception|Error|Throwable)\\b");

    private static final Pattern SHARD = Pattern.compile("\\bshardId-\\d{12}\\b");
    private static final Pattern WINDOW =
            Pattern.compile(" \\[window=(\\S+) process=\"((?:[^\"\\\\]|\\\\.)*)\" end=([^\\]\\s]+)]$");
    private static final Pattern PLAIN = Pattern.compile("[\\w.:/@+-]+");

    private static final Pattern SECRET = Pattern.compile(
            "(?i)((?:security|session)[_-]?token|secret[_-]?(?:access[_-]?)?key|bearer[_-]token\\w*|authorization|signature)"
                    + "(\"?\\s*[=:]\\s*\"?)[^\\s&\",;]+");
    private static final Pattern KEY_ID = Pattern.compile("\\b(AKIA|ASIA)[A-Z0-9]{12,}\\b");

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final int MAX_CHARS = 16 * 1024;

    private final String time;
    private final String level;
    private final String logger;
    private final StringBuilder message;
    private final StringBuilder stack = new StringBuilder();
    private @Nullable String exception;

    private LogEvent(Matcher first) {
        time = first.group(1);
        level = first.group(2);
        logger = first.group(3);
        message = new StringBuilder(first.group(4));
    }

    /** The event that begins with this line; null where none does. */
    static @Nullable LogEvent beginning(String line) {
        Matcher first = FIRST_LINE.matcher(line);
        return first.matches() ? new LogEvent(first) : null;
    }

    /** A further line: of the text, or of the trace behind it. */
    void add(String line) {
        boolean isException = EXCEPTION.matcher(line).lookingAt();
        if (exception == null && !isException) {
            append(message, line);
            return;
        }
        if (exception == null) {
            exception = line;
        }
        append(stack, line);
    }

    private static void append(StringBuilder to, String line) {
        if (to.length() < MAX_CHARS) {
            to.append(to.isEmpty() ? "" : "\n").append(line);
        }
    }

    /** Equal for events that are about the same. */
    String kind() {
        return level + ' ' + logger + ' ' + message;
    }

    /**
     * One line of it.
     *
     * @param heldBack how often the same was not written before
     * @param withTrace not only the exception, but where it comes from
     */
    String line(Format format, long heldBack, boolean withTrace) {
        if (format == Format.TEXT) {
            String repeated = heldBack == 0 ? "" : " (and " + heldBack + " times more before)";
            String why = exception == null ? "" : " | " + (withTrace ? stack : exception);
            return time + ' ' + level + ' ' + logger + " - " + quoted(clean(message + repeated + why), false);
        }
        Map<String, String> fields = fields(heldBack, withTrace);
        if (format == Format.JSON) {
            ObjectNode node = JsonNodeFactory.instance.objectNode();
            fields.forEach(node::put);
            return node.toString();
        }
        StringBuilder line = new StringBuilder();
        fields.forEach((name, value) ->
                line.append(line.isEmpty() ? "" : " ").append(name).append('=').append(quoted(value, true)));
        return line.toString();
    }

    private Map<String, String> fields(long heldBack, boolean withTrace) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("time", time);
        fields.put("level", level);
        fields.put("logger", logger);
        String text = clean(message.toString());
        Matcher shard = SHARD.matcher(text);
        if (shard.find()) {
            fields.put("shard", shard.group());
        }
        Matcher window = WINDOW.matcher(text);
        if (window.find()) {
            fields.put("process", unquoted(window.group(2)));
            fields.put("window", window.group(1));
            fields.put("window_end", window.group(3));
            text = text.substring(0, window.start());
        }
        fields.put("message", text);
        if (exception != null) {
            fields.put("error", clean(exception));
            if (withTrace) {
                fields.put("stack", clean(stack.toString()));
            }
        }
        if (heldBack > 0) {
            fields.put("held_back", String.valueOf(heldBack));
        }
        return fields;
    }

    private static String unquoted(String quoted) {
        try {
            return JSON.readValue('"' + quoted + '"', String.class);
        } catch (JsonProcessingException e) {
            return quoted;
        }
    }

    private static String clean(String text) {
        return KEY_ID.matcher(SECRET.matcher(text).replaceAll("$1$2***")).replaceAll("$1***");
    }

    /** On one line, and with quotes where the value would run into the next field. */
    private static String quoted(String value, boolean asField) {
        if (!asField) {
            return value.chars().anyMatch(Character::isISOControl)
                    ? value.replace("\n", "\\n").replaceAll("\\p{Cntrl}", " ")
                    : value;
        }
        return PLAIN.matcher(value).matches()
                ? value
                : '"' + new String(JsonStringEncoder.getInstance().quoteAsString(value)) + '"';
    }
}
