package io.processoptimizer.window;

import io.processoptimizer.event.ProcessDefinitions;
import io.processoptimizer.event.TelemetryEvent;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** A stream of records under a policy, and the ways to play it to an engine. */
record History(WindowPolicy policy, ProcessDefinitions definitions, List<Moment> moments) {
    static final int MANY_PROCESSES = 100;

    /** Something that happens to an engine. */
    sealed interface Moment {
        /** A record comes. */
        record Comes(Given given) implements Moment {}

        /** The shard has nothing older to deliver. */
        record ShardAt(long now) implements Moment {}

        /** Somebody looks at everything there is. */
        record EverythingIsShown() implements Moment {}
    }

    static History of(WindowPolicy policy, List<Given> records) {
        return of(policy, ProcessDefinitions.DEFAULTS, records);
    }

    static History of(WindowPolicy policy, ProcessDefinitions definitions, List<Given> records) {
        return new History(
                policy,
                definitions,
                List.copyOf(records.stream().map(Moment.Comes::new).toList()));
    }

    List<Given> records() {
        List<Given> records = new ArrayList<>();
        for (Moment moment : moments) {
            if (moment instanceof Moment.Comes comes) {
                records.add(comes.given());
            }
        }
        return records;
    }

    History withMoments(List<? extends Moment> other) {
        return new History(policy, definitions, List.copyOf(other));
    }

    History withRecords(List<Given> records) {
        return of(policy, definitions, records);
    }

    /** As it stands. */
    Transcript play() {
        return play(false);
    }

    /** With a snapshot, and a new engine that goes on from it, after each moment. */
    Transcript playRestartingAlways() {
        return play(true);
    }

    private Transcript play(boolean restart) {
        Transcript transcript = new Transcript();
        ShardWindows engine = engine(transcript);
        TelemetryEvent slot = new TelemetryEvent();
        for (Moment moment : moments) {
            if (moment instanceof Moment.Comes comes) {
                Given given = comes.given();
                if (given.event() == null) {
                    transcript.acceptances.add(
                            engine.accept(java.util.Objects.requireNonNull(given.snapshot()), given.arrival()));
                } else {
                    given.into(slot);
                    transcript.acceptances.add(engine.accept(slot, given.arrival()));
                    slot.reset();
                }
            } else if (moment instanceof Moment.ShardAt shard) {
                engine.advanceTo(shard.now());
            } else {
                engine.showAll();
            }
            transcript.at++;
            if (restart) {
                engine = restarted(engine, transcript);
            }
        }
        return transcript;
    }

    private ShardWindows engine(WindowOutput output) {
        return new ShardWindows(policy, WindowLimits.DEFAULT, MANY_PROCESSES, definitions, output);
    }

    /** A new engine in the state of another; what it would write is what it read. */
    private ShardWindows restarted(ShardWindows engine, WindowOutput output) {
        try {
            byte[] written = bytes(engine);
            ShardWindows restored = engine(output);
            restored.read(new DataInputStream(new ByteArrayInputStream(written)), id -> true);
            if (!java.util.Arrays.equals(written, bytes(restored))) {
                throw new AssertionError("a restored engine writes another snapshot than it was restored from");
            }
            return restored;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] bytes(ShardWindows engine) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        engine.write(new DataOutputStream(bytes));
        return bytes.toByteArray();
    }

    /** What the naive model says of it. */
    Transcript playNaively() {
        Transcript transcript = new Transcript();
        NaiveWindows model = new NaiveWindows(policy, definitions, transcript);
        for (Moment moment : moments) {
            if (moment instanceof Moment.Comes comes) {
                transcript.acceptances.add(model.accept(comes.given()));
            } else if (moment instanceof Moment.ShardAt shard) {
                model.advanceTo(shard.now());
            } else {
                model.showAll();
            }
            transcript.at++;
        }
        return transcript;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(policy.toString());
        for (int i = 0; i < moments.size(); i++) {
            Moment moment = moments.get(i);
            text.append("\n  ")
                    .append(i)
                    .append(": ")
                    .append(moment instanceof Moment.Comes comes ? comes.given() : moment);
        }
        return text.toString();
    }
}
