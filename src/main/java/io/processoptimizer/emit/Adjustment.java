package io.processoptimizer.emit;

import io.processoptimizer.event.TelemetryEvent;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A call to act on a process, to be published once. Its id depends on the window and not on what is said of it, so that no re-run
 * publishes a second one.
 *
 * @param grounds the final result, revision 0, that it was decided from
 * @param advice of priority high
 * @param source who gave the advice
 * @param closingArrivalMillis when the record that closed the window arrived on the stream, epoch milliseconds, or
 *     {@link TelemetryEvent#ABSENT}
 * @param expiresAtMillis from then on it is neither published nor to be acted on, epoch milliseconds; ABSENT where the arrival is
 * @param withheld decided in the course of a rewind, to be stored and not to be published
 */
public record Adjustment(
        WindowResult grounds,
        Advice advice,
        String source,
        Mode mode,
        long closingArrivalMillis,
        long expiresAtMillis,
        boolean withheld) {
    /** To be published. */
    public Adjustment(
            WindowResult grounds,
            Advice advice,
            String source,
            Mode mode,
            long closingArrivalMillis,
            long expiresAtMillis) {
        this(grounds, advice, source, mode, closingArrivalMillis, expiresAtMillis, false);
    }

    /** The same, to be stored only. */
    public Adjustment asWithheld() {
        return new Adjustment(grounds, advice, source, mode, closingArrivalMillis, expiresAtMillis, true);
    }

    /** What is decided today: pass on advice of high priority. Part of the id, so that another kind can be told apart. */
    public static final String KIND = "recommendation";

    /** 128 bits: collisions are out of the question, and the id stays readable. */
    private static final int ID_BYTES = 16;

    /** 32 hexadecimal digits: the head of SHA-256 over process, window name, window end and kind, separated by NUL. */
    public String id() {
        return id(grounds.processId(), grounds.window(), grounds.endMillis());
    }

    /** The {@link #id()} of the adjustment that is decided from a window. */
    public static String id(String processId, String window, long endMillis) {
        // No name holds a control character, so the parts cannot run into each other.
        String identity = String.join("\0", processId, window, Long.toString(endMillis), KIND);
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(identity.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(Arrays.copyOf(hash, ID_BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Key of the stored item within its process. */
    public String itemId() {
        return itemId(id());
    }

    static String itemId(String id) {
        return "adjustment#" + id;
    }

    /** Whether it is too late to publish it. */
    public boolean isExpired(long nowMillis) {
        return expiresAtMillis != TelemetryEvent.ABSENT && nowMillis >= expiresAtMillis;
    }

    /** What a consumer may do with it. */
    public enum Mode {
        /** Recommendations for people; no parameter changes. */
        ADVISORY("advisory"),
        /** Machines may take over proposed parameter changes, where there are any. */
        CLOSED_LOOP("closed_loop");

        private final String label;

        Mode(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }
    }
}
