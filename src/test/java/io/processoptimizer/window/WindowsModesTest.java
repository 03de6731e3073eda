package io.processoptimizer.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.event.EventId;
import io.processoptimizer.event.Inference;
import io.processoptimizer.event.ProcessDefinition;
import io.processoptimizer.event.ProcessDefinitions;
import io.processoptimizer.event.ProcessSnapshot;
import io.processoptimizer.event.TelemetryEvent;
import io.processoptimizer.window.History.Moment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * The same records give the same results, however they are delivered: restarted after each record, with the processes of the shard
 * interleaved otherwise, shuffled within the allowed disorder, looked at in between. {@code -Dmodes.histories=N} plays more.
 */
class WindowsModesTest {
    private static final int HISTORIES = Integer.getInteger("modes.histories", 300);

    /** Shuffles keep silences well below the forgetting time: whether one at its very edge forgets depends on its first record. */
    private static final int LONGEST_SILENCE_PANES = 100;

    @Test
    void snapshotAndRestoreAfterEachRecordChangesNothing() {
        for (long seed = 1; seed <= HISTORIES; seed++) {
            History history = HostileHistories.corrected(seed);
            Transcript straight = history.play();
            Transcript restarted = history.playRestartingAlways();
            assertThat(Transcript.difference(straight, restarted))
                    .as("seed %s", seed)
                    .isNull();
        }
    }

    /** The signal timeout is another from one version of the definition to the next. */
    @Test
    void restartChangesNothingWhereTheSignalTimeoutChanges() {
        for (long seed = 1; seed <= HISTORIES; seed++) {
            History history = HostileHistories.corrected(seed);
            History changed = withChangingTimeouts(history);
            assertThat(Transcript.difference(changed.play(), changed.playRestartingAlways()))
                    .as("seed %s", seed)
                    .isNull();
        }
    }

    private static History withChangingTimeouts(History history) {
        ProcessDefinitions versions = history.definitions();
        long pane = history.policy().paneMillis();
        Map<String, ProcessDefinition> known = new HashMap<>();
        ProcessDefinitions changing = (processId, at) -> {
            ProcessDefinition version = versions.of(processId, at);
            long number = Math.floorDiv(at, 13 * pane);
            return known.computeIfAbsent(
                    processId + version.version() + "." + number,
                    key -> withTimeout(version, number % 2 == 0 ? 2 * pane : 7 * pane + 1, number));
        };
        return new History(history.policy(), changing, history.moments());
    }

    private static ProcessDefinition withTimeout(ProcessDefinition version, long timeout, long number) {
        return new ProcessDefinition(
                        version.version() + "." + number,
                        version.stepOrder(),
                        null,
                        null,
                        null,
                        version.targetOeeNano(),
                        version.minorStopMillis(),
                        timeout,
                        version.idealCycleMicros(),
                        version.utilizationThresholdNano())
                .withCalendar(version.calendar())
                .withInference(new Inference(number % 3 != 0, number % 5 * timeout / 2));
    }

    @Test
    void lookingAtProvisionalResultsChangesNoFinalOne() {
        for (long seed = 1; seed <= HISTORIES; seed++) {
            History watched = HostileHistories.corrected(seed);
            Transcript with = watched.play();
            Transcript without = watched.withRecords(watched.records()).play();
            assertThat(with.acceptances).as("seed %s", seed).isEqualTo(without.acceptances);
            assertThat(Transcript.difference(without.finals(), with.finals()))
                    .as("seed %s", seed)
                    .isNull();
            assertThat(new HashSet<>(with.gaps())).as("seed %s", seed).containsAll(without.gaps());
        }
    }

    @Test
    void neighboursOnTheShardChangeNothing() {
        for (long seed = 1; seed <= HISTORIES; seed++) {
            History history = HostileHistories.corrected(seed);
            List<Given> records = history.records();
            List<Given> other = interleavedOtherwise(records, new SplittableRandom(seed));
            Transcript one = history.withRecords(records).play();
            Transcript another = history.withRecords(other).play();
            assertThat(Transcript.difference(one.atAnyTime(), another.atAnyTime()))
                    .as("seed %s", seed)
                    .isNull();
        }
    }

    @Test
    void orderWithinTheAllowedDisorderChangesNothing() {
        for (long seed = 1; seed <= HISTORIES; seed++) {
            orderChangesNothing(seed, HostileHistories.corrected(seed));
            orderChangesNothing(seed, withChangingTimeouts(HostileHistories.corrected(seed)));
        }
    }

