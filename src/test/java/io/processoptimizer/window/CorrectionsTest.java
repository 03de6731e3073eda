package io.processoptimizer.window;

import static io.processoptimizer.event.StepState.DOWN;
import static io.processoptimizer.event.StepState.IDLE;
import static io.processoptimizer.event.StepState.RUNNING;
import static io.processoptimizer.event.StepState.SETUP;
import static io.processoptimizer.event.StepState.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.event.Calendar;
import io.processoptimizer.event.Calendar.Shift;
import io.processoptimizer.event.ProcessDefinition;
import io.processoptimizer.event.ProcessDefinitions;
import io.processoptimizer.event.TelemetryEvent;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Records that correct what was said before: states re-coded, scrap found late, backfill. Windows of 5 minutes by 1. */
class CorrectionsTest {
    private static final long HOUR = Instant.parse("2026-01-01T10:00:00Z").toEpochMilli();
    private static final long MINUTE = 60_000;

    private static long at(int minute, int second) {
        return HOUR + minute * MINUTE + second * 1_000L;
    }

    private static Given event(int minute, int second) {
        return Given.event("P", "S", at(minute, second));
    }

    private static Transcript play(Given... records) {
        return History.of(WindowPolicy.DEFAULT, List.of(records)).play();
    }

    private static StepFacts step(Transcript transcript, int endMinute) {
        return Objects.requireNonNull(transcript.last("P", at(endMinute, 0)), "no window .. " + endMinute)
                .steps()
                .get(0);
    }

    /** "0 RUNNING, 1 SETUP" by minutes. */
    private static List<String> runs(Transcript transcript, int endMinute) {
        StepFacts.Timeline timeline = step(transcript, endMinute).timeline();
        List<String> runs = new ArrayList<>();
        for (int run = 0; run < timeline.runs(); run++) {
            runs.add((timeline.starts()[run] - HOUR) / MINUTE + " " + timeline.states()[run]);
        }
        return runs;
    }

    private static List<String> editions(Transcript transcript, int endMinute) {
        return transcript.lines.stream()
                .filter(line -> line.end() == at(endMinute, 0))
                .map(line -> (line.isFinal() ? "r" : "p") + line.revision())
                .toList();
    }

    @Test
    void aStateThatIsReCodedGoesBeforeWhatTheMachineSaidAndRevisesItsWindows() {
        Given[] day = {
            event(0, 0).state(RUNNING),
            event(1, 0).state(DOWN),
            event(2, 0).state(IDLE),
            event(3, 0).state(RUNNING),
            event(6, 10).good(1),
            event(1, 0).claim(SETUP, 2 * MINUTE).correction(),
            event(7, 10).good(1),
            event(12, 10).good(1)
        };
        Transcript transcript = play(day);
        assertThat(runs(transcript, 5)).containsExactly("0 RUNNING", "1 SETUP", "3 RUNNING");
        assertThat(editions(transcript, 5)).containsExactly("r0", "r1");
        assertThat(editions(transcript, 6)).containsExactly("r0", "r1");
        assertThat(editions(transcript, 8)).as("nothing of it is in there").containsExactly("r0");
    }

    @Test
    void whatIsReCodedAgainHoldsFromTheLaterStartOrTheLaterWord() {
        Given later = event(2, 0).claim(IDLE, 2 * MINUTE).correction();
        Given wider = event(1, 0).claim(SETUP, 4 * MINUTE).correction();
        Given again = event(1, 0).claim(DOWN, 4 * MINUTE).correction();
        Given[] day = {
            event(0, 0).state(RUNNING),
            event(6, 0).good(1),
            later,
            wider,
            again,
            event(7, 10).good(1)
        };
        assertThat(runs(play(day), 5)).containsExactly("0 RUNNING", "1 DOWN", "2 IDLE", "4 DOWN");
    }

    @Test
    void aCorrectionWithoutDurationHoldsToTheNextStateAsAnyDoes() {
        Given[] day = {
            event(0, 0).state(RUNNING),
            event(1, 0).state(DOWN),
            event(3, 0).state(RUNNING),
            event(6, 0).good(1),
            event(1, 0).state(IDLE).correction(),
            event(7, 10).good(1)
        };
        assertThat(runs(play(day), 5)).containsExactly("0 RUNNING", "1 IDLE", "3 RUNNING");
    }

    @Test
    void aReCodedSilenceIsNoSignOfLifeOfTheMachine() {
        Given[] day = {
            event(0, 0).state(RUNNING),
            event(20, 0).claim(IDLE, MINUTE).correction(),
            Given.event("P", "other", at(26, 0)).good(1)
        };
        assertThat(runs(play(day), 22)).containsExactly("17 UNKNOWN", "20 IDLE", "21 UNKNOWN");
    }

    @Test
    void scrapThatIsFoundLateIsTakenFromTheGoodPartsOfItsTime() {
        Given[] day = {
            event(0, 30).product("A").idealCycle(1_000).good(10),
            event(6, 10).product("B").good(1),
            event(0, 40).good(-3).reject(3).correction().id("scrap 1"),
            event(0, 40).good(-3).reject(3).correction().id("scrap 1"),
            event(7, 10).good(1)
        };
        Transcript transcript = play(day);
        assertThat(step(transcript, 5).parts()).containsExactly(new StepFacts.PartCounts("A", 1_000, 7, 3, 0, 0));
        assertThat(editions(transcript, 5)).containsExactly("r0", "r1");
    }

