package io.processoptimizer.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.event.EventId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventIdsTest {
    private static final long PANE_MILLIS = 7;

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void holdsWhatAMapHolds(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        EventIds ids = new EventIds(PANE_MILLIS);
        Map<String, Long> expected = new HashMap<>();
        for (long i = 0; i < 20_000; i++) {
            String id = "machine-" + random.nextInt(3) + "-" + random.nextInt(1_500);
            assertThat(ids.contains(EventId.digest(id)))
                    .as("%s, step %d", id, i)
                    .isEqualTo(expected.containsKey(id));
            if (!expected.containsKey(id)) {
                long time = i - random.nextInt(50);
                ids.add(EventId.digest(id), time);
                expected.put(id, time);
            }
            if (random.nextInt(300) == 0) {
                long from = (i - random.nextInt(1_000)) / PANE_MILLIS * PANE_MILLIS;
                ids.dropBefore(from);
                expected.values().removeIf(time -> time < from);
            }
            if (random.nextInt(2_000) == 0) {
                ids = restored(ids);
            }
            assertThat(ids.size()).isEqualTo(expected.size());
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2})
    void equalStatesHaveEqualSnapshots(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        EventIds grown = new EventIds(PANE_MILLIS);
        EventIds dropped = new EventIds(PANE_MILLIS);
        for (int i = 0; i < 1_000; i++) {
            dropped.add(EventId.digest("old-" + i), 0);
        }
        for (int i = 0; i < 300; i++) {
            long time = PANE_MILLIS + random.nextInt(40);
            grown.add(EventId.digest("id-" + i), time);
            dropped.add(EventId.digest("id-" + i), time);
        }
        dropped.dropBefore(PANE_MILLIS);
        assertThat(bytes(dropped)).isEqualTo(bytes(grown)).isEqualTo(bytes(restored(grown)));
    }

    private static byte[] bytes(EventIds ids) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ids.write(new DataOutputStream(bytes));
        return bytes.toByteArray();
    }

    private static EventIds restored(EventIds ids) throws IOException {
        EventIds restored = new EventIds(PANE_MILLIS);
        restored.read(new DataInputStream(new ByteArrayInputStream(bytes(ids))));
        return restored;
    }
}
