package io.processoptimizer.window;

import io.processoptimizer.event.Calendar;
import io.processoptimizer.event.EventId;
import io.processoptimizer.event.Inference;
import io.processoptimizer.event.ProcessDefinition;
import io.processoptimizer.event.ProcessDefinitions;
import io.processoptimizer.event.ProcessSnapshot;
import io.processoptimizer.event.StepState;
import io.processoptimizer.event.TelemetryEvent;
import io.processoptimizer.window.History.Moment;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Everything a plant can do to the window engine, drawn from one seed. Time is drawn on a coarse grid, so that equal timestamps,
 * edges of panes and ends of claims meet often.
 */
final class HostileHistories {
    private static final int MOST_RECORDS = 60;
    private static final long[] PANES = {1_000, 7_000, 60_000, 3};
    private static final long[] BEGINNINGS = {0, -1_000_000, 1_767_225_600_000L, 1_767_225_599_000L};

    private final SplittableRandom random;
    private final long pane;
    private final long grid;
    private final WindowPolicy policy;
    private final boolean arrivalsKnown;
    private final List<Moment> moments = new ArrayList<>();
    private final List<Given> sent = new ArrayList<>();
    private final int processes;
    private final int steps;

    /** The plant's clock, and the shard's. */
    private long now;

    private long arrival;
    private long shardAt = Long.MIN_VALUE;

    private HostileHistories(SplittableRandom random) {
        this.random = random;
        pane = PANES[random.nextInt(PANES.length)];
        grid = Math.max(1, pane / (1 + random.nextInt(4)));
        policy = policy();
        arrivalsKnown = random.nextInt(4) > 0;
        processes = 1 + random.nextInt(3);
        steps = 1 + random.nextInt(3);
        now = BEGINNINGS[random.nextInt(BEGINNINGS.length)];
        arrival = now + pane;
    }

    static History of(long seed) {
        return new HostileHistories(new SplittableRandom(seed)).draw();
    }

    /** The same, of which some events are corrections. */
    static History corrected(long seed) {
        History history = of(seed);
        SplittableRandom random = new SplittableRandom(~seed);
        IdentityHashMap<TelemetryEvent, TelemetryEvent> marked = new IdentityHashMap<>();
        List<Moment> moments = new ArrayList<>();
        for (Moment moment : history.moments()) {
            Given given = moment instanceof Moment.Comes comes ? comes.given() : null;
            TelemetryEvent event = given == null ? null : given.event();
            if (given == null || event == null) {
                moments.add(moment);
                continue;
            }
            TelemetryEvent own = marked.computeIfAbsent(event, any -> correctedNowAndThen(given, random));
            moments.add(new Moment.Comes(new Given(own, null, given.arrival())));
        }
        return history.withMoments(moments);
    }

    private static TelemetryEvent correctedNowAndThen(Given given, SplittableRandom random) {
        TelemetryEvent event = new TelemetryEvent();
        given.into(event);
        if (random.nextInt(3) == 0) {
            event.correction = true;
            event.good -= random.nextInt(5);
            event.reject -= random.nextInt(3);
            event.startupReject -= random.nextInt(3);
        }
        return event;
    }

    // ---- the policy and the definitions

