package io.processoptimizer.window;

import static io.processoptimizer.event.StepState.DOWN;
import static io.processoptimizer.event.StepState.RUNNING;
import static io.processoptimizer.event.StepState.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.event.ProcessDefinition;
import io.processoptimizer.event.ProcessDefinitions;
import io.processoptimizer.event.ProcessSnapshot;
import io.processoptimizer.event.TelemetryEvent;
import io.processoptimizer.window.History.Moment;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * The life of a window, a rule a test: five minutes sliding by one, 5 s of disorder, 10 min of lateness unless said otherwise. Times
 * are minutes and seconds after a full hour.
 */
class WindowLifeTest {
    private static final long HOUR = 1_767_261_600_000L;

    private static long at(int minute, int second) {
        return HOUR + minute * 60_000L + second * 1_000L;
    }

    private static Given event(int minute, int second) {
        return Given.event("P", "S", at(minute, second));
    }

    private static Transcript play(Given... records) {
        return History.of(WindowPolicy.DEFAULT, List.of(records)).play();
    }

    private static Transcript play(WindowPolicy policy, Given... records) {
        return History.of(policy, List.of(records)).play();
    }

    /** The ends of what was said, as minutes, each with its revision: "5r0"; provisional ones with a "p". */
    private static List<String> said(Transcript transcript) {
        List<String> said = new ArrayList<>();
        for (Transcript.Line line : transcript.lines) {
            if (!line.window().equals(Transcript.GAP)) {
                said.add((line.end() - HOUR) / 60_000 + (line.isFinal() ? "r" : "p") + line.revision());
            }
        }
        return said;
    }

    private static StepFacts step(Transcript transcript, int endMinute) {
        WindowFacts facts = Objects.requireNonNull(transcript.last("P", at(endMinute, 0)), "no window .. " + endMinute);
        return facts.steps().get(0);
    }

    private static long good(Transcript transcript, int endMinute) {
        return step(transcript, endMinute).parts().stream()
                .mapToLong(StepFacts.PartCounts::good)
                .sum();
    }

    private static WindowPolicy policy(long lateness, WindowDefinition... windows) {
        return new WindowPolicy(60_000, 5_000, lateness, 60_000, 60_000, 604_800_000L, List.of(windows));
    }

    // ---- closing

    @Test
    void windowClosesWhenTheWatermarkReachesItsEnd() {
        assertThat(said(play(event(0, 30).good(1), event(1, 4).good(1)))).isEmpty();
        assertThat(said(play(event(0, 30).good(1), event(1, 5).good(1)))).containsExactly("1r0");
    }

    @Test
    void everyWindowThatHoldsARecordIsEmittedOnce() {
        Transcript transcript = play(event(0, 30).good(1), event(30, 0).good(1));
        assertThat(said(transcript)).containsExactly("1r0", "2r0", "3r0", "4r0", "5r0");
    }

    @Test
    void windowHoldsItsStartAndNotItsEnd() {
        Transcript transcript =
                play(event(0, 0).good(1), event(5, 0).good(10), event(20, 0).good(100));
        assertThat(good(transcript, 5)).isEqualTo(1);
        assertThat(good(transcript, 6)).isEqualTo(10);
    }

    @Test
    void processWithoutAnyWindowBeforeItsFirstRecordSaysNothingOfThem() {
        assertThat(play(event(0, 2).good(1), event(0, 30).good(1)).lines).isEmpty();
    }

    @Test
    void windowBeforeTheFirstRecordsOwnIsEmittedWhenALateRecordFallsIntoIt() {
        Transcript transcript =
                play(event(10, 30).good(1), event(8, 30).good(2), event(11, 5).good(1));
        assertThat(said(transcript)).containsExactly("9r0", "10r0", "11r0");
        assertThat(good(transcript, 9)).isEqualTo(2);
    }

