package io.processoptimizer.cli;

import io.processoptimizer.config.Quantities;
import io.processoptimizer.replay.ReadFrom;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Times, and places on a stream, as a person writes them. */
final class StreamTimes {
    private static final Pattern AGE = Pattern.compile("[0-9].*[a-z]|[0-9]{1,9}");

    private static final String TRIM_HORIZON = "trim_horizon";
    private static final String LATEST = "latest";

    private StreamTimes() {}

    /**
     * The value of --from of a recording.
     *
     * @throws IllegalArgumentException with the remedy
     */
    static ReadFrom recordFrom(String text, Clock clock) {
        return text.equalsIgnoreCase(LATEST)
                ? new ReadFrom.Latest()
                : readFrom(text, "one of " + TRIM_HORIZON + ", " + LATEST, "; use latest, or start it then", clock);
    }

    /**
     * The value of --from of a replay, which reads what there is.
     *
     * @throws IllegalArgumentException with the remedy
     */
    static ReadFrom replayFrom(String text, Clock clock) {
        return readFrom(text, TRIM_HORIZON, "; a replay begins with what there is", clock);
    }

    private static ReadFrom readFrom(String text, String words, String remedy, Clock clock) {
        if (text.equalsIgnoreCase(TRIM_HORIZON)) {
            return new ReadFrom.TrimHorizon();
        }
        long millis = time("--from", text, words);
        if (millis > clock.millis()) {
            throw new IllegalArgumentException("--from (" + text + ") is in the future" + remedy);
        }
        return new ReadFrom.AtTimestamp(millis);
    }

    /** @throws IllegalArgumentException where what is read from {@code start} on has nothing before {@code untilMillis} */
    static void requireLater(String until, long untilMillis, @Nullable String from, @Nullable ReadFrom start) {
        if (start instanceof ReadFrom.AtTimestamp at && untilMillis <= at.epochMillis()) {
            throw new IllegalArgumentException(
                    "--until (" + until + ") is not after --from (" + from + "); use a later time");
        }
    }

    /**
     * A time, or how long ago it was, epoch milliseconds.
     *
     * @throws IllegalArgumentException with the remedy
     */
    static long timeOrAge(String option, String text, Clock clock) {
        return AGE.matcher(text).matches()
                ? clock.millis() - Quantities.parseDuration(option, text).toMillis()
                : time(option, text, "an age like 2h");
    }

    /**
     * A time, epoch milliseconds.
     *
     * @param words what else the option takes; empty: nothing
     * @throws IllegalArgumentException with the remedy
     */
    static long time(String option, String text, String words) {
        try {
            return OffsetDateTime.parse(text).toInstant().toEpochMilli();
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    option + " (" + text + ") is "
                            + (words.isEmpty() ? "not" : "neither " + words + " nor")
                            + " a time with an offset; write it like 2026-01-01T00:00:00Z",
                    e);
        }
    }
}