    private static void orderChangesNothing(long seed, History hostile) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Given> sorted = tamed(hostile);
        boolean arrivals = random.nextBoolean();
        List<Given> shuffled = shuffled(sorted, hostile.policy().disorderMillis(), random);
        Transcript inOrder =
                endingShown(hostile, arrivals ? arriving(sorted) : sorted).play();
        Transcript inDisorder =
                endingShown(hostile, arrivals ? arriving(shuffled) : shuffled).play();
        assertThat(Transcript.difference(inOrder.atAnyTime(), inDisorder.atAnyTime()))
                .as("seed %s", seed)
                .isNull();
        assertThat(inOrder.finals().lines).as("seed %s", seed).allMatch(line -> line.revision() == 0);
    }

    private static History endingShown(History history, List<Given> records) {
        List<Moment> moments = new ArrayList<>();
        records.forEach(record -> moments.add(new Moment.Comes(record)));
        moments.add(new Moment.EverythingIsShown());
        WindowPolicy policy = history.policy();
        WindowPolicy patient = new WindowPolicy(
                policy.paneMillis(),
                policy.disorderMillis(),
                policy.allowedLatenessMillis(),
                policy.idleTimeoutMillis(),
                policy.maxFutureMillis() + policy.paneMillis(),
                2 * LONGEST_SILENCE_PANES * policy.paneMillis() + policy.disorderMillis(),
                policy.windows());
        return new History(patient, history.definitions(), moments);
    }

    /** The records of a history in order of time, without endless silences, and with ids that only true copies share. */
    private static List<Given> tamed(History history) {
        List<Given> sorted = new ArrayList<>(history.records());
        sorted.sort(Comparator.comparingLong(Given::time));
        long longest = LONGEST_SILENCE_PANES * history.policy().paneMillis();
        IdentityHashMap<TelemetryEvent, String> ids = new IdentityHashMap<>();
        List<Given> tamed = new ArrayList<>();
        long before = sorted.get(0).time();
        long cut = 0;
        for (Given given : sorted) {
            cut += Math.max(0, given.time() - before - longest);
            before = given.time();
            TelemetryEvent event = given.event();
            if (event != null) {
                long time = given.time() - cut;
                String id = ids.computeIfAbsent(event, copy -> "id" + ids.size());
                tamed.add(new Given(event, null, TelemetryEvent.ABSENT).with(copy -> {
                    copy.timestampMillis = time;
                    copy.eventId = id.hashCode() % 2 == 0 ? EventId.digest(id) : EventId.NONE;
                }));
            } else if (cut == 0) {
                tamed.add(Given.snapshot(withoutId(Objects.requireNonNull(given.snapshot()))));
            }
        }
        return tamed;
    }

    private static ProcessSnapshot withoutId(ProcessSnapshot snapshot) {
        return new ProcessSnapshot(
                snapshot.processId(),
                snapshot.timestampMillis(),
                snapshot.availabilityNano(),
                snapshot.performanceNano(),
                snapshot.qualityNano(),
                snapshot.throughputMilli(),
                snapshot.steps(),
                null);
    }

    /**
     * Each record is delayed by at most the disorder, so none comes after one that is later by more; records of one step and one
     * instant (of one process and one instant, where it states figures) keep their order.
     */
    private static List<Given> shuffled(List<Given> sorted, long disorder, SplittableRandom random) {
        Set<String> figureTimes = new HashSet<>();
        for (Given given : sorted) {
            if (given.snapshot() != null) {
                figureTimes.add(given.processId() + given.time());
            }
        }
        Map<String, Long> delays = new HashMap<>();
        IdentityHashMap<Given, Long> due = new IdentityHashMap<>();
        for (Given given : sorted) {
            String key = given.processId() + given.time();
            if (!figureTimes.contains(key)) {
                key += " " + Objects.requireNonNull(given.event()).stepId;
            }
            long delay = delays.computeIfAbsent(key, any -> random.nextLong(disorder + 1));
            due.put(given, given.time() + delay);
        }
        List<Given> shuffled = new ArrayList<>(sorted);
        shuffled.sort(Comparator.comparing(due::get));
        return shuffled;
    }

    /** A stream that keeps up: a record arrives just after the latest of its process. */
    private static List<Given> arriving(List<Given> records) {
        Map<String, Long> latest = new HashMap<>();
        return records.stream()
                .map(given -> given.arriving(latest.merge(given.processId(), given.time(), Math::max) + 1))
                .toList();
    }

    private static List<Given> interleavedOtherwise(List<Given> records, SplittableRandom random) {
        Map<String, Deque<Given>> queues = new TreeMap<>();
        for (Given given : records) {
            queues.computeIfAbsent(given.processId(), id -> new ArrayDeque<>()).add(given);
        }
        List<Given> other = new ArrayList<>();
        while (!queues.isEmpty()) {
            List<String> waiting = List.copyOf(queues.keySet());
            String next = waiting.get(random.nextInt(waiting.size()));
            other.add(Objects.requireNonNull(queues.get(next)).remove());
            queues.values().removeIf(Deque::isEmpty);
        }
        return other;
    }
}
