package io.processoptimizer.cli;

import io.processoptimizer.config.Configuration;
import io.processoptimizer.config.Settings;
import io.processoptimizer.decode.EventDecoder;
import io.processoptimizer.emit.Outputs;
import io.processoptimizer.replay.PacedRecords;
import io.processoptimizer.replay.RecordSource;
import io.processoptimizer.replay.Replayer;
import io.processoptimizer.replay.Speed;
import io.processoptimizer.status.LiveTable;
import io.processoptimizer.status.PlainLines;
import io.processoptimizer.status.StatusView;
import io.processoptimizer.status.Terminal;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Locale;

/**
 * A replay at a speed that a person follows: it shows what the worker would have shown, a table on a terminal or a line a closed window
 * in a pipe, and a signal ends its input, so that what came until then is written as usual.
 */
final class Pacing implements Replayer.Progress, AutoCloseable {
    /** For the results until then to be put in order and written. */
    private static final Duration STOP_WITHIN = Duration.ofSeconds(20);

    private final StopSignal signal = new StopSignal(STOP_WITHIN);
    private final PacedRecords records;
    private final StatusView view;
    private final String window;
    private ExitCode outcome = ExitCode.UNEXPECTED;
    private volatile String headline = "";

    /** @param source closed with this */
    Pacing(Speed speed, RecordSource source, Configuration configuration, Surroundings surroundings, PrintWriter out) {
        Settings settings = configuration.settings();
        records = new PacedRecords(
                source,
                new EventDecoder(EventDecoder.DEFAULT_MAX_RECORD_BYTES, configuration.mappings()),
                speed,
                PacedRecords.Timer.OF_MACHINE,
                () -> signal.received().isDone());
        window = settings.windowPolicy().defaultWindow().name();
        view = surroundings.terminal()
                ? new TerminalLog(new LiveTable(
                        out,
                        new Terminal(surroundings.colours()),
                        new LiveTable.Shape(
                                settings.live().refresh(), settings.live().rows()),
                        new RecordedTime(records),
                        () -> headline))
                : new PlainLines(out);
    }

    RecordSource records() {
        return records;
    }

    /** Shows what it is told, but for the windows that are open at the end: those are of the summary, not of any moment. */
    Outputs watcher() {
        return new ShownOutputs(
                view, result -> result.window().equals(window) && (result.isFinal() || !records.isAtEnd()));
    }

    @Override
    public void read(long read, double fraction) {
        headline = String.format(Locale.ROOT, "at %s, %,d records", records.speed(), read)
                + (Double.isNaN(fraction) ? "" : String.format(Locale.ROOT, ", %.0f %% of the input", fraction * 100));
    }

    /** The last state stays on the terminal, and what is said of the whole follows. */
    @Override
    public void sorting() {
        view.close();
    }

    /** What the process ends with where a signal ended the replay. */
    void ended(ExitCode code) {
        outcome = code;
    }

    @Override
    public void close() throws IOException {
        view.close();
        try {
            records.close();
        } finally {
            signal.finished(outcome);
        }
    }

    /** The clock of what is shown: the recording's time, so that ages are those that they had. */
    private static final class RecordedTime extends Clock {
        private final PacedRecords records;

        RecordedTime(PacedRecords records) {
            this.records = records;
        }

        @Override
        public long millis() {
            return records.atMillis().orElseGet(System::currentTimeMillis);
        }

        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(millis());
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException("a recording's time is shown in UTC only");
        }
    }
}
