package io.processoptimizer.replay;

import io.processoptimizer.decode.Words;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;

/**
 * The lines of a text, one after the other, without a copy of each. A line ends with a line feed, or where the text does; a carriage
 * return before it is left out. A line longer than {@link RecordBlock#MAX_LINE_BYTES} is cut there.
 */
final class Lines implements Closeable {
    private static final int READ_BYTES = 1 << 18;
    private static final long LINE_FEEDS = Words.of('\n');

    private final InputStream in;
    private byte[] buffer = new byte[READ_BYTES];
    private int next;
    private int filled;
    private boolean ended;

    private int start;
    private int end;
    private long number;

    Lines(InputStream in) {
        this.in = in;
    }

    /** Moves to the next line; false at the end. */
    boolean next() throws IOException {
        int from = next;
        int scanned = from;
        while (true) {
            int feed = lineFeed(buffer, scanned, filled);
            if (feed < filled) {
                next = feed + 1;
                return line(from, feed);
            }
            if (ended) {
                next = filled;
                return filled > from && line(from, filled);
            }
            int length = filled - from;
            if (length >= RecordBlock.MAX_LINE_BYTES) {
                boolean line = line(from, filled);
                skipRestOfLine();
                return line;
            }
            readMore(from);
            from = 0;
            scanned = length;
        }
    }

    private boolean line(int from, int to) {
        start = from;
        end = to > from && buffer[to - 1] == '\r' ? to - 1 : to;
        number++;
        return true;
    }

    /** Reads on behind the unfinished line that begins at {@code from}, which moves to the front. */
    private void readMore(int from) throws IOException {
        int length = filled - from;
        byte[] target = buffer.length - length >= READ_BYTES / 2 ? buffer : new byte[buffer.length * 2];
        System.arraycopy(buffer, from, target, 0, length);
        buffer = target;
        filled = length;
        next = 0;
        int read = in.read(buffer, filled, buffer.length - filled);
        if (read < 0) {
            ended = true;
        } else {
            filled += read;
        }
    }

    /** The cut line stays readable until the next one is asked for. */
    private void skipRestOfLine() throws IOException {
        byte[] skipped = new byte[READ_BYTES];
        next = 0;
        while (true) {
            int read = in.read(skipped, 0, READ_BYTES);
            if (read < 0) {
                ended = true;
                next = filled;
                return;
            }
            int feed = lineFeed(skipped, 0, read);
            if (feed < read) {
                byte[] joined = new byte[Math.max(buffer.length, filled + READ_BYTES)];
                System.arraycopy(buffer, 0, joined, 0, filled);
                System.arraycopy(skipped, feed + 1, joined, filled, read - feed - 1);
                buffer = joined;
                next = filled;
                filled += read - feed - 1;
                return;
            }
        }
    }

    /** Index of the first line feed in {@code [from, to)}, or {@code to}. */
    private static int lineFeed(byte[] bytes, int from, int to) {
        int at = from;
        for (; at + Long.BYTES <= to; at += Long.BYTES) {
            long marks = Words.equal(Words.at(bytes, at), LINE_FEEDS);
            if (marks != 0) {
                return at + Words.before(marks);
            }
        }
        while (at < to && bytes[at] != '\n') {
            at++;
        }
        return at;
    }

    /** Holds the present line at {@code [start, end)}, until the next one is asked for. */
    byte[] buffer() {
        return buffer;
    }

    int start() {
        return start;
    }

    int end() {
        return end;
    }

    /** Number of the present line, from 1. */
    long number() {
        return number;
    }

    boolean isBlank() {
        for (int i = start; i < end; i++) {
            if (buffer[i] != ' ' && buffer[i] != '\t' && buffer[i] != '\r') {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
