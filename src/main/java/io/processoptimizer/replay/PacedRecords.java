package io.processoptimizer.replay;

import io.processoptimizer.decode.DecodedInput;
import io.processoptimizer.decode.EventDecoder;
import io.processoptimizer.event.ProcessSnapshot;
import io.processoptimizer.event.RejectReason;
import io.processoptimizer.event.TelemetryEvent;
import io.processoptimizer.pipeline.InputRecord;
import io.processoptimizer.replay.RecordBlock.Envelope;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The records of another source, each when it is due: by its arrival, or by its event time where it has none. They stay the same in the
 * same order, so that the results do. Whoever is slower than the speed delays them; none is dropped, and what was missed is made up for.
 */
public final class PacedRecords implements RecordSource {
    /** A pause of the recording that is longer than this, and than {@link #LONGEST_WAIT} to wait for, is skipped: nobody watches it. */
    public static final Duration LONGEST_PAUSE = Duration.ofMinutes(15);

    public static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    /** Further back than any useful lateness: another file begins there. */
    private static final long FAR_BACK_MILLIS = Duration.ofHours(1).toMillis();

    /** Longest sleep without asking whether to stop. */
    private static final long MAX_SLEEP_MILLIS = 250;

    private static final long NONE = Long.MIN_VALUE;

    private final RecordSource source;
    private final Speed speed;
    private final Timer timer;
    private final BooleanSupplier stopped;
    private final EventDecoder decoder;
    private final EventTime eventTime = new EventTime();

