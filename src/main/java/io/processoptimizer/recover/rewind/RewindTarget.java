package io.processoptimizer.recover.rewind;

import io.processoptimizer.config.Quantities;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Pattern;

/** Where a rewind goes. */
public sealed interface RewindTarget {
    /** The oldest record that the stream keeps: every state is left out. */
    record TrimHorizon() implements RewindTarget {}

    /** The newest savepoint of each shard. */
    record Latest() implements RewindTarget {}

    /** One savepoint of one shard, by its id or the end of it. */
    record Savepoint(String id) implements RewindTarget {}

    /**
     * The newest state that contains no record that arrived then or later.
     *
     * @param millis epoch milliseconds
     */
    record Time(long millis) implements RewindTarget {}

    /**
     * The newest state that does not contain this record.
     *
     * @param number its sequence number
     */
    record Sequence(String number) implements RewindTarget {}

    /** Epoch milliseconds have 13 digits until the year 2286, sequence numbers some 56. */
    Pattern EPOCH_MILLIS = Pattern.compile("\\d{12,14}");

    Pattern SEQUENCE = Pattern.compile("\\d{20,128}");
    Pattern AGE = Pattern.compile("(\\d{1,9}(ms|s|m|h|d))+");
    Pattern DATE = Pattern.compile("\\d{4}-\\d{2}.*");
    Pattern STATE_ID = Pattern.compile("[0-9A-Za-z][0-9A-Za-z._:#@-]*");

    /**
     * As a person writes it.
     *
     * @param nowMillis what an age is counted from
     * @throws IllegalArgumentException with the remedy
     */
    static RewindTarget parse(String text, long nowMillis) {
        String word = text.strip().toLowerCase(Locale.ROOT);
        if (word.equals("trim_horizon")) {
            return new TrimHorizon();
        }
        if (word.equals("latest")) {
            return new Latest();
        }
        if (SEQUENCE.matcher(word).matches()) {
            return new Sequence(word);
        }
        if (EPOCH_MILLIS.matcher(word).matches()) {
            return past(text, Long.parseLong(word), nowMillis);
        }
        if (AGE.matcher(word).matches()) {
            return past(text, nowMillis - Quantities.parseDuration("--to", word).toMillis(), nowMillis);
        }
        if (DATE.matcher(text).matches()) {
            try {
                return past(text, OffsetDateTime.parse(text).toInstant().toEpochMilli(), nowMillis);
            } catch (DateTimeParseException e) {
                throw new IllegalArgumentException(
                        "--to (" + text + ") is not a time with an offset; write it like 2026-01-01T06:00:00Z or"
                                + " 2026-01-01T07:00:00+01:00",
                        e);
            }
        }
        if (!STATE_ID.matcher(text).matches() || word.matches("[a-z_]+|\\d{1,3}")) {
            throw new IllegalArgumentException("--to (" + text + ") is none of: a time (2026-01-01T06:00:00Z, epoch"
                    + " milliseconds, or an age such as 2h), a sequence number, TRIM_HORIZON, latest, or the id of a"
                    + " savepoint as 'recover savepoints' lists them");
        }
        return new Savepoint(text);
    }

    /** As it is told: of an age the instant, too, since the age is another tomorrow. */
    static String told(String text, RewindTarget target) {
        boolean age = AGE.matcher(text.strip().toLowerCase(Locale.ROOT)).matches();
        return age && target instanceof Time time ? Instant.ofEpochMilli(time.millis()) + " (" + text + " ago)" : text;
    }

    private static Time past(String text, long millis, long nowMillis) {
        if (millis > nowMillis) {
            throw new IllegalArgumentException("--to (" + text + ") is in the future; name a time that has been");
        }
        return new Time(millis);
    }
}
