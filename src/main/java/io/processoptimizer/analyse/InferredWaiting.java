package io.processoptimizer.analyse;

import io.processoptimizer.analyse.oee.Line;
import io.processoptimizer.event.ProcessDefinition;
import io.processoptimizer.event.StepState;
import io.processoptimizer.event.TelemetryEvent;
import io.processoptimizer.window.StepFacts;
import io.processoptimizer.window.StepFacts.PartCounts;
import io.processoptimizer.window.StepFacts.Timeline;
import io.processoptimizer.window.WindowFacts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Waiting that no machine states, told by its neighbours ({@code waiting: inferred} of a definition): an idle step beside one that stands
 * still for longer than the buffer between them lasts is waiting for it. Only IDLE is told anew: UNKNOWN is no signal and never read as
 * anything, and what machines do state stands. So the sum of idle, starved and blocked time is as it was, and with it planned time and every
 * loss.
 *
 * <p>Of two steps that follow each other in the configured order, both seen, the second is <em>starved</em> by the first at an instant t
 * where
 *
 * <ol>
 *   <li>it is IDLE at t;
 *   <li>the first stands still at t: it is DOWN, SETUP, PLANNED_STOP or STARVED, or IDLE and itself starved at t by the step before it;
 *   <li>the first has made nothing since t − cover: it was DOWN, SETUP, PLANNED_STOP, STARVED or IDLE throughout;
 * </ol>
 *
 * with cover = the places between them · the second's cycle: so long it can go on with a full buffer. <em>Blocked</em> is the mirror image:
 * the step behind stands still (DOWN, SETUP, PLANNED_STOP, BLOCKED, or IDLE and itself blocked), and so long this one can go on until an
 * empty buffer is full. A step that is BLOCKED starves nobody and one that is STARVED blocks nobody: there are parts, or there is room.
 * Where both hold, the one holds that began first (a step that has run dry stays so, whatever then stops behind it), of two that began
 * together starved. An idle line in which nobody stands still in one of these ways has no order, and stays IDLE.
 *
 * <p>The cycle is the step's shortest ideal cycle in the window, of those that records stated and the definition knows for the products made,
 * else the shortest that the definition knows of it, else its running time per part; where none of them is known and there are places,
 * nothing is inferred across them. A state that the window begins in counts from its true start; what lies before that state is not looked
 * at. Without a configured order nothing is inferred, nor in a shift or day, whose states are sums.
 *
 * <p>Sources: SEMI E10 (standby: no product), SEMI E116 (blocked) and PackML (Suspended: starved, blocked) for the states; that a stop
 * reaches the machine behind it when the buffer between has run dry, and the one before it when the buffer is full, is how transfer lines are
 * analysed (Gershwin, Manufacturing Systems Engineering, 1994, ch. 3 and 4). Waits for a slow neighbour that runs cannot be told from states
 * and stay IDLE: InferredWaitingLineTest measures how much of the waiting is found.
 *
 * <p>Exact integers, milliseconds. Cost: a few passes over the runs.
 */
final class InferredWaiting {
    private static final long MICROS_PER_MILLI = 1_000;
    private static final long UNKNOWN_COVER = -1;

    /** Ten years, ms: no window is as long, and times stay far from the end of a long. */
    private static final long LONGEST_COVER = 315_360_000_000L;

    private final WindowFacts facts;
    private final ProcessDefinition definition;
    private final List<StepFacts> line;

    private InferredWaiting(WindowFacts facts, List<StepFacts> line) {
        this.facts = facts;
        this.definition = facts.definition();
        this.line = line;
    }

    /** The facts with what is inferred in the place of idle time; the same object where nothing is to be inferred. */
    static WindowFacts in(WindowFacts facts) {
        ProcessDefinition definition = facts.definition();
        if (!definition.waiting().inferred() || definition.stepOrder().isEmpty()) {
            return facts;
        }
        Line line = Line.of(facts);
        return new InferredWaiting(facts, line.steps().subList(0, line.ordered())).told();
    }

