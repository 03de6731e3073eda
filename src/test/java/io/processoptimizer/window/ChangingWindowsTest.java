package io.processoptimizer.window;

import static org.assertj.core.api.Assertions.assertThatCode;

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
import org.junit.jupiter.api.Test;

/** Workers that are restarted with other windows: what the ones before have folded away cannot be corrected any more. */
class ChangingWindowsTest {
    private static final int HISTORIES = Integer.getInteger("modes.histories", 200);
    private static final int REACH_PANES = 30;

    /** Corrections and redriven records from far back, to engines that come up with longer and shorter windows. */
    @Test
    void anySequenceOfWindowsTakesWhateverComes() {
        for (long seed = 1; seed <= HISTORIES; seed++) {
            long of = seed;
            assertThatCode(() -> play(of)).as("seed %s", seed).doesNotThrowAnyException();
        }
    }

    private static void play(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        History history = HostileHistories.corrected(seed);
        WindowPolicy policy = history.policy();
        ShardWindows engine = engine(history, policy);
        TelemetryEvent slot = new TelemetryEvent();
        int redrives = 0;
        for (Moment moment : history.moments()) {
            if (moment instanceof Moment.Comes comes && comes.given().event() == null) {
                Acceptance unused = engine.accept(
                        Objects.requireNonNull(comes.given().snapshot()),
                        comes.given().arrival());
            } else if (moment instanceof Moment.Comes comes) {
                for (int copies = random.nextInt(6); copies >= 0; copies--) {
                    comes.given().into(slot);
                    Redriven redriven = null;
                    if (copies > 0) {
                        slot.eventId = 0;
                        slot.timestampMillis -= random.nextLong(policy.paneMillis() * REACH_PANES);
                        redriven = random.nextInt(3) == 0 ? new Redriven("r" + redrives++, random.nextBoolean()) : null;
                    }
                    Acceptance unused = engine.accept(slot, comes.given().arrival(), redriven);
                    slot.reset();
                }
            } else if (moment instanceof Moment.ShardAt shard) {
                engine.advanceTo(shard.now());
            } else {
                engine.showAll();
            }
            if (random.nextInt(8) == 0) {
                policy = random.nextBoolean() ? policy : other(policy, random);
                engine = restarted(engine, history, policy);
            }
        }
        engine.showAll();
    }

    private static WindowPolicy other(WindowPolicy policy, SplittableRandom random) {
        List<WindowDefinition> windows = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(2); i++) {
            long slide = policy.paneMillis() * (1 + random.nextInt(3));
            String name = i == 0 ? policy.windows().get(0).name() : "w" + i;
            windows.add(new WindowDefinition(name, slide * (1 + random.nextInt(12)), slide));
        }
        return new WindowPolicy(
                policy.paneMillis(),
                policy.disorderMillis(),
                policy.paneMillis() * random.nextInt(12),
                policy.idleTimeoutMillis(),
                policy.maxFutureMillis(),
                policy.forgetAfterMillis(),
                windows);
    }

    private static ShardWindows restarted(ShardWindows engine, History history, WindowPolicy policy)
            throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        engine.write(new DataOutputStream(bytes));
        ShardWindows restarted = engine(history, policy);
        restarted.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())), id -> true);
        return restarted;
    }

    private static ShardWindows engine(History history, WindowPolicy policy) {
        return new ShardWindows(
                policy, WindowLimits.DEFAULT, History.MANY_PROCESSES, history.definitions(), new Transcript());
    }
}
