package io.processoptimizer.analyse;

import io.processoptimizer.event.ProcessDefinition;
import io.processoptimizer.event.StepState;
import io.processoptimizer.window.StepFacts;
import io.processoptimizer.window.StepFacts.Timeline;
import java.util.Arrays;

/** One step's timeline, told again with waiting in the place of idle time; used once. */
final class Retelling {
    private final StepFacts step;
    private final ProcessDefinition definition;
    private final Timeline timeline;
    private final long[] starts;
    private final StepState[] states;
    private int runs;
    private long starvedMillis;
    private long blockedMillis;

    private Retelling(StepFacts step, ProcessDefinition definition, int spans) {
        this.step = step;
        this.definition = definition;
        timeline = step.timeline();
        // Each end of a span cuts at most one run.
        starts = new long[timeline.runs() + 2 * spans];
        states = new StepState[timeline.runs() + 2 * spans];
    }

    /**
     * The facts of a step with the waiting that is inferred.
     *
     * @param starved when the step is starved if it is idle
     * @param blocked when it is blocked if it is idle; where both hold, the one that began first does, of equals starved
     */
    static StepFacts of(StepFacts step, ProcessDefinition definition, Spans starved, Spans blocked) {
        Retelling retelling = new Retelling(step, definition, starved.size() + blocked.size());
        retelling.tell(starved, blocked);
        return retelling.runs == 0 ? step : retelling.facts();
    }

    private void tell(Spans starved, Spans blocked) {
        int s = 0;
        int b = 0;
        for (int run = 0; run < timeline.runs(); run++) {
            StepState state = timeline.states()[run];
            long at = timeline.starts()[run];
            long end = timeline.endOf(run);
            if (state != StepState.IDLE) {
                add(at, state);
                continue;
            }
            while (at < end) {
                s = behind(starved, s, at);
                b = behind(blocked, b, at);
                boolean byStarving = s < starved.size() && starved.from(s) <= at;
                boolean byBlocking = b < blocked.size() && blocked.from(b) <= at;
                boolean isStarved = byStarving && (!byBlocking || starved.from(s) <= blocked.from(b));
                long until = Math.min(Math.min(end, nextEdge(starved, s, at)), nextEdge(blocked, b, at));
                add(at, isStarved ? StepState.STARVED : byBlocking ? StepState.BLOCKED : StepState.IDLE);
                starvedMillis += isStarved ? definition.plannedMillis(at, until) : 0;
                blockedMillis += !isStarved && byBlocking ? definition.plannedMillis(at, until) : 0;
                at = until;
            }
        }
    }

    /** The first span from index {@code i} on that ends behind {@code at}. */
    private static int behind(Spans spans, int i, long at) {
        int next = i;
        while (next < spans.size() && spans.to(next) <= at) {
            next++;
        }
        return next;
    }

    private static long nextEdge(Spans spans, int i, long at) {
        if (i == spans.size()) {
            return Long.MAX_VALUE;
        }
        return spans.from(i) > at ? spans.from(i) : spans.to(i);
    }

    private void add(long start, StepState state) {
        if (runs == 0 || states[runs - 1] != state) {
            starts[runs] = start;
            states[runs] = state;
            runs++;
        }
    }

    private StepFacts facts() {
        boolean sameFirst = states[0] == timeline.states()[0];
        Timeline told = new Timeline(
                Arrays.copyOf(starts, runs),
                Arrays.copyOf(states, runs),
                timeline.end(),
                sameFirst ? timeline.firstStateSince() : starts[0],
                timeline.firstActiveSince(),
                timeline.partialStart());
        return step.told(told, step.inferred().waiting(starvedMillis, blockedMillis));
    }
}