    /** WindowsFuzzTest found it with other draws; a window that looked empty was taken for the end of all that there is. */
    @Test
    void partsThatACorrectionMakesUpForStandInTheWindowsThatItLeavesAlone() {
        Calendar evenings = new Calendar(
                ZoneOffset.UTC,
                List.of(new Shift(
                        "late", EnumSet.allOf(DayOfWeek.class), LocalTime.of(20, 0), LocalTime.of(22, 0), List.of())),
                List.of(),
                LocalTime.of(6, 0));
        ProcessDefinition definition = ProcessDefinition.DEFAULT.withCalendar(evenings);
        History history = new History(
                WindowPolicy.DEFAULT,
                (processId, millis) -> definition,
                List.of(
                        new History.Moment.Comes(event(0, 10).good(-3).correction()),
                        new History.Moment.Comes(event(1, 10).good(1)),
                        new History.Moment.EverythingIsShown()));
        assertThat(Transcript.difference(history.playNaively(), history.play())).isNull();
        assertThat(step(history.play(), 6).unplannedGood()).isEqualTo(1);
    }

    @Test
    void backfillIsTakenAsFarBackAsWindowsAreRetainedAndOlderIsRefusedWithTheWayToDoIt() {
        Given[] day = {
            event(0, 30).good(1), event(17, 10).good(1), event(18, 10).good(1)
        };
        Given ordinary = event(3, 30).good(5);
        Given backfill = ordinary.correction();
        Given tooOld = event(2, 59).good(5).correction();
        assertThat(fates(WindowPolicy.DEFAULT, day[0], day[1], ordinary, backfill, tooOld, day[2]))
                .containsExactly(
                        "ACCEPTED",
                        "ACCEPTED",
                        "LATE: timestamp is 2026-01-01T10:03:30Z, 13m35s before the watermark of its process at"
                                + " 2026-01-01T10:17:05Z; expected 2026-01-01T10:07:00Z or later"
                                + " (window.allowed_lateness 10m)",
                        "ACCEPTED",
                        "LATE: timestamp is 2026-01-01T10:02:59Z, 14m6s before the watermark of its process at"
                                + " 2026-01-01T10:17:05Z; expected 2026-01-01T10:03:00Z or later (a correction, as old"
                                + " as what windows still retain); to take it, set window.allowed_lateness to 15m or more"
                                + " and compute that time again: recover rewind --to 2026-01-01T10:02:59Z",
                        "ACCEPTED");
        Transcript transcript = play(day[0], day[1], backfill, day[2]);
        assertThat(step(transcript, 8).parts()).isNotEmpty();
        assertThat(transcript.last("P", at(7, 0)))
                .as("past its lateness: it stays")
                .isNull();
        WindowPolicy advised = new WindowPolicy(
                MINUTE, 5_000, 15 * MINUTE, MINUTE, MINUTE, 604_800_000L, WindowPolicy.DEFAULT.windows());
        assertThat(fates(advised, day[0], day[1], tooOld)).containsExactly("ACCEPTED", "ACCEPTED", "ACCEPTED");
    }

    private static List<String> fates(WindowPolicy policy, Given... records) {
        ShardWindows engine =
                new ShardWindows(policy, WindowLimits.DEFAULT, 1, ProcessDefinitions.DEFAULTS, new Transcript());
        List<String> fates = new ArrayList<>();
        TelemetryEvent slot = new TelemetryEvent();
        for (Given given : records) {
            given.into(slot);
            Acceptance fate = engine.accept(slot, given.arrival());
            fates.add(fate + (fate.reason() == null ? "" : ": " + engine.detail(fate)));
            slot.reset();
        }
        return fates;
    }

    @Test
    void theBeginningOfAReCodedIntervalThatIsTooOldIsCut() {
        Given[] day = {
            event(0, 0).state(RUNNING),
            event(17, 10).good(1),
            event(1, 0).claim(SETUP, 10 * MINUTE).correction(),
            event(18, 10).good(1)
        };
        Transcript transcript = History.of(WindowPolicy.DEFAULT, (id, time) -> definitionWithoutTimeout(), List.of(day))
                .play();
        assertThat(transcript.acceptances).contains(Acceptance.CLAIM_CUT);
        assertThat(runs(transcript, 8)).containsExactly("3 SETUP");
        assertThat(runs(transcript, 12)).containsExactly("7 SETUP", "11 RUNNING");
        assertThat(runs(transcript, 17)).doesNotContain("12 " + UNKNOWN);
    }

    private static ProcessDefinition definitionWithoutTimeout() {
        ProcessDefinition any = ProcessDefinition.DEFAULT;
        return new ProcessDefinition(
                any.version(),
                any.stepOrder(),
                null,
                null,
                null,
                any.targetOeeNano(),
                any.minorStopMillis(),
                ProcessDefinition.NO_TIMEOUT,
                any.idealCycleMicros(),
                any.utilizationThresholdNano());
    }

    /** A correction that comes in a silence of the machine does not make what the machine sends afterwards late. */
    @Test
    void aCorrectionSaysNothingOfHowLongTheMachineWasSilent() {
        Given[] day = {
            event(0, 30).good(1).arriving(at(0, 31)),
            event(0, 20).good(-1).reject(1).correction().arriving(at(30, 0)),
            event(0, 10).good(1).arriving(at(0, 40)),
            event(31, 0).good(1).arriving(at(31, 1))
        };
        assertThat(play(day).acceptances).containsOnly(Acceptance.ACCEPTED);
        Given[] buffered = {
            event(0, 30).good(1).arriving(at(0, 31)),
            event(1, 30).good(1).correction().arriving(at(50, 0)),
            event(2, 30).good(1).correction().arriving(at(50, 1)),
            event(49, 50).good(1).arriving(at(50, 2))
        };
        Transcript transcript = play(buffered);
        assertThat(transcript.acceptances).containsOnly(Acceptance.ACCEPTED);
        assertThat(step(transcript, 5).parts().get(0).good()).isEqualTo(3);
    }
}
