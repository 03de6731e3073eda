package io.processoptimizer.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PacerTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:30.500Z");

    /** A clock that only sleeping moves. */
    private static final class FakeClock implements InstantSource, Pacer.Sleeper {
        long millis = NOW.toEpochMilli();

        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(millis);
        }

        @Override
        public void sleep(long forMillis) {
            millis += forMillis;
        }
    }

    /** Notes when each record came. */
    private static final class Receiver implements TelemetrySink {
        final FakeClock clock;
        final List<TelemetryRecord> records = new ArrayList<>();
        final List<Long> receivedAt = new ArrayList<>();
        final List<Integer> batches = new ArrayList<>();
        long costMillis;

        Receiver(FakeClock clock) {
            this.clock = clock;
        }

        @Override
        public void put(List<TelemetryRecord> batch) {
            batches.add(batch.size());
            for (TelemetryRecord record : batch) {
                records.add(record);
                receivedAt.add(clock.millis());
            }
            clock.millis += costMillis;
        }

        @Override
        public void close() {}
    }

    private final FakeClock clock = new FakeClock();
    private final Receiver receiver = new Receiver(clock);
    private final Pacer pacer = new Pacer(clock, clock);

    @Test
    void sixtyTimesAsFastSendsAnHourInAMinute() throws IOException, InterruptedException {
        Pace pace = Pace.openEnded(NOW, 60, Duration.ofHours(10));
        Iterator<TelemetryRecord> hour =
                Factory.events(SimulationOptions.startingAt(pace.eventStart()).withLength(Duration.ofHours(1)));

        Pacer.Sent sent = pacer.run(hour, pace, receiver, () -> false);

        assertThat(clock.millis - NOW.toEpochMilli()).isBetween(60_000L, 60_000L + 11_000);
        assertThat(sent.records()).isEqualTo(receiver.records.size()).isGreaterThan(10_000);
        assertThat(sent.maxLagMillis()).isLessThanOrEqualTo(50);
        assertThat(receiver.batches).allMatch(size -> size <= TelemetrySink.MAX_BATCH_RECORDS);
    }

    @Test
    void eventTimeNeverOvertakesTheWallClock() throws IOException, InterruptedException {
        Pace pace = Pace.openEnded(NOW, 60, Duration.ofMinutes(30));
        Iterator<TelemetryRecord> events =
                Factory.events(SimulationOptions.startingAt(pace.eventStart()).withLength(Duration.ofMinutes(45)));

        pacer.run(events, pace, receiver, () -> false);

        for (int i = 0; i < receiver.records.size(); i++) {
            long arrival = receiver.records.get(i).arrivalMillis();
            assertThat(arrival).isLessThanOrEqualTo(receiver.receivedAt.get(i));
            if (arrival > NOW.plusSeconds(60).toEpochMilli()) {
                assertThat(receiver.receivedAt.get(i))
                        .as("caught up: sent when it happens")
                        .isLessThanOrEqualTo(arrival + 50);
            }
        }
    }

    @Test
    void aPlannedRunIsFastToItsEndAndEndsBeforeNow() {
        Pace pace = Pace.over(NOW, 20, Duration.ofMinutes(3));

        assertThat(pace.eventStart()).isEqualTo(Instant.parse("2026-03-01T11:00:00Z"));
        assertThat(pace.eventTime(Duration.ofMinutes(3))).isEqualTo(Duration.ofHours(1));
        long end = pace.eventStart().plus(Duration.ofHours(1)).toEpochMilli();
        assertThat(pace.dueMillis(end))
                .isEqualTo(NOW.plus(Duration.ofMinutes(3)).toEpochMilli());
    }

    @Test
    void atFactorOneRecordsGoOutWhenTheyHappen() {
        Pace pace = Pace.openEnded(NOW, 1, Duration.ZERO);

        assertThat(pace.eventStart()).isEqualTo(NOW);
        assertThat(pace.dueMillis(NOW.toEpochMilli() + 7)).isEqualTo(NOW.toEpochMilli() + 7);
    }

    @Test
    void batchesKeepToTheLimitsOfPutRecords() throws IOException, InterruptedException {
        Iterator<TelemetryRecord> big = IntStream.range(0, 20)
                .mapToObj(i -> new TelemetryRecord(i, "PROC-001", new byte[1_000_000], TelemetryRecord.Kind.STATE))
                .iterator();

        Pacer.Sent sent = Pacer.copy(big, receiver);

        assertThat(receiver.batches).containsExactly(5, 5, 5, 5);
        assertThat(sent).isEqualTo(new Pacer.Sent(20, 20 * 1_000_008L, 4, 0));
    }

    @Test
    void stoppingEndsTheRunAndSendsWhatWasGathered() throws IOException, InterruptedException {
        Pace pace = Pace.openEnded(NOW, 60, Duration.ofHours(10));
        Iterator<TelemetryRecord> endless = Factory.events(SimulationOptions.startingAt(pace.eventStart()));
        long stopAt = NOW.plusSeconds(5).toEpochMilli();

        pacer.run(endless, pace, receiver, () -> clock.millis() >= stopAt);

        assertThat(clock.millis).isBetween(stopAt, stopAt + 250);
        assertThat(receiver.records).isNotEmpty();
    }

    @Test
    void aSlowSinkIsToldAsLag() throws IOException, InterruptedException {
        receiver.costMillis = 2_000;
        Pace pace = Pace.openEnded(NOW, 60, Duration.ofHours(10));
        Iterator<TelemetryRecord> events =
                Factory.events(SimulationOptions.startingAt(pace.eventStart()).withLength(Duration.ofMinutes(20)));

        assertThat(pacer.run(events, pace, receiver, () -> false).maxLagMillis())
                .isGreaterThan(1_000);
    }

    @Test
    void aFactoryStartedAgainGoesOnAfterItsNewestRecord() {
        Pace pace = Pace.openEnded(NOW, 60, Duration.ofHours(1));

        assertThat(pace.notBefore(NOW.minusSeconds(600)).eventStart()).isEqualTo(NOW.minusSeconds(600));
        assertThat(pace.notBefore(NOW.minusSeconds(7_200))).isEqualTo(pace);
        assertThat(pace.notBefore(NOW.plusSeconds(9)).eventStart()).isEqualTo(NOW);
    }

    @Test
    void impossiblePacesAreRefused() {
        assertThatThrownBy(() -> Pace.openEnded(NOW, 0.5, Duration.ZERO)).hasMessageContaining("time factor is 0.5");
        assertThatThrownBy(() -> new Pace(1, 0, 1)).hasMessageContaining("start in the past");
    }
}
