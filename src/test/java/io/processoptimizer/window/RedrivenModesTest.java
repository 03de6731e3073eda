package io.processoptimizer.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.event.TelemetryEvent;
import io.processoptimizer.window.History.Moment;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What an operator offers again, long after its time: it gives the same results to a worker that is restarted after each record. */
class RedrivenModesTest {
    private static final int HISTORIES = Integer.getInteger("modes.histories", 200);

    @Test
    void redrivenRecordsGiveTheSameAfterRestarts() throws IOException {
        List<Acceptance> fates = new ArrayList<>();
        for (long seed = 1; seed <= HISTORIES; seed++) {
            History history = HostileHistories.of(seed);
            Transcript straight = play(history, seed, false, fates);
            Transcript restarted = play(history, seed, true, new ArrayList<>());
            assertThat(Transcript.difference(straight, restarted))
                    .as("seed %s", seed)
                    .isNull();
        }
        assertThat(fates).contains(Acceptance.ACCEPTED, Acceptance.LATE, Acceptance.DUPLICATE);
    }

    /** Each refused event may be redriven a few records later, more than once. */
    private static Transcript play(History history, long seed, boolean restart, List<Acceptance> fates)
            throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        Transcript transcript = new Transcript();
        ShardWindows engine = engine(history, transcript);
        List<Given> refused = new ArrayList<>();
        for (Moment moment : history.moments()) {
            if (moment instanceof Moment.Comes comes) {
                Given given = comes.given();
                Acceptance acceptance = given.event() == null
                        ? engine.accept(Objects.requireNonNull(given.snapshot()), given.arrival())
                        : offer(engine, given, null);
                transcript.acceptances.add(acceptance);
                if (acceptance.reason() != null && given.event() != null) {
                    refused.add(given);
                }
                if (!refused.isEmpty() && random.nextInt(3) == 0) {
                    int which = random.nextInt(refused.size());
                    Redriven redriven = new Redriven("r" + which, random.nextBoolean());
                    Acceptance fate = offer(engine, refused.get(which).arriving(given.arrival()), redriven);
                    transcript.acceptances.add(fate);
                    fates.add(fate);
                }
            } else if (moment instanceof Moment.ShardAt shard) {
                engine.advanceTo(shard.now());
            } else {
                engine.showAll();
            }
            transcript.at++;
            if (restart) {
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                engine.write(new DataOutputStream(bytes));
                engine = engine(history, transcript);
                engine.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())), id -> true);
            }
        }
        return transcript;
    }

    private static Acceptance offer(ShardWindows engine, Given given, @Nullable Redriven redriven) {
        TelemetryEvent slot = new TelemetryEvent();
        given.into(slot);
        return engine.accept(slot, given.arrival(), redriven);
    }

    private static ShardWindows engine(History history, Transcript transcript) {
        return new ShardWindows(
                history.policy(), WindowLimits.DEFAULT, History.MANY_PROCESSES, history.definitions(), transcript);
    }
}