    @Test
    void slidingAndTumblingWindowsOfOneProcessCloseEachInItsTime() {
        WindowPolicy policy = policy(
                600_000,
                new WindowDefinition("main", 300_000, 60_000),
                new WindowDefinition("quarter", 900_000, 900_000));
        Transcript transcript = play(policy, event(1, 0).good(1), event(16, 0).good(1));
        assertThat(transcript.facts)
                .filteredOn(facts -> facts.window().equals("quarter"))
                .singleElement()
                .satisfies(facts -> {
                    assertThat(facts.startMillis()).isEqualTo(at(0, 0));
                    assertThat(facts.endMillis()).isEqualTo(at(15, 0));
                });
        assertThat(transcript.facts)
                .filteredOn(facts -> facts.window().equals("main"))
                .hasSize(5);
    }

    @Test
    void windowUsesTheDefinitionInForceAtItsStart() {
        ProcessDefinitions definitions = (process, time) -> new ProcessDefinition(
                time < at(2, 0) ? "old" : "new", List.of(), null, null, null, 0, 0, 900_000, Map.of(), 0);
        Transcript transcript = History.of(
                        WindowPolicy.DEFAULT,
                        definitions,
                        List.of(event(4, 30).good(1), event(10, 0).good(1)))
                .play();
        assertThat(transcript.facts)
                .extracting(facts -> facts.definition().version())
                .containsExactly("old", "old", "new", "new", "new");
    }

    // ---- late facts

    @Test
    void lateCountReopensWindowAsRevision1() {
        Transcript transcript =
                play(event(0, 30).good(1), event(1, 5), event(0, 40).good(10), event(2, 5));
        assertThat(said(transcript)).containsExactly("1r0", "1r1", "2r0");
        assertThat(good(transcript, 1)).isEqualTo(11);
    }

    @Test
    void severalLateFactsBetweenTwoPaneEdgesMakeOneRevision() {
        Transcript transcript = play(
                event(0, 30).good(1),
                event(1, 5),
                event(0, 40).good(10),
                event(0, 50).good(100),
                event(2, 5));
        assertThat(said(transcript)).containsExactly("1r0", "1r1", "2r0");
        assertThat(good(transcript, 1)).isEqualTo(111);
    }

    @Test
    void lateStateReopensEveryClosedWindowThatItReachesInto() {
        Transcript transcript =
                play(event(0, 30).state(RUNNING), event(3, 5), event(1, 30).state(DOWN), event(4, 5));
        assertThat(said(transcript)).containsExactly("1r0", "2r0", "3r0", "2r1", "3r1", "4r0");
    }

    @Test
    void lateFactThatChangesNothingIsNotEmittedAgain() {
        Transcript transcript =
                play(event(0, 30).state(RUNNING), event(1, 5), event(0, 40).state(RUNNING), event(2, 5));
        assertThat(said(transcript)).containsExactly("1r0", "2r0");
    }

    @Test
    void windowThatALateClaimEmptiesReplacesWhatWasSaidOfIt() {
        Transcript transcript = play(
                event(0, 30).claim(RUNNING, 10_000),
                event(1, 5),
                event(0, 30).claim(UNKNOWN, 10_000),
                event(7, 0).good(1));
        assertThat(said(transcript)).startsWith("1r0", "1r1").doesNotContain("2r0");
        WindowFacts emptied = Objects.requireNonNull(transcript.last("P", at(1, 0)));
        assertThat(emptied.steps()).isEmpty();
        assertThat(emptied.silentSteps()).isEqualTo(1);
    }

    @Test
    void factIsLateWhereTheWatermarkHasReachedItsPanesEndPlusLateness() {
        assertThat(play(event(11, 4), event(0, 59).good(1)).acceptances.get(1)).isEqualTo(Acceptance.ACCEPTED);
        assertThat(play(event(11, 5), event(0, 59).good(1)).acceptances.get(1)).isEqualTo(Acceptance.LATE);
        assertThat(play(event(11, 5), event(1, 0).good(1)).acceptances.get(1)).isEqualTo(Acceptance.ACCEPTED);
    }

