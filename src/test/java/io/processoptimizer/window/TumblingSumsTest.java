package io.processoptimizer.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.event.Calendar;
import io.processoptimizer.event.ProcessDefinition;
import io.processoptimizer.event.ProcessDefinitions;
import io.processoptimizer.event.StepState;
import io.processoptimizer.event.TelemetryEvent;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Windows that lie beside each other sum up, part for part and watt-hour for watt-hour, to the one that holds them. */
class TumblingSumsTest {
    private static final int HISTORIES = Integer.getInteger("sums.histories", 300);
    private static final long MINUTE = 60_000;
    private static final long HOUR = 60 * MINUTE;
    private static final long SIX = Instant.parse("2026-03-02T06:00:00Z").toEpochMilli();
    private static final int DAYS = 3;

    private static final WindowPolicy POLICY = new WindowPolicy(
            MINUTE,
            5_000,
            2 * HOUR,
            24 * HOUR,
            MINUTE,
            100 * 24 * HOUR,
            List.of(new WindowDefinition("main", HOUR, HOUR), new WindowDefinition("two hours", 2 * HOUR, 2 * HOUR)));

    private static final ProcessDefinition AROUND_THE_CLOCK = ProcessDefinition.DEFAULT.withCalendar(new Calendar(
            ZoneOffset.UTC, List.of(shift(6, 14), shift(14, 22), shift(22, 6)), List.of(), LocalTime.of(6, 0)));

    private static Calendar.Shift shift(int from, int to) {
        return new Calendar.Shift(
                "from " + from, EnumSet.allOf(DayOfWeek.class), LocalTime.of(from, 0), LocalTime.of(to, 0), List.of());
    }

    @Test
    void shiftsSumUpToTheDayWhereRejectsAreReadApartFromTheirParts() {
        long two = SIX + 8 * HOUR;
        List<Given> records = List.of(
                at(SIX).processedTotal(100),
                at(SIX + 1_000).rejectTotal(5),
                at(two - 1_000).processedTotal(110),
                at(two + 1_000).rejectTotal(8),
                at(two + HOUR).processedTotal(120),
                at(SIX + 27 * HOUR).good(1));
        Transcript transcript =
                History.of(POLICY, (id, millis) -> AROUND_THE_CLOCK, records).play();
        assertThat(made(transcript, "shift")).containsExactly("10+0", "7+3");
        assertThat(made(transcript, "day")).containsExactly("17+3");
    }

    private static List<String> made(Transcript transcript, String window) {
        List<String> made = new ArrayList<>();
        for (WindowFacts facts : transcript.facts) {
            if (facts.window().equals(window) && !facts.steps().get(0).parts().isEmpty()) {
                StepFacts.PartCounts parts = facts.steps().get(0).parts().get(0);
                made.add(parts.good() + "+" + parts.reject());
            }
        }
        return made;
    }

    @Test
    void windowsBesideEachOtherSumUpToTheOneThatHoldsThem() {
        for (long seed = 1; seed <= HISTORIES; seed++) {
            ProcessDefinitions definitions = (id, millis) -> AROUND_THE_CLOCK;
            History history = History.of(POLICY, definitions, draw(new SplittableRandom(seed)));
            Map<String, Map<Long, long[]>> sums = sums(history.play());
            assertSum(seed, sums, "main", HOUR, "two hours", 2 * HOUR);
            assertSum(seed, sums, "shift", 8 * HOUR, "day", 24 * HOUR);
            assertSum(seed, sums, "two hours", 2 * HOUR, "shift", 8 * HOUR);
            assertThat(sums.get("day")).as("seed %s", seed).hasSize(DAYS);
        }
    }

