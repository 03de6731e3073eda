package io.processoptimizer.cli;

import io.processoptimizer.replay.ReadFrom;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Locale;

/** Places on a stream as a person writes them. */
final class StreamTimes {
    private StreamTimes() {}

    /**
     * The value of --from.
     *
     * @throws IllegalArgumentException with the remedy
     */
    static ReadFrom readFrom(String text, Clock clock) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "trim_horizon" -> new ReadFrom.TrimHorizon();
            case "latest" -> new ReadFrom.Latest();
            default -> {
                long millis = time("--from", text, "trim_horizon, latest");
                if (millis > clock.millis()) {
                    throw new IllegalArgumentException(
                            "--from (" + text + ") is in the future; use latest, or start it then");
                }
                yield new ReadFrom.AtTimestamp(millis);
            }
        };
    }

    /**
     * A time, epoch milliseconds.
     *
     * @param words what else the option takes
     * @throws IllegalArgumentException with the remedy
     */
    static long time(String option, String text, String words) {
        try {
            return OffsetDateTime.parse(text).toInstant().toEpochMilli();
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    option + " (" + text + ") is neither one of " + words
                            + " nor a time with an offset; write it like 2026-01-01T00:00:00Z",
                    e);
        }
    }
}