    @Test
    void withoutLatenessAPaneTakesNothingOnceTheWatermarkHasPassedIt() {
        WindowPolicy policy = policy(0, new WindowDefinition("main", 60_000, 60_000));
        Transcript transcript =
                play(policy, event(1, 5), event(0, 59).good(1), event(1, 0).good(1), event(2, 5));
        assertThat(transcript.acceptances.get(1)).isEqualTo(Acceptance.LATE);
        assertThat(good(transcript, 2)).isEqualTo(1);
    }

    @Test
    void refusedRecordMovesNothing() {
        Transcript transcript = play(
                event(20, 0).good(1).arriving(at(20, 1)),
                event(1, 0).good(1).arriving(at(20, 2)),
                event(30, 0).good(1).arriving(at(20, 3)));
        assertThat(transcript.acceptances).containsExactly(Acceptance.ACCEPTED, Acceptance.LATE, Acceptance.FUTURE);
        assertThat(transcript.lines).isEmpty();
    }

    @Test
    void claimWhoseBeginningIsLateIsCutToTheOpenPanes() {
        Transcript transcript = play(event(20, 5), event(5, 30).claim(RUNNING, 600_000), event(21, 5));
        assertThat(transcript.acceptances.get(1)).isEqualTo(Acceptance.CLAIM_CUT);
        StepFacts.Timeline timeline = step(transcript, 11).timeline();
        assertThat(timeline.starts()).containsExactly(at(10, 0));
        assertThat(timeline.states()).containsExactly(RUNNING);
        assertThat(step(transcript, 16).timeline().starts()).containsExactly(at(11, 0), at(15, 30));
    }

    @Test
    void claimThatEndsInLatePanesIsRefused() {
        assertThat(play(event(20, 5), event(5, 30).claim(RUNNING, 270_000))
                        .acceptances
                        .get(1))
                .isEqualTo(Acceptance.LATE);
        assertThat(play(event(20, 5), event(5, 30).claim(RUNNING, 270_001))
                        .acceptances
                        .get(1))
                .isEqualTo(Acceptance.CLAIM_CUT);
    }

    @Test
    void otherFactsOfACutClaimAreRefused() {
        Given claim = event(5, 30).claim(RUNNING, 600_000);
        assertThat(play(event(20, 5), claim.good(1)).acceptances.get(1)).isEqualTo(Acceptance.FACTS_LATE);
        assertThat(play(event(20, 5), claim.energy(0)).acceptances.get(1)).isEqualTo(Acceptance.FACTS_LATE);
        assertThat(play(event(20, 5), claim.product("A")).acceptances.get(1)).isEqualTo(Acceptance.FACTS_LATE);
    }

    @Test
    void cutClaimDoesNotHideAStateThatBeganAfterIt() {
        Transcript transcript =
                play(event(9, 0).state(DOWN), event(20, 5), event(5, 30).claim(RUNNING, 600_000), event(21, 5));
        assertThat(step(transcript, 16).timeline().states()).containsExactly(DOWN);
    }

    // ---- duplicates, implausible times

    @Test
    void recordOfAKnownIdIsCountedOnce() {
        Transcript transcript = play(
                event(0, 30).good(1).id("a"),
                event(0, 30).good(1).id("a"),
                event(0, 40).good(1).id("b"),
                event(2, 0));
        assertThat(transcript.acceptances.get(1)).isEqualTo(Acceptance.DUPLICATE);
        assertThat(good(transcript, 1)).isEqualTo(2);
    }

    @Test
    void sameIdOfAnotherProcessIsAnotherRecord() {
        Transcript transcript = play(
                event(0, 30).good(1).id("a"),
                Given.event("Q", "S", at(0, 30)).good(1).id("a"));
        assertThat(transcript.acceptances).containsOnly(Acceptance.ACCEPTED);
    }

