package io.processoptimizer.cli;

import java.io.Writer;
import java.util.function.Consumer;

/** Hands on what is written to it a line at a time, without the line's end; the last line when it is closed. */
final class LineWriter extends Writer {
    private final Consumer<String> lines;
    private final StringBuilder line = new StringBuilder();

    LineWriter(Consumer<String> lines) {
        this.lines = lines;
    }

    @Override
    public void write(char[] characters, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            if (characters[i] == '\n') {
                handOn();
            } else {
                line.append(characters[i]);
            }
        }
    }

    private void handOn() {
        lines.accept(line.toString());
        line.setLength(0);
    }

    @Override
    public void flush() {
        // A line is handed on when it is whole.
    }

    @Override
    public void close() {
        if (line.length() > 0) {
            handOn();
        }
    }
}
