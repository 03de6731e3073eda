package io.processoptimizer.cli;

import io.processoptimizer.emit.WindowResult;
import io.processoptimizer.status.StatusView;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** A live table and the log on one terminal: what is written to standard error meanwhile appears above the table. */
final class TerminalLog implements StatusView {
    private final StatusView table;
    private final PrintStream before = System.err;

    TerminalLog(StatusView table) {
        this.table = table;
        System.setErr(new PrintStream(new Lines(), true, StandardCharsets.UTF_8));
    }

    private final class Lines extends OutputStream {
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();

        @Override
        public synchronized void write(int b) {
            if (b == '\n') {
                table.say(line.toString(StandardCharsets.UTF_8));
                line.reset();
            } else {
                line.write(b);
            }
        }
    }

    @Override
    public void result(WindowResult result) {
        table.result(result);
    }

    @Override
    public void gap(String processId, long fromMillis) {
        table.gap(processId, fromMillis);
    }

    @Override
    public void adjustment(String processId, long windowEndMillis, String text) {
        table.adjustment(processId, windowEndMillis, text);
    }

    @Override
    public void effect(String processId, long windowEndMillis, String text) {
        table.effect(processId, windowEndMillis, text);
    }

    @Override
    public void say(String line) {
        table.say(line);
    }

    @Override
    public void close() {
        System.setErr(before);
        table.close();
    }
}