    @Test
    void timestampAheadOfItsArrivalIsRefused() {
        assertThat(play(event(1, 0).arriving(at(0, 0))).acceptances).containsExactly(Acceptance.ACCEPTED);
        assertThat(play(event(1, 1).arriving(at(0, 0))).acceptances).containsExactly(Acceptance.FUTURE);
    }

    @Test
    void timestampIsPlausibleWhereNoArrivalIsKnown() {
        assertThat(play(event(0, 0), event(59, 0)).acceptances).containsOnly(Acceptance.ACCEPTED);
    }

    // ---- quiet processes

    @Test
    void idleGapMovesTheWatermarkByTheGap() {
        // 130 s between the arrivals: the watermark stands at 0:30 + 2:10 − 0:05 = 2:35 before the second record
        // counts.
        Transcript transcript = play(
                event(0, 30).good(1).arriving(at(0, 31)), event(0, 40).good(10).arriving(at(2, 41)));
        assertThat(said(transcript)).containsExactly("1r0", "2r0");
        assertThat(good(transcript, 1)).isEqualTo(1);
    }

    @Test
    void gapNoLongerThanTheIdleTimeoutMovesNothing() {
        Transcript transcript = play(
                event(0, 50).good(1).arriving(at(0, 51)), event(0, 51).good(10).arriving(at(1, 51)));
        assertThat(transcript.lines).isEmpty();
    }

    @Test
    void quietProcessIsShownProvisionallyUntilItSpeaksAgain() {
        History history = History.of(WindowPolicy.DEFAULT, List.of());
        Transcript transcript = history.withMoments(List.of(
                        new Moment.Comes(event(0, 30).good(1).arriving(at(0, 31))),
                        new Moment.ShardAt(at(1, 31)),
                        new Moment.ShardAt(at(1, 32)),
                        new Moment.ShardAt(at(2, 6)),
                        new Moment.Comes(event(1, 10).good(10).arriving(at(2, 7)))))
                .play();
        assertThat(said(transcript)).containsExactly("1p0", "2p0", "1r0", "2r0");
        assertThat(good(transcript, 2)).isEqualTo(1);
    }

    @Test
    void provisionalResultsOfTheNextSilenceAreANewRevision() {
        History history = History.of(WindowPolicy.DEFAULT, List.of());
        Transcript transcript = history.withMoments(List.of(
                        new Moment.Comes(event(0, 30).good(1)),
                        new Moment.EverythingIsShown(),
                        new Moment.Comes(event(0, 40).good(10)),
                        new Moment.EverythingIsShown(),
                        new Moment.EverythingIsShown()))
                .play();
        assertThat(said(transcript))
                .containsExactly("1p0", "2p0", "3p0", "4p0", "5p0", "1p1", "2p1", "3p1", "4p1", "5p1");
    }

    @Test
    void endOfTheInputShowsOnlyWindowsThatHaveBegun() {
        WindowPolicy policy = policy(
                0, new WindowDefinition("main", 60_000, 60_000), new WindowDefinition("hour", 3_600_000, 3_600_000));
        Transcript transcript = History.of(policy, List.of())
                .withMoments(List.of(new Moment.Comes(event(0, 30).state(RUNNING)), new Moment.EverythingIsShown()))
                .play();
        assertThat(said(transcript)).containsExactly("1p0", "60p0");
    }

    @Test
    void silenceIsReportedOnceAsAGap() {
        Transcript transcript =
                play(event(0, 30).good(1), event(30, 0).good(1), event(30, 30).good(1));
        assertThat(transcript.gaps()).containsExactly("P from " + at(1, 0));
        assertThat(said(transcript)).doesNotContain("6r0", "30r0");
    }