    private static void assertSum(
            long seed, Map<String, Map<Long, long[]>> sums, String parts, long length, String whole, long wholeLength) {
        Map<Long, long[]> wholes = sums.getOrDefault(whole, Map.of());
        for (long end = SIX + wholeLength; end <= SIX + DAYS * 24 * HOUR; end += wholeLength) {
            long[] expected = new long[SUMS];
            for (long at = end - wholeLength + length; at <= end; at += length) {
                long[] part = sums.getOrDefault(parts, Map.of()).getOrDefault(at, new long[SUMS]);
                Arrays.setAll(expected, i -> expected[i] + part[i]);
            }
            assertThat(wholes.getOrDefault(end, new long[SUMS]))
                    .as("seed %s, %s that ends at %s", seed, whole, Instant.ofEpochMilli(end))
                    .containsExactly(expected);
        }
    }

    private static final int SUMS = 7;

    /** Of each window by its end: good, reject, startup reject, rework, unplanned good, energy while running, other energy. */
    private static Map<String, Map<Long, long[]>> sums(Transcript transcript) {
        Map<String, Map<Long, long[]>> sums = new HashMap<>();
        for (WindowFacts facts : transcript.facts) {
            long[] sum = new long[SUMS];
            for (StepFacts step : facts.steps()) {
                for (StepFacts.PartCounts parts : step.parts()) {
                    assertThat(Math.min(parts.good(), parts.reject())).isNotNegative();
                    sum[0] += parts.good();
                    sum[1] += parts.reject();
                    sum[2] += parts.startupReject();
                    sum[3] += parts.rework();
                }
                sum[4] += step.unplannedGood();
                sum[5] += step.energyRunningMilliwattHours();
                sum[6] += step.energyOtherMilliwattHours();
            }
            sums.computeIfAbsent(facts.window(), name -> new TreeMap<>()).put(facts.endMillis(), sum);
        }
        return sums;
    }

    /** Counters that are read apart, set back, or jump, and parts, within the lateness; then all windows close. */
    private static List<Given> draw(SplittableRandom random) {
        List<Given> records = new ArrayList<>();
        long[] totals = {random.nextInt(100), random.nextInt(10)};
        records.add(at(SIX).product("A"));
        long time = SIX;
        while (time < SIX + DAYS * 24 * HOUR) {
            records.add(Given.event("P1", "S" + random.nextInt(2), Math.max(SIX, time - late(random)))
                    .with(event -> fill(event, totals, random)));
            time += 1 + random.nextLong(random.nextInt(4) == 0 ? 3 * HOUR : 10 * MINUTE);
        }
        records.add(at(SIX + DAYS * 24 * HOUR + HOUR).product("A"));
        return records;
    }

    private static long late(SplittableRandom random) {
        return random.nextInt(5) == 0 ? random.nextLong(2 * HOUR) : 0;
    }

    private static void fill(TelemetryEvent event, long[] totals, SplittableRandom random) {
        totals[0] = next(totals[0], 20, random);
        totals[1] = next(totals[1], 8, random);
        int kind = random.nextInt(5);
        event.processedTotal = kind == 0 || kind == 1 ? totals[0] : TelemetryEvent.ABSENT;
        event.rejectTotal = kind == 1 || kind == 2 ? totals[1] : TelemetryEvent.ABSENT;
        event.state = random.nextInt(4) == 0 ? StepState.ofCode(random.nextInt(8)) : null;
        event.product = random.nextInt(6) == 0 ? "A" + random.nextInt(2) : null;
        if (kind == 3) {
            event.good = random.nextInt(5);
            event.reject = random.nextInt(3);
            event.startupReject = random.nextLong(event.reject + 1);
            event.rework = random.nextInt(2);
            event.idealCycleMicros = random.nextBoolean() ? 1_000 : TelemetryEvent.ABSENT;
        }
        event.energyMilliwattHours = kind == 4 ? random.nextInt(1_000) : TelemetryEvent.ABSENT;
    }

    private static long next(long total, int most, SplittableRandom random) {
        return switch (random.nextInt(20)) {
            case 0 -> random.nextInt(most);
            case 1 -> total + random.nextInt(1_000);
            default -> total + random.nextInt(most);
        };
    }

    private static Given at(long time) {
        return Given.event("P1", "S0", time);
    }
}