    /** Reads, since a read of standard input or a stream may take as long as it likes and a stop may not. */
    private final ExecutorService reader = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "paced-reader");
        thread.setDaemon(true);
        return thread;
    });

    /** What the source said when it was last at rest. */
    private List<String> damages = List.of();

    private List<InputNote> notes = List.of();
    private double progress = Double.NaN;

    private final RecordBlock held = new RecordBlock(new RecordBlock.Spare());
    private int next;
    private long given;
    private boolean cutShort;
    private volatile boolean atEnd;

    /** Where the recording is, epoch milliseconds, as far as it has been handed over. */
    private volatile long atMillis = NONE;

    /** A time of the recording, and when on the timer it was: all others follow from the two. */
    private long anchorMillis;

    private long anchorTimerMillis;

    /** Whether the last record that told a time lay far from where the recording was. */
    private boolean strayed;

    /** Real time, and waiting for it. */
    public interface Timer {
        /** The machine's, which setting its clock does not move. */
        Timer OF_MACHINE = new Timer() {
            @Override
            public long millis() {
                return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
            }

            @Override
            public void sleep(long millis) throws InterruptedException {
                TimeUnit.MILLISECONDS.sleep(millis);
            }
        };

        /** Since some instant. */
        long millis();

        void sleep(long millis) throws InterruptedException;
    }

    /** @param stopped asked often: once it says yes, the input ends */
    public PacedRecords(RecordSource source, Speed speed, Timer timer, BooleanSupplier stopped) {
        this(source, new EventDecoder(), speed, timer, stopped);
    }

    /** @param decoder reads the event times of records without arrival */
    public PacedRecords(RecordSource source, EventDecoder decoder, Speed speed, Timer timer, BooleanSupplier stopped) {
        this.decoder = decoder;
        this.source = source;
        this.speed = speed;
        this.timer = timer;
        this.stopped = stopped;
    }

    @Override
    public boolean fill(RecordBlock block) throws IOException, InterruptedException {
        while (!block.isFull() && !isStopped()) {
            if (next == held.count()) {
                if (block.count() > 0) {
                    return true; // before a read that may take long
                }
                if (!readMore()) {
                    atEnd = true;
                    return false;
                }
            }
            InputRecord record = held.record(next);
            String fault = held.fault(next);
            long wait = millisToWait(fault == null ? timeOf(record) : NONE);
            if (wait > 0) {
                if (block.count() > 0) {
                    return true;
                }
                sleep(wait);
                continue;
            }
            block.add(
                    record.buffer(),
                    record.offset(),
                    record.offset() + record.length(),
                    new Envelope(
                            record.shard(), record.position(), record.partitionKey(), record.arrivalMillis(), fault));
            next++;
            given++;
        }
        atEnd = cutShort && block.count() == 0;
        return block.count() > 0;
    }

    /** False at the end, and where it is asked to stop while whatever feeds the source is silent. */
    private boolean readMore() throws IOException, InterruptedException {
        held.clear();
        next = 0;
        Future<Boolean> filled = reader.submit(() -> source.fill(held));
        while (!isStopped()) {
            try {
                boolean more = filled.get(MAX_SLEEP_MILLIS, TimeUnit.MILLISECONDS);
                damages = source.damages();
                notes = source.notes();
                progress = source.progress();
                return more;
            } catch (TimeoutException silent) {
                // Asked again, unless it is to stop.
            } catch (ExecutionException e) {
                rethrow(e.getCause());
            }
        }
        filled.cancel(true);
        return false;
    }

    private static void rethrow(@Nullable Throwable failure) throws IOException, InterruptedException {
        if (failure instanceof IOException io) {
            throw io;
        }
        if (failure instanceof InterruptedException interrupted) {
            throw interrupted;
        }
        if (failure instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        throw new IllegalStateException("reading the input failed: " + failure, failure);
    }

    private boolean isStopped() {
        cutShort = cutShort || stopped.getAsBoolean();
        return cutShort;
    }

    /** By small steps, and not to the end where it is asked to stop. */
    private void sleep(long millis) throws InterruptedException {
        long until = timer.millis() + millis;
        for (long left = millis; left > 0 && !isStopped(); left = until - timer.millis()) {
            timer.sleep(Math.min(left, MAX_SLEEP_MILLIS));
        }
    }

    /** Until a record of that time is due; moves on to its time where it is. */
    private long millisToWait(long time) {
        if (time == NONE) {
            return 0; // goes with the one before it
        }
        if (atMillis == NONE || (isFar(time) && strayed)) {
            jumpTo(time);
            return 0;
        }
        if (isFar(time)) {
            // A wrong clock, or a pause of the recording: the next record will tell. Neither is waited for.
            strayed = true;
            return 0;
        }
        long wait = anchorTimerMillis + speed.toRealMillis(time - anchorMillis) - timer.millis();
        if (wait <= 0 || time <= atMillis) {
            strayed = false;
            atMillis = Math.max(atMillis, time);
            return 0;
        }
        return wait;
    }

    private boolean isFar(long time) {
        long ahead = time - atMillis;
        return ahead < -FAR_BACK_MILLIS
                || (ahead > LONGEST_PAUSE.toMillis() && speed.toRealMillis(ahead) > LONGEST_WAIT.toMillis());
    }

    private void jumpTo(long time) {
        atMillis = time;
        anchorMillis = time;
        anchorTimerMillis = timer.millis();
        strayed = false;
    }

    private long timeOf(InputRecord record) {
        if (record.arrivalMillis() != TelemetryEvent.ABSENT) {
            return record.arrivalMillis();
        }
        eventTime.latest = NONE;
        decoder.decode(record.buffer(), record.offset(), record.length(), record.arrivalMillis(), eventTime);
        return eventTime.latest;
    }

    /** The latest time that one record tells. */
    private static final class EventTime implements DecodedInput {
        private long latest;

        @Override
        public void event(TelemetryEvent event) {
            latest = Math.max(latest, event.timestampMillis);
        }

        @Override
        public void snapshot(ProcessSnapshot snapshot) {
            latest = Math.max(latest, snapshot.timestampMillis());
        }

        @Override
        public void rejected(RejectReason reason, String detail) {}
    }

    /** Whether all records have been handed over. Any thread may ask. */
    public boolean isAtEnd() {
        return atEnd;
    }

    /** Where the recording is, epoch milliseconds; empty before its first record. Any thread may ask. */
    public OptionalLong atMillis() {
        long at = atMillis;
        return at == NONE ? OptionalLong.empty() : OptionalLong.of(at);
    }

    public Speed speed() {
        return speed;
    }

    @Override
    public List<String> damages() {
        return damages;
    }

    @Override
    public List<InputNote> notes() {
        if (!cutShort) {
            return notes;
        }
        List<InputNote> all = new ArrayList<>(notes);
        all.add(new InputNote.Stopped(given, atMillis == NONE ? null : Long.valueOf(atMillis)));
        return all;
    }

    @Override
    public double progress() {
        return progress;
    }

    @Override
    public void close() throws IOException {
        reader.shutdownNow();
        source.close();
    }
}