    @Test
    void gapSeenWhileTheProcessIsQuietIsNotReportedAgain() {
        Transcript transcript = History.of(WindowPolicy.DEFAULT, List.of())
                .withMoments(List.of(
                        new Moment.Comes(event(0, 30).good(1).arriving(at(0, 31))),
                        new Moment.ShardAt(at(10, 0)),
                        new Moment.ShardAt(at(11, 0)),
                        new Moment.Comes(event(30, 0).good(1).arriving(at(30, 1)))))
                .play();
        assertThat(transcript.gaps()).containsExactly("P from " + at(1, 0));
    }

    @Test
    void silenceOfAProcessThatOnlyStatesFiguresIsAGapToo() {
        Given figures = Given.snapshot(
                new ProcessSnapshot("P", at(0, 30), 900_000_000, TelemetryEvent.ABSENT, 0, 0, List.of(), null));
        assertThat(play(figures, event(30, 0).good(1)).gaps()).containsExactly("P from " + at(1, 0));
    }

    @Test
    void processThatHasNotSpokenYetHasNotFallenSilent() {
        assertThat(play(event(1, 2).good(1), event(1, 30).good(1)).gaps()).isEmpty();
    }

    @Test
    void stateThatComesUpAgainEndsASilence() {
        WindowPolicy policy = policy(0, new WindowDefinition("main", 60_000, 60_000));
        Transcript transcript =
                play(policy, event(0, 0).state(RUNNING), event(0, 0).claim(UNKNOWN, 600_000), event(14, 5));
        assertThat(said(transcript)).containsExactly("11r0", "12r0", "13r0", "14r0");
    }

    @Test
    void definitionThatTakesOverDuringASilenceEndsIt() {
        ProcessDefinitions definitions = (process, time) -> time < at(20, 0)
                ? ProcessDefinition.DEFAULT
                : new ProcessDefinition(
                        "patient", List.of(), null, null, null, 0, 0, ProcessDefinition.NO_TIMEOUT, Map.of(), 0);
        WindowPolicy policy = policy(0, new WindowDefinition("main", 60_000, 60_000));
        Transcript transcript = History.of(
                        policy, definitions, List.of(event(13, 0).state(RUNNING), event(33, 5)))
                .play();
        assertThat(said(transcript)).containsSequence("20r0", "21r0");
        transcript = History.of(policy, definitions, List.of(event(3, 0).state(RUNNING), event(33, 5)))
                .play();
        assertThat(said(transcript)).containsSequence("18r0", "21r0");
        // It was out of sight under the version before, however late it is looked at.
        assertThat(step(transcript, 21).timeline().firstStateSince()).isEqualTo(at(20, 0));
    }

    // ---- forgetting, limits

    @Test
    void processSilentForLongerThanForgetAfterStartsAnew() {
        WindowPolicy policy =
                new WindowPolicy(60_000, 5_000, 600_000, 60_000, 60_000, 1_800_000, WindowPolicy.DEFAULT.windows());
        Given first = event(0, 0).state(RUNNING).id("a").arriving(at(0, 1));
        assertThat(play(policy, first, event(0, 0).good(1).id("a").arriving(at(30, 1)))
                        .acceptances
                        .get(1))
                .isEqualTo(Acceptance.DUPLICATE);
        Transcript anew = play(policy, first, event(0, 0).good(1).id("a").arriving(at(30, 2)), event(1, 5));
        assertThat(anew.acceptances).containsOnly(Acceptance.ACCEPTED);
        assertThat(step(anew, 1).timeline().states()).containsExactly(UNKNOWN);
    }

    private static final WindowPolicy FORGETFUL =
            new WindowPolicy(60_000, 5_000, 600_000, 60_000, 60_000, 1_800_000, WindowPolicy.DEFAULT.windows());

    @Test
    void processThatStartsAnewShowsFirstWhatWasOpen() {
        Transcript byArrival = play(
                FORGETFUL,
                event(0, 30).good(1).arriving(at(0, 31)),
                event(1, 5).good(10).arriving(at(1, 6)),
                event(40, 0).good(1).arriving(at(40, 1)));
        assertThat(said(byArrival)).containsExactly("1r0", "2p0", "3p0", "4p0", "5p0", "6p0");
        assertThat(good(byArrival, 6)).isEqualTo(10);
        Transcript byEventTime = play(
                FORGETFUL,
                event(0, 30).good(1),
                event(1, 5).good(10),
                event(40, 0).good(1));
        assertThat(said(byEventTime)).isEqualTo(said(byArrival));
    }

