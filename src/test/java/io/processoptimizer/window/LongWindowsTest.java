package io.processoptimizer.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.event.Calendar;
import io.processoptimizer.event.Calendar.Break;
import io.processoptimizer.event.Calendar.Shift;
import io.processoptimizer.event.ProcessDefinition;
import io.processoptimizer.event.ProcessDefinitions;
import io.processoptimizer.event.StepState;
import io.processoptimizer.event.TelemetryEvent;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Shift and day windows: what they say, and that their state does not grow with their length. */
class LongWindowsTest {
    private static final long MINUTE = 60_000;
    private static final long HOUR = 60 * MINUTE;

    /** Monday, 06:00 in Berlin. */
    private static final long SIX = Instant.parse("2026-03-02T05:00:00Z").toEpochMilli();

    private static final ProcessDefinitions THREE_SHIFTS = definitions(new Calendar(
            ZoneId.of("Europe/Berlin"),
            List.of(
                    shift("early", "06:00", "14:00", new Break(LocalTime.of(9, 0), LocalTime.of(9, 30))),
                    shift("late", "14:00", "22:00"),
                    shift("night", "22:00", "06:00")),
            List.of(),
            LocalTime.of(6, 0)));

    private static Shift shift(String name, String start, String end, Break... breaks) {
        return new Shift(
                name, EnumSet.allOf(DayOfWeek.class), LocalTime.parse(start), LocalTime.parse(end), List.of(breaks));
    }

    private static ProcessDefinitions definitions(Calendar calendar) {
        ProcessDefinition definition = ProcessDefinition.DEFAULT.withCalendar(calendar);
        return (processId, at) -> definition;
    }

    /** One part a minute while running; ten minutes down in each hour, and now and then a late record. */
    private static List<Given> production(long from, long hours) {
        List<Given> records = new ArrayList<>();
        for (long minute = 0; minute < hours * 60; minute++) {
            long time = from + minute * MINUTE;
            StepState state = minute % 60 < 10 ? StepState.DOWN : StepState.RUNNING;
            Given given = Given.event("P", "S", time).state(state).energy(7);
            records.add(state == StepState.RUNNING ? given.good(1).product("A" + minute % 3) : given);
            if (minute % 97 == 50) {
                records.add(Given.event("P", "S", time - 8 * MINUTE).reject(1));
            }
        }
        return records;
    }

    private static List<WindowFacts> of(Transcript transcript, String window) {
        List<WindowFacts> found = new ArrayList<>();
        for (int i = 0; i < transcript.facts.size(); i++) {
            if (transcript.facts.get(i).window().equals(window)) {
                found.add(transcript.facts.get(i));
            }
        }
        return found;
    }

    @Test
    void shiftIsClosedOnceWithWhatItCameTo() {
        Transcript transcript = History.of(WindowPolicy.DEFAULT, THREE_SHIFTS, production(SIX, 9))
                .play();

        WindowFacts early = of(transcript, "shift").get(0);
        assertThat(early.startMillis()).isEqualTo(SIX);
        assertThat(early.endMillis()).isEqualTo(SIX + 8 * HOUR);
        assertThat(Objects.requireNonNull(early.span()).shift()).isEqualTo("early");
        StepFacts step = early.steps().get(0);
        StepTotals totals = Objects.requireNonNull(step.totals());
        // The half hour of the break from 9:00 holds ten minutes of a stop.
        assertThat(totals.breakdown()).isEqualTo(70 * MINUTE);
        assertThat(totals.failures()).isEqualTo(7);
        assertThat(totals.plannedStop()).isEqualTo(30 * MINUTE);
        assertThat(totals.running()).isEqualTo(8 * 50 * MINUTE - 20 * MINUTE);
        assertThat(step.parts().stream().mapToLong(StepFacts.PartCounts::good).sum())
                .isEqualTo(8 * 50 - 20);
        assertThat(step.unplannedGood()).isEqualTo(20);
        assertThat(step.energyRunningMilliwattHours() + step.energyOtherMilliwattHours())
                .isEqualTo(8 * 60 * 7);
    }

