package io.processoptimizer.status;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The terminal that standard output is, asked for its size now and then since a person resizes it. */
public final class Terminal {
    private static final Size USUAL = new Size(80, 24);
    private static final Pattern SIZE = Pattern.compile("(\\d{1,5}) (\\d{1,5})");

    /** A resize shows within this. */
    private static final long ASK_EVERY_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final long ANSWER_MILLIS = 1_000;

    private final boolean colour;
    private Size size = USUAL;
    private long askedNanos = System.nanoTime() - ASK_EVERY_NANOS;

    /** Columns and lines, each at least 20 and 5. */
    public record Size(int columns, int lines) {
        public Size {
            columns = Math.max(20, columns);
            lines = Math.max(5, lines);
        }
    }

    /** @param colour whether it understands colours and a person wants them */
    public Terminal(boolean colour) {
        this.colour = colour;
    }

    boolean hasColour() {
        return colour;
    }

    synchronized Size size() {
        long now = System.nanoTime();
        if (now - askedNanos >= ASK_EVERY_NANOS) {
            askedNanos = now;
            size = ask();
        }
        return size;
    }

    private Size ask() {
        try {
            Process stty = new ProcessBuilder("sh", "-c", "stty size < /dev/tty")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!stty.waitFor(ANSWER_MILLIS, TimeUnit.MILLISECONDS)) {
                stty.destroyForcibly();
                return size;
            }
            String answer = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            Matcher matcher = SIZE.matcher(answer.trim());
            if (matcher.matches()) {
                int lines = Integer.parseInt(matcher.group(1));
                int columns = Integer.parseInt(matcher.group(2));
                return lines > 0 && columns > 0 ? new Size(columns, lines) : USUAL;
            }
        } catch (IOException e) {
            // No stty here: the usual size does.
            return size;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return size;
    }
}