    private WindowFacts told() {
        int steps = line.size();
        List<Spans> starved = new ArrayList<>(steps);
        List<Spans> blocked = new ArrayList<>(steps);
        for (int i = 0; i < steps; i++) {
            starved.add(i == 0 ? Spans.NONE : imposed(i - 1, i, starved.get(i - 1), StepState.STARVED));
            blocked.add(Spans.NONE);
        }
        for (int i = steps - 2; i >= 0; i--) {
            blocked.set(i, imposed(i + 1, i, blocked.get(i + 1), StepState.BLOCKED));
        }
        Map<String, StepFacts> told = new HashMap<>();
        for (int i = 0; i < steps; i++) {
            if (!starved.get(i).isEmpty() || !blocked.get(i).isEmpty()) {
                StepFacts step = line.get(i);
                told.put(step.stepId(), Retelling.of(step, definition, starved.get(i), blocked.get(i)));
            }
        }
        if (told.isEmpty()) {
            return facts;
        }
        return facts.withSteps(facts.steps().stream()
                .map(step -> told.getOrDefault(step.stepId(), step))
                .toList());
    }

    /**
     * When a neighbour makes a step wait, if that is idle then.
     *
     * @param own when the neighbour itself waits in the same way, if it is idle then
     * @param as STARVED of a neighbour before the step, BLOCKED of one behind it
     */
    private Spans imposed(int neighbour, int step, Spans own, StepState as) {
        List<String> order = definition.stepOrder();
        StepFacts standing = line.get(neighbour);
        int apart = order.indexOf(line.get(step).stepId()) - order.indexOf(standing.stepId());
        long cover =
                Math.abs(apart) == 1 ? cover(line.get(step), apart > 0 ? standing : line.get(step)) : UNKNOWN_COVER;
        if (cover == UNKNOWN_COVER) {
            return Spans.NONE;
        }
        Spans spans = new Spans();
        Timeline timeline = standing.timeline();
        boolean still = false;
        long from = 0;
        int next = 0;
        for (int run = 0; run < timeline.runs(); run++) {
            StepState state = timeline.states()[run];
            long start = timeline.starts()[run];
            long end = timeline.endOf(run);
            boolean stands = state == StepState.DOWN
                    || state == StepState.SETUP
                    || state == StepState.PLANNED_STOP
                    || state == as;
            if (!stands && state != StepState.IDLE) {
                still = false;
                continue;
            }
            if (!still) {
                still = true;
                from = (run == 0 ? timeline.firstStateSince() : start) + cover;
            }
            if (stands) {
                spans.add(Math.max(start, from), end);
                continue;
            }
            while (next < own.size() && own.to(next) <= start) {
                next++;
            }
            for (int i = next; i < own.size() && own.from(i) < end; i++) {
                spans.add(Math.max(Math.max(start, own.from(i)), from), Math.min(end, own.to(i)));
            }
        }
        return spans;
    }

    /** How long the buffer behind a step lets the other one go on, ms, or {@link #UNKNOWN_COVER}. */
    private long cover(StepFacts step, StepFacts before) {
        long places = definition.waiting().placesAfter(before.stepId());
        if (places == 0) {
            return 0;
        }
        long cycle = cycleMicros(step);
        if (cycle == TelemetryEvent.ABSENT) {
            return UNKNOWN_COVER;
        }
        return Math.min(
                LONGEST_COVER, cycle > Long.MAX_VALUE / places ? LONGEST_COVER : places * cycle / MICROS_PER_MILLI);
    }

    private long cycleMicros(StepFacts step) {
        long shortest = Long.MAX_VALUE;
        long processed = 0;
        for (PartCounts parts : step.parts()) {
            if (parts.processed() <= 0) {
                continue;
            }
            processed += parts.processed();
            long ideal = parts.statedIdealCycleMicros() != TelemetryEvent.ABSENT
                    ? parts.statedIdealCycleMicros()
                    : definition.idealCycleMicros(step.stepId(), parts.product());
            shortest = ideal == TelemetryEvent.ABSENT ? shortest : Math.min(shortest, ideal);
        }
        if (shortest == Long.MAX_VALUE) {
            for (long ideal : definition
                    .idealCycleMicros()
                    .getOrDefault(step.stepId(), Map.of())
                    .values()) {
                shortest = Math.min(shortest, ideal);
            }
        }
        if (shortest != Long.MAX_VALUE) {
            return shortest;
        }
        Timeline timeline = step.timeline();
        long running = 0;
        for (int run = 0; run < timeline.runs(); run++) {
            running += timeline.states()[run] == StepState.RUNNING ? timeline.endOf(run) - timeline.starts()[run] : 0;
        }
        return running > 0 && processed > 0 ? running * MICROS_PER_MILLI / processed : TelemetryEvent.ABSENT;
    }
}