    @Test
    void dayIsTheSumOfItsShifts() {
        Transcript transcript = History.of(WindowPolicy.DEFAULT, THREE_SHIFTS, production(SIX, 25))
                .play();

        List<WindowFacts> shifts = of(transcript, "shift");
        WindowFacts day = of(transcript, "day").get(0);
        assertThat(shifts).hasSize(3);
        assertThat(day.lengthMillis()).isEqualTo(24 * HOUR);
        assertThat(Objects.requireNonNull(day.span()).day()).hasToString("2026-03-02");
        assertThat(running(day))
                .isEqualTo(shifts.stream().mapToLong(LongWindowsTest::running).sum());
        assertThat(good(day))
                .isEqualTo(shifts.stream().mapToLong(LongWindowsTest::good).sum());
    }

    private static long running(WindowFacts facts) {
        return Objects.requireNonNull(facts.steps().get(0).totals()).running();
    }

    private static long good(WindowFacts facts) {
        return facts.steps().get(0).parts().stream()
                .mapToLong(StepFacts.PartCounts::good)
                .sum();
    }

    @Test
    void restartInMidShiftLosesNothing() {
        History history = History.of(WindowPolicy.DEFAULT, THREE_SHIFTS, production(SIX + 3 * MINUTE, 17));

        Transcript straight = history.play();
        assertThat(of(straight, "shift")).hasSize(2);
        assertThat(Transcript.difference(straight, history.playRestartingAlways()))
                .isNull();
    }

    @Test
    void lateFactReopensTheShiftAsRevision1() {
        List<Given> records = production(SIX, 8);
        long end = SIX + 8 * HOUR;
        records.add(Given.event("P", "S", end + MINUTE).good(1));
        records.add(Given.event("P", "S", end - MINUTE).reject(5));
        records.add(Given.event("P", "S", end + 2 * MINUTE).good(1));
        records.add(Given.event("P", "S", end + 3 * MINUTE).good(1));

        Transcript transcript =
                History.of(WindowPolicy.DEFAULT, THREE_SHIFTS, records).play();
        List<Transcript.Line> lines = transcript.lines.stream()
                .filter(line -> line.window().equals("shift"))
                .toList();
        assertThat(lines).extracting(Transcript.Line::revision).containsExactly(0, 1);
        assertThat(of(transcript, "shift").get(1).steps().get(0).parts().stream()
                        .mapToLong(StepFacts.PartCounts::reject)
                        .sum())
                .isGreaterThanOrEqualTo(5);
    }

    /** It takes no planned time, but with it the figures that the process stated no longer stand alone. */
    @Test
    void lateStateOutsidePlannedTimeReopensTheShiftToo() {
        ProcessDefinitions breakAtTheEnd = definitions(new Calendar(
                ZoneId.of("Europe/Berlin"),
                List.of(shift("early", "06:00", "14:00", new Break(LocalTime.of(13, 50), LocalTime.of(14, 0)))),
                List.of(),
                LocalTime.of(6, 0)));
        long end = SIX + 8 * HOUR;
        List<Given> records = new ArrayList<>();
        for (long time = SIX; time <= end + 2 * MINUTE; time += MINUTE) {
            records.add(Given.reading("P", "S", time, 0.9, 0.95));
        }
        records.add(Given.event("P", "S", end - 5 * MINUTE).claim(StepState.STARVED, MINUTE));
        records.add(Given.reading("P", "S", end + 4 * MINUTE, 0.9, 0.95));

        List<WindowFacts> shifts =
                of(History.of(WindowPolicy.DEFAULT, breakAtTheEnd, records).play(), "shift");
        assertThat(shifts)
                .extracting(facts ->
                        Objects.requireNonNull(facts.steps().get(0).totals()).stateSeen())
                .containsExactly(false, true);
    }