    @Test
    void processThatStartsAnewDoesNotShowAgainWhatWasShown() {
        Transcript transcript = History.of(FORGETFUL, List.of())
                .withMoments(List.of(
                        new Moment.Comes(event(0, 30).good(1).arriving(at(0, 31))),
                        new Moment.ShardAt(at(3, 10)),
                        new Moment.Comes(event(40, 0).good(1).arriving(at(40, 1)))))
                .play();
        assertThat(said(transcript)).containsExactly("1p0", "2p0", "3p0", "4p0", "5p0");
    }

    @Test
    void processThatIsForgottenInItsSilenceShowsWhatWasOpen() {
        Transcript transcript = History.of(FORGETFUL, List.of())
                .withMoments(List.of(
                        new Moment.Comes(event(0, 30).good(1).arriving(at(0, 31))), new Moment.ShardAt(at(40, 0))))
                .play();
        assertThat(said(transcript)).containsExactly("1p0", "2p0", "3p0", "4p0", "5p0");
    }

    @Test
    void clockThatIsSetRightAfterYearsDoesNotCloseMillionsOfWindows() {
        Transcript transcript = play(
                Given.event("P", "S", 0).state(RUNNING).arriving(at(0, 1)),
                event(0, 30).state(RUNNING).arriving(at(0, 31)),
                event(1, 5).arriving(at(1, 6)));
        assertThat(said(transcript)).filteredOn(said -> said.contains("r")).containsExactly("1r0");
        assertThat(said(transcript)).filteredOn(said -> said.contains("p")).hasSize(5);
    }

    @Test
    void processesStepsAndSamplesAreBounded() {
        ShardWindows engine = engine(new WindowLimits(2, 3, 2), 1);
        assertThat(accept(engine, event(0, 0))).isEqualTo(Acceptance.ACCEPTED);
        assertThat(accept(engine, Given.event("Q", "S", HOUR))).isEqualTo(Acceptance.TOO_MANY_PROCESSES);
        assertThat(accept(engine, Given.event("P", "T", HOUR).id("a"))).isEqualTo(Acceptance.ACCEPTED);
        assertThat(accept(engine, Given.event("P", "U", HOUR))).isEqualTo(Acceptance.TOO_MANY_STEPS);
        assertThat(accept(engine, event(0, 1).id("b"))).isEqualTo(Acceptance.ACCEPTED);
        assertThat(accept(engine, event(0, 2).id("c"))).isEqualTo(Acceptance.TOO_MANY_SAMPLES);
        assertThat(accept(engine, event(0, 2))).isEqualTo(Acceptance.ACCEPTED);
        assertThat(accept(engine, event(0, 3))).isEqualTo(Acceptance.TOO_MANY_SAMPLES);
    }

    @Test
    void snapshotOfMoreStepsThanAreAllowedIsRefusedAsAWhole() {
        ShardWindows engine = engine(new WindowLimits(1, 10, 10), 10);
        ProcessSnapshot snapshot = new ProcessSnapshot(
                "P",
                HOUR,
                0,
                0,
                0,
                0,
                List.of(new ProcessSnapshot.StepReading("S", 1, 1), new ProcessSnapshot.StepReading("T", 1, 1)),
                null);
        assertThat(engine.accept(snapshot, HOUR)).isEqualTo(Acceptance.TOO_MANY_STEPS);
        assertThat(accept(engine, event(0, 0))).isEqualTo(Acceptance.ACCEPTED);
    }

    // ---- what is said of a refused time

