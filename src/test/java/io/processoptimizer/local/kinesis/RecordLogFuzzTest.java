package io.processoptimizer.local.kinesis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a plain list. */
class RecordLogFuzzTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 20_260_101})
    void sameRecordsAsAPlainListAfterAnyAppendsAndTrims(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        RecordLog log = new RecordLog();
        List<StoredRecord> held = new ArrayList<>();
        long now = 1;
        long next = 1;
        for (int step = 0; step < 5_000; step++) {
            if (random.nextInt(50) > 0) {
                now += random.nextInt(3);
                StoredRecord record = new StoredRecord(next++, now, "k", new byte[random.nextInt(10)]);
                log.append(record);
                held.add(record);
            } else {
                long horizon = now - random.nextInt(200);
                long freed = held.stream()
                        .filter(record -> record.arrivalMillis() < horizon)
                        .mapToLong(StoredRecord::storedBytes)
                        .sum();
                held.removeIf(record -> record.arrivalMillis() < horizon);
                assertThat(log.trim(horizon)).as("seed %s", seed).isEqualTo(freed);
            }
            assertThat(log.next()).isEqualTo(next);
            assertThat(log.first()).isEqualTo(next - held.size());
            long time = now - random.nextInt(250);
            long expected = held.stream()
                    .filter(record -> record.arrivalMillis() >= time)
                    .mapToLong(StoredRecord::position)
                    .findFirst()
                    .orElse(next);
            assertThat(log.firstArrivedAtOrAfter(time)).as("seed %s", seed).isEqualTo(expected);
            if (!held.isEmpty()) {
                StoredRecord any = held.get(random.nextInt(held.size()));
                assertThat(log.get(any.position())).isSameAs(any);
            }
        }
    }
}