    /** A stop that begins in one shift is split at the edge, and judged in each by its length so far. */
    @Test
    void stopAcrossTheEdgeOfShiftsIsSplitThere() {
        List<Given> records = new ArrayList<>();
        long edge = SIX + 8 * HOUR;
        records.add(Given.event("P", "S", SIX).state(StepState.RUNNING));
        for (long time = SIX; time < edge + 8 * HOUR; time += 10 * MINUTE) {
            records.add(Given.event("P", "S", time).energy(1));
        }
        records.add(Given.event("P", "S", edge - 2 * MINUTE).state(StepState.DOWN));
        records.add(Given.event("P", "S", edge + 3 * MINUTE).state(StepState.RUNNING));
        records.add(Given.event("P", "S", edge + 8 * HOUR + 20 * MINUTE).energy(1));
        records.sort(java.util.Comparator.comparingLong(Given::time));

        List<WindowFacts> shifts =
                of(History.of(WindowPolicy.DEFAULT, THREE_SHIFTS, records).play(), "shift");
        StepTotals early = Objects.requireNonNull(shifts.get(0).steps().get(0).totals());
        StepTotals late = Objects.requireNonNull(shifts.get(1).steps().get(0).totals());
        assertThat(early.minorStop()).isEqualTo(2 * MINUTE);
        assertThat(late.breakdown()).isEqualTo(3 * MINUTE); // five minutes from its start: not a minor stop any more
        assertThat(early.failures() + late.failures()).isEqualTo(2);
    }

    @Test
    void stateOfAWorkerWithoutTheCalendarIsReadAndItsWindowsBeginWithTheNextShift() throws IOException {
        List<Given> records = production(SIX, 17);
        Transcript transcript = new Transcript();
        ShardWindows earlier = engine(ProcessDefinitions.DEFAULTS, transcript);
        offer(earlier, records.subList(0, 200));
        byte[] written = bytes(earlier);

        ShardWindows later = engine(THREE_SHIFTS, transcript);
        later.read(new DataInputStream(new ByteArrayInputStream(written)), id -> true);
        offer(later, records.subList(200, records.size()));

        Transcript straight =
                History.of(WindowPolicy.DEFAULT, THREE_SHIFTS, records).play();
        assertThat(of(transcript, "shift")).hasSize(1);
        assertThat(Transcript.text(of(transcript, "shift").get(0)))
                .isEqualTo(Transcript.text(of(straight, "shift").get(1)));
        assertThat(of(transcript, "main")).hasSameSizeAs(of(straight, "main"));
    }

    /** A calendar that a running worker is given: windows that start from then on are whole. */
    @Test
    void calendarThatComesInForceLaterBringsItsWindowsFromThenOn() {
        long from = SIX + 3 * HOUR;
        ProcessDefinition before = ProcessDefinition.DEFAULT;
        ProcessDefinition after = THREE_SHIFTS.of("P", SIX);
        ProcessDefinitions versions = (processId, at) -> at < from ? before : after;
        History history = History.of(WindowPolicy.DEFAULT, versions, production(SIX, 17));

        Transcript straight = history.play();
        assertThat(of(straight, "shift")).extracting(WindowFacts::startMillis).containsExactly(SIX + 8 * HOUR);
        assertThat(Transcript.difference(straight, history.playRestartingAlways()))
                .isNull();
    }

    @Test
    void stateDoesNotGrowWithTheLengthOfTheWindow() throws IOException {
        long afterAnHour = stateAfter(2);
        long afterAShift = stateAfter(7);
        long afterADay = stateAfter(23);

        System.out.println(
                "state after 2 h " + afterAnHour + " B, 7 h " + afterAShift + " B, 23 h " + afterADay + " B");
        assertThat(afterAShift).isLessThan(afterAnHour * 5 / 4);
        assertThat(afterADay).isLessThan(afterAnHour * 5 / 4);
    }

    private static long stateAfter(long hours) throws IOException {
        ShardWindows engine = engine(THREE_SHIFTS, new Transcript());
        offer(engine, production(SIX, hours));
        return bytes(engine).length;
    }

    private static ShardWindows engine(ProcessDefinitions definitions, Transcript transcript) {
        return new ShardWindows(WindowPolicy.DEFAULT, WindowLimits.DEFAULT, 10, definitions, transcript);
    }

    private static void offer(ShardWindows engine, List<Given> records) {
        TelemetryEvent slot = new TelemetryEvent();
        for (Given given : records) {
            given.into(slot);
            engine.accept(slot, given.arrival());
            slot.reset();
        }
    }

    private static byte[] bytes(ShardWindows engine) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        engine.write(new DataOutputStream(bytes));
        return bytes.toByteArray();
    }
}
