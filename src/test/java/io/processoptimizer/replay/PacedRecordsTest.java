package io.processoptimizer.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.event.TelemetryEvent;
import io.processoptimizer.pipeline.ShardRange;
import io.processoptimizer.replay.RecordBlock.Envelope;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PacedRecordsTest {
    private static final long START = Instant.parse("2026-03-02T06:00:00Z").toEpochMilli();
    private static final long ABSENT = TelemetryEvent.ABSENT;

    private final List<Line> lines = new ArrayList<>();
    private final SimulatedTimer timer = new SimulatedTimer();

    private record Line(long arrivalMillis, String text) {}

    @Test
    void aMinuteOfArrivalsTakesASecondAt60x() throws IOException, InterruptedException {
        for (int i = 0; i <= 12; i++) {
            lines.add(new Line(START + i * 10_000L, "{}"));
        }

        assertThat(givenAt("60x"))
                .containsExactly(0L, 167L, 333L, 500L, 667L, 833L, 1000L, 1167L, 1333L, 1500L, 1667L, 1833L, 2000L);
    }

    @Test
    void aRawRecordIsDueAtItsEventTimeAndWhatTellsNoTimeGoesWithTheOneBefore()
            throws IOException, InterruptedException {
        raw(0);
        raw(60);
        lines.add(new Line(ABSENT, "rubbish"));
        raw(90);

        assertThat(givenAt("30")).containsExactly(0L, 2_000L, 2_000L, 3_000L);
    }

    @Test
    void aRecordOutOfOrderIsNotWaitedForAndDoesNotTurnTheTimeBack() throws IOException, InterruptedException {
        raw(0);
        raw(20);
        raw(5);
        raw(30);

        assertThat(givenAt("10x")).containsExactly(0L, 2_000L, 2_000L, 3_000L);
    }

    @Test
    void slowerThanItWasIsPossible() throws IOException, InterruptedException {
        raw(0);
        raw(4);

        assertThat(givenAt("0.5x")).containsExactly(0L, 8_000L);
    }

    @Test
    void aWeekendIsSkippedAndALunchIsNot() throws IOException, InterruptedException {
        raw(0);
        raw(50 * 60); // fifty minutes: fifty seconds to wait
        raw(50 * 60 + 48 * 3600);
        raw(50 * 60 + 48 * 3600 + 60);
        raw(50 * 60 + 48 * 3600 + 120);

        // The first record after the pause might be a wrong clock; the second tells that the time has moved on.
        assertThat(givenAt("60x")).containsExactly(0L, 50_000L, 50_000L, 50_000L, 51_000L);
    }

    @Test
    void aShortPauseIsWaitedForHoweverLongItTakes() throws IOException, InterruptedException {
        raw(0);
        raw(600);

        assertThat(givenAt("0.5x")).containsExactly(0L, 1_200_000L);
    }

    @Test
    void oneWrongClockNeitherStopsThePaceNorEndsIt() throws IOException, InterruptedException {
        raw(0);
        raw(60);
        raw(Duration.ofDays(30_000).toSeconds());
        raw(120);
        raw(-90_000);
        raw(180);

        assertThat(givenAt("60x")).containsExactly(0L, 1_000L, 1_000L, 2_000L, 2_000L, 3_000L);
    }

    @Test
    void theNextFileOfRawRecordsBeginsAtItsOwnTime() throws IOException, InterruptedException {
        raw(8 * 3600);
        raw(8 * 3600 + 60);
        raw(0);
        raw(60);
        raw(120);

        assertThat(givenAt("60x")).containsExactly(0L, 1_000L, 1_000L, 1_000L, 2_000L);
    }

    @Test
    void whoeverIsSlowMakesUpForItAndLosesNothing() throws IOException, InterruptedException {
        for (int i = 0; i < 5; i++) {
            raw(i * 60L);
        }
        timer.work = 1_500;

        assertThat(givenAt("60x")).containsExactly(0L, 1_500L, 3_000L, 3_000L, 4_500L);
    }

    @Test
    void aStopEndsTheInputWithinAQuarterOfASecondAndIsTold() throws IOException, InterruptedException {
        raw(0);
        raw(800);
        timer.stopAt = 5_100;
        PacedRecords paced = paced("1x");

        assertThat(givenAt(paced)).containsExactly(0L);
        assertThat(timer.now).isBetween(5_100L, 5_350L);
        assertThat(paced.notes()).containsExactly(new InputNote.Stopped(1, START));
        assertThat(paced.notes().get(0).text())
                .isEqualTo("stopped at 2026-03-02T06:00:00Z, after 1 record; the results are those of the records"
                        + " until then");
    }

    /** Nothing comes from standard input, say, when the stop comes. */
    @Test
    void aStopDoesNotWaitForAReadThatTakesForever() throws IOException, InterruptedException {
        SilentInput input = new SilentInput();
        PacedRecords paced =
                new PacedRecords(input, Speed.parse("--speed", "1x"), timer, () -> input.reading.getCount() == 0);

        assertThat(paced.fill(new RecordBlock(new RecordBlock.Spare()))).isFalse();
        assertThat(paced.notes()).hasSize(1);
        await().atMost(Duration.ofMinutes(1)).untilTrue(input.interrupted);
        paced.close();
    }

    @Test
    void aReplayThatCameToItsEndHasNothingToTell() throws IOException, InterruptedException {
        raw(0);
        PacedRecords paced = paced("1x");

        assertThat(givenAt(paced)).containsExactly(0L);
        assertThat(paced.notes()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"60x, 60x", "60, 60x", "0.5X, 0.5x", "' 1x ', 1x", "1.50x, 1.5x", "100, 100x"})
    void aSpeedIsReadAsAPersonWritesIt(String text, String speed) {
        assertThat(Speed.parse("--speed", text)).hasToString(speed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "0",
                "0x",
                "0.000x",
                "-1",
                "fast",
                "1e3",
                "NaN",
                "60 xx",
                "x60",
                "1/2",
                "60,5x",
                "Infinity"
            })
    void whatIsNoSpeedIsToldWithTheRemedy(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Speed.parse("--speed", text))
                .withMessageStartingWith("--speed (" + text + ") is no factor above 0; write it like 60x");
    }

    // ---- the simulation

    private void raw(long second) {
        lines.add(new Line(
                ABSENT, "{\"process_id\":\"P\",\"timestamp\":" + (START + second * 1_000) + ",\"state\":\"RUNNING\"}"));
    }

    private PacedRecords paced(String speed) {
        return new PacedRecords(
                new Lines(lines.iterator()), Speed.parse("--speed", speed), timer, () -> timer.now >= timer.stopAt);
    }

    private List<Long> givenAt(String speed) throws IOException, InterruptedException {
        return givenAt(paced(speed));
    }

    /** When each record was handed over, on the timer. */
    private List<Long> givenAt(PacedRecords paced) throws IOException, InterruptedException {
        List<Long> given = new ArrayList<>();
        RecordBlock block = new RecordBlock(new RecordBlock.Spare());
        for (block.clear(); paced.fill(block); block.clear()) {
            for (int i = 0; i < block.count(); i++) {
                given.add(timer.now);
            }
            timer.now += timer.work;
        }
        return given;
    }

    private static final class SimulatedTimer implements PacedRecords.Timer {
        private long now;
        private long work;
        private long stopAt = Long.MAX_VALUE;

        @Override
        public long millis() {
            return now;
        }

        @Override
        public void sleep(long millis) {
            assertThat(millis).isPositive();
            now += millis;
        }
    }

    /** Two lines a block, so that blocks end at other places than pauses. */
    private static class Lines implements RecordSource {
        private static final ShardRange SHARD = ShardRange.whole("s");

        private final Iterator<Line> lines;

        Lines(Iterator<Line> lines) {
            this.lines = lines;
        }

        @Override
        public boolean fill(RecordBlock block) {
            for (int i = 0; i < 2 && lines.hasNext(); i++) {
                Line line = lines.next();
                byte[] bytes = line.text.getBytes(StandardCharsets.UTF_8);
                block.add(
                        bytes,
                        0,
                        bytes.length,
                        new Envelope(SHARD, new RecordPosition("1", 0), null, line.arrivalMillis, null));
            }
            return block.count() > 0;
        }

        @Override
        public List<String> damages() {
            return List.of();
        }

        @Override
        public double progress() {
            return Double.NaN;
        }

        @Override
        public void close() {}
    }

    private static final class SilentInput extends Lines {
        private final CountDownLatch reading = new CountDownLatch(1);
        private final AtomicBoolean interrupted = new AtomicBoolean();

        SilentInput() {
            super(Collections.emptyIterator());
        }

        @Override
        public boolean fill(RecordBlock block) {
            reading.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.set(true);
            }
            return false;
        }
    }
}
