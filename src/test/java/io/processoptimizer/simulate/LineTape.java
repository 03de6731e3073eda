package io.processoptimizer.simulate;

import io.processoptimizer.event.StepState;
import java.util.ArrayList;
import java.util.List;

/** Writes down what a line tells. */
final class LineTape implements SerialLine.Observer {

    /** A change of state. */
    record Change(int step, long at, StepState state, SerialLine.Cause cause, int product) {}

    /** A completed part. */
    record Part(int step, long at, int product, SerialLine.Outcome outcome, long processing) {}

    final List<Change> changes = new ArrayList<>();
    final List<Part> parts = new ArrayList<>();
    final List<Long> times = new ArrayList<>();

    @Override
    public void state(int step, long atMillis, StepState state, SerialLine.Cause cause, int product) {
        changes.add(new Change(step, atMillis, state, cause, product));
        times.add(atMillis);
    }

    @Override
    public void part(int step, long atMillis, int product, SerialLine.Outcome outcome, long processingMillis) {
        parts.add(new Part(step, atMillis, product, outcome, processingMillis));
        times.add(atMillis);
    }

    List<Change> changes(int step) {
        return changes.stream().filter(c -> c.step() == step).toList();
    }

    List<Part> parts(int step) {
        return parts.stream().filter(p -> p.step() == step).toList();
    }

    /** The state in each millisecond of [start, end), from the changes. */
    List<StepState> perMillisecond(int step, long start, long end) {
        List<StepState> states = new ArrayList<>();
        List<Change> own = changes(step);
        int next = 0;
        StepState now = StepState.UNKNOWN;
        for (long t = start; t < end; t++) {
            while (next < own.size() && own.get(next).at() <= t) {
                now = own.get(next++).state();
            }
            states.add(now);
        }
        return states;
    }
}