    @Test
    void refusedTimeIsToldWithItsFiguresAndTheLimit() {
        ShardWindows engine = engine(WindowPolicy.DEFAULT, new Transcript());
        accept(engine, event(20, 5));
        assertThat(engine.detail(accept(engine, event(1, 0).good(1))))
                .isEqualTo(
                        "timestamp is 2026-01-01T10:01:00Z, 19m before the watermark of its process at"
                                + " 2026-01-01T10:20:00Z; expected 2026-01-01T10:10:00Z or later (window.allowed_lateness 10m)");
        assertThat(engine.detail(
                        accept(engine, event(5, 30).claim(RUNNING, 600_000).good(1))))
                .startsWith("timestamp is 2026-01-01T10:05:30Z, 14m30s before the watermark")
                .endsWith("; the state was kept from there on, the other facts not");
        assertThat(engine.detail(accept(engine, event(22, 1).arriving(at(20, 59)))))
                .isEqualTo("timestamp is 2026-01-01T10:22:01Z, 1m2s ahead of the record's arrival at"
                        + " 2026-01-01T10:20:59Z; expected at most 1m (window.max_future)");
    }

    @Test
    void fullProcessThatWasForgottenTakesItsNextRecord() {
        ShardWindows engine = engine(new WindowLimits(1, 1, 1), 1);
        assertThat(accept(engine, Given.event("P", "S", 0))).isEqualTo(Acceptance.ACCEPTED);
        assertThat(accept(engine, Given.event("P", "T", HOUR))).isEqualTo(Acceptance.ACCEPTED);
    }

    // ---- snapshot

    @Test
    void windowDefinitionAddedLaterBeginsWithItsFirstWholeWindow() {
        WindowDefinition one = new WindowDefinition("one", 60_000, 60_000);
        WindowDefinition two = new WindowDefinition("two", 120_000, 120_000);
        Transcript transcript = new Transcript();
        ShardWindows before = engine(policy(0, one), transcript);
        accept(before, event(2, 30).good(1));
        ShardWindows after = restarted(before, policy(0, one, two), transcript);
        accept(after, event(4, 30).good(1));
        accept(after, event(6, 5).good(1));
        assertThat(transcript.facts)
                .extracting(facts -> facts.window() + " .. " + (facts.endMillis() - HOUR) / 60_000)
                .containsExactly("one .. 3", "one .. 5", "two .. 6");
    }

    @Test
    void paneThatWasClosedToFactsStaysClosedWhenMoreLatenessIsAllowedLater() {
        WindowDefinition window = new WindowDefinition("main", 60_000, 60_000);
        Transcript transcript = new Transcript();
        ShardWindows before = engine(policy(0, window), transcript);
        accept(before, event(0, 30).good(1));
        accept(before, event(2, 5));
        ShardWindows after = restarted(before, policy(600_000, window), transcript);
        assertThat(accept(after, event(0, 40).good(1))).isEqualTo(Acceptance.LATE);
        assertThat(accept(after, event(3, 5))).isEqualTo(Acceptance.ACCEPTED);
        assertThat(accept(after, event(2, 10).good(1))).isEqualTo(Acceptance.ACCEPTED);
        assertThat(said(transcript)).containsExactly("1r0");
    }

    private static ShardWindows restarted(ShardWindows before, WindowPolicy policy, WindowOutput output) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            before.write(new DataOutputStream(bytes));
            ShardWindows after = engine(policy, output);
            after.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())), id -> true);
            return after;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ShardWindows engine(WindowLimits limits, int processes) {
        return new ShardWindows(WindowPolicy.DEFAULT, limits, processes, ProcessDefinitions.DEFAULTS, new Transcript());
    }

    private static ShardWindows engine(WindowPolicy policy, WindowOutput output) {
        return new ShardWindows(policy, WindowLimits.DEFAULT, 10, ProcessDefinitions.DEFAULTS, output);
    }

    private static Acceptance accept(ShardWindows engine, Given given) {
        return engine.accept(Objects.requireNonNull(given.event()), given.arrival());
    }
}