    private WindowPolicy policy() {
        List<WindowDefinition> windows = new ArrayList<>();
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            long slide = pane * (1 + random.nextInt(3));
            long size = slide * (1 + random.nextInt(5));
            windows.add(
                    random.nextInt(6) == 0
                            ? new WindowDefinition("tumbling" + i, 60 * pane, 60 * pane)
                            : new WindowDefinition("w" + i, size, slide));
        }
        return new WindowPolicy(
                pane,
                pick(0, pane / 12, pane, 3 * pane / 2 + 1),
                pick(0, pane / 2, 2 * pane, 10 * pane, 3 * pane + 1),
                pick(pane, 3 * pane / 2, 20 * pane, 1000 * pane),
                pick(0, pane, 100 * pane),
                pick(40 * pane, 200 * pane + 1, 500 * pane),
                windows);
    }

    /** Versions that follow each other; the signal timeout of a process stays, as in all but a few plants. */
    private ProcessDefinitions definitions() {
        long timeout = pick(ProcessDefinition.NO_TIMEOUT, 2 * pane + 1, 5 * pane, 15 * pane);
        long versionLength = pick(17 * pane, 100_000 * pane);
        SplittableRandom inferring = new SplittableRandom(timeout ^ versionLength ^ pane);
        Inference inference = new Inference(inferring.nextBoolean(), inferring.nextInt(2) * (3 * pane + 1));
        Calendar calendar = pane == 60_000 && random.nextInt(4) > 0 ? calendar() : null;
        Map<String, ProcessDefinition> versions = new HashMap<>();
        return (processId, at) -> {
            String version = "v" + Math.floorDiv(at, versionLength);
            return versions.computeIfAbsent(
                    processId + version,
                    key -> version(version, processId.equals("P1") ? timeout : 5 * pane, calendar)
                            .withInference(processId.equals("P1") ? inference : Inference.NONE));
        };
    }

    /** Short shifts with breaks, so that a history meets many of them. */
    private Calendar calendar() {
        List<Calendar.Shift> shifts = new ArrayList<>();
        int minutes = 1 + random.nextInt(29);
        for (int hour = 0; hour < 24; hour++) {
            LocalTime start = LocalTime.of(hour, random.nextInt(2) * 20);
            LocalTime pause = start.plusMinutes(random.nextInt(minutes));
            List<Calendar.Break> breaks =
                    random.nextBoolean() ? List.of() : List.of(new Calendar.Break(pause, pause.plusMinutes(1)));
            shifts.add(new Calendar.Shift(
                    "shift " + hour, EnumSet.allOf(DayOfWeek.class), start, start.plusMinutes(minutes), breaks));
        }
        return new Calendar(ZoneOffset.ofHours(random.nextInt(3)), shifts, List.of(), LocalTime.MIDNIGHT);
    }

    private static ProcessDefinition version(String version, long timeout, @Nullable Calendar calendar) {
        List<String> order = version.endsWith("0") ? List.of() : List.of("S2", "S1"); // S3 is named by nobody
        return new ProcessDefinition(
                        version, order, null, null, null, 850_000_000L, 300_000L, timeout, Map.of(), 900_000_000L)
                .withCalendar(calendar);
    }

    private long pick(long... values) {
        return values[random.nextInt(values.length)];
    }

    // ---- the stream

    private History draw() {
        ProcessDefinitions definitions = definitions();
        int records = 1 + random.nextInt(MOST_RECORDS);
        while (sent.size() < records) {
            moveOn();
            Given given = sent.isEmpty() || random.nextInt(12) > 0 ? record() : sent.get(random.nextInt(sent.size()));
            given = given.arriving(arrivalsKnown ? arrival() : TelemetryEvent.ABSENT);
            sent.add(given);
            moments.add(new Moment.Comes(given));
            if (random.nextInt(30) == 0) {
                moments.add(new Moment.EverythingIsShown());
            }
        }
        if (random.nextBoolean()) {
            moments.add(new Moment.EverythingIsShown());
        }
        return new History(policy, definitions, List.copyOf(moments));
    }

    private void moveOn() {
        int kind = random.nextInt(40);
        long by;
        if (kind < 20) {
            by = random.nextInt(3) * grid;
        } else if (kind < 30) {
            by = random.nextLong(pane + 1);
        } else if (kind < 36) {
            by = random.nextInt(12) * pane;
        } else if (kind < 38) {
            by = random.nextInt(80) * pane;
        } else if (kind < 39) {
            by = policy.forgetAfterMillis() + random.nextInt(-2, 3) * grid;
        } else {
            by = random.nextLong(1_000_000) * pane;
        }
        now += by;
        // Mostly the shard keeps up; sometimes nothing arrives for a while, and then all at once.
        if (random.nextInt(8) > 0) {
            long due = Math.max(arrival, now + random.nextLong(pane + 1));
            while (arrivalsKnown && arrival < due && random.nextInt(3) == 0) {
                arrival = random.nextBoolean() ? due : arrival + random.nextLong(due - arrival + 1);
                moments.add(new Moment.ShardAt(arrival));
                shardAt = arrival;
            }
            arrival = due;
        }
    }

    /** Arrivals are stamped by several machines, so they are not quite in order, but never before what the shard is known to be at. */
    private long arrival() {
        return random.nextInt(6) > 0 ? arrival : Math.max(shardAt, arrival - random.nextLong(2 * pane));
    }

    private long eventTime() {
        int kind = random.nextInt(20);
        if (kind < 12) {
            return now;
        } else if (kind < 15) {
            return now - random.nextLong(policy.disorderMillis() + 1);
        } else if (kind < 18) {
            return now - random.nextLong(policy.disorderMillis() + policy.allowedLatenessMillis() + pane);
        } else if (kind < 19) {
            return now - random.nextInt(40) * pane;
        }
        return now + random.nextLong(2 * pane);
    }

    private Given record() {
        String processId = "P" + (1 + random.nextInt(processes));
        long time = random.nextBoolean() ? eventTime() : Math.floorDiv(eventTime(), grid) * grid;
        if (random.nextInt(10) == 0) {
            return Given.snapshot(snapshot(processId, time));
        }
        String stepId = "S" + (1 + random.nextInt(steps));
        return Given.event(processId, stepId, time).with(this::fill);
    }

    private void fill(TelemetryEvent event) {
        int kind = random.nextInt(10);
        if (kind < 4) {
            event.state = StepState.ofCode(random.nextInt(8));
        } else if (kind < 7) {
            event.state = StepState.ofCode(random.nextInt(8));
            event.durationMillis = switch (random.nextInt(4)) {
                case 0 -> 0;
                case 1 -> random.nextLong(pane);
                case 2 -> random.nextInt(8) * grid;
                default -> random.nextInt(30) * pane;
            };
        }
        if (kind >= 6) {
            event.good = random.nextInt(5);
            event.reject = random.nextInt(3);
            event.startupReject = random.nextLong(event.reject + 1);
            event.rework = random.nextInt(2);
            event.idealCycleMicros = pick(TelemetryEvent.ABSENT, 1_000, 2_000);
        }
        event.eventId = random.nextInt(3) == 0 ? EventId.digest("e" + random.nextInt(20)) : EventId.NONE;
        if (random.nextInt(3) == 0) {
            return;
        }
        event.goodTotal = random.nextInt(4) == 0 ? random.nextInt(30) : TelemetryEvent.ABSENT;
        event.rejectTotal = random.nextInt(6) == 0 ? random.nextInt(10) : TelemetryEvent.ABSENT;
        event.processedTotal = random.nextInt(6) == 0 ? random.nextInt(30) : TelemetryEvent.ABSENT;
        event.product = random.nextInt(4) == 0 ? "A" + random.nextInt(2) : null;
        event.energyMilliwattHours = random.nextInt(4) == 0 ? random.nextInt(1000) : TelemetryEvent.ABSENT;
        event.utilizationNano = random.nextInt(4) == 0 ? random.nextInt(1_000_000_001) : TelemetryEvent.ABSENT;
        event.cycleTimeMicros = random.nextInt(4) == 0 ? 1 + random.nextInt(100) : TelemetryEvent.ABSENT;
    }

    private ProcessSnapshot snapshot(String processId, long time) {
        List<ProcessSnapshot.StepReading> readings = new ArrayList<>();
        for (int i = random.nextInt(steps + 1); i > 0; i--) {
            readings.add(new ProcessSnapshot.StepReading(
                    "S" + i, pick(TelemetryEvent.ABSENT, 900_000_000, 1), pick(TelemetryEvent.ABSENT, 120)));
        }
        return new ProcessSnapshot(
                processId,
                time,
                pick(TelemetryEvent.ABSENT, 900_000_000, 1_000_000_000),
                pick(TelemetryEvent.ABSENT, 950_000_000, 1_100_000_000),
                pick(TelemetryEvent.ABSENT, 950_000_000, 0),
                pick(TelemetryEvent.ABSENT, 50_000, 60_001),
                readings,
                random.nextInt(4) == 0 ? "e" + random.nextInt(20) : null);
    }
}
