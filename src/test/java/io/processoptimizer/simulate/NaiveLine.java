package io.processoptimizer.simulate;

import io.processoptimizer.event.StepState;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A serial line without breaks, played millisecond by millisecond with machines and buffers instead of recursions: slow and
 * obviously right. It shares with {@link SerialLine} only the random draws.
 */
final class NaiveLine {

    /** A part completed by a station. */
    record Done(long at, int product, SerialLine.Outcome outcome) {}

    private static final class Machine {
        final StepDraws draws;
        final int buffer;
        final List<Integer> waiting = new ArrayList<>();
        final List<StepState> states = new ArrayList<>();
        final List<Done> done = new ArrayList<>();
        boolean busy;
        boolean holding;
        int product;
        long started;

        Machine(LineSpec spec, int step, SplittableRandom random) {
            this.draws = new StepDraws(spec, step, random);
            this.buffer = step == 0 ? 0 : spec.steps().get(step - 1).bufferAfter();
        }

        boolean hasRoom() {
            return buffer > 0 ? waiting.size() < buffer : waiting.isEmpty() && !busy && !holding;
        }

        StepState stateAt(long now) {
            if (!busy) {
                return holding ? StepState.BLOCKED : StepState.STARVED;
            }
            long spent = now - started;
            if (spent < draws.setupMillis) {
                return StepState.SETUP;
            }
            long worked = spent - draws.setupMillis;
            boolean down = draws.stopMillis > 0
                    && worked >= draws.stopAfterMillis
                    && worked < draws.stopAfterMillis + draws.stopMillis;
            return down ? StepState.DOWN : StepState.RUNNING;
        }
    }

    private final LineSpec spec;
    private final List<Machine> machines = new ArrayList<>();
    private int product;
    private int batchLeft;

    NaiveLine(LineSpec spec, long seed) {
        this.spec = spec;
        this.batchLeft = spec.firstBatchParts();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < spec.steps().size(); i++) {
            machines.add(new Machine(spec, i, random.split()));
        }
    }

    void play(long millis) {
        for (long now = 0; now < millis; now++) {
            boolean changed = true;
            while (changed) {
                changed = false;
                for (int i = 0; i < machines.size(); i++) {
                    changed |= act(i, now);
                }
            }
            for (Machine machine : machines) {
                machine.states.add(machine.stateAt(now));
            }
        }
    }

    List<StepState> states(int step) {
        return machines.get(step).states;
    }

    List<Done> done(int step) {
        return machines.get(step).done;
    }

    private boolean act(int i, long now) {
        Machine machine = machines.get(i);
        StepDraws draws = machine.draws;
        if (machine.busy && now == machine.started + draws.setupMillis + draws.stopMillis + draws.processingMillis) {
            machine.busy = false;
            machine.holding = true;
            SerialLine.Outcome outcome = SerialLine.Outcome.GOOD;
            if (draws.reject) {
                outcome = draws.startup ? SerialLine.Outcome.STARTUP_REJECT : SerialLine.Outcome.REJECT;
            }
            machine.done.add(new Done(now, machine.product, outcome));
            return true;
        }
        if (machine.holding) {
            boolean last = i == machines.size() - 1;
            if (draws.reject || last) {
                machine.holding = false;
                return true;
            }
            if (machines.get(i + 1).hasRoom()) {
                machines.get(i + 1).waiting.add(machine.product);
                machine.holding = false;
                return true;
            }
            return false;
        }
        if (!machine.busy && (i == 0 || !machine.waiting.isEmpty())) {
            machine.product = i == 0 ? nextProduct() : machine.waiting.remove(0);
            draws.draw(machine.product);
            machine.busy = true;
            machine.started = now;
            return true;
        }
        return false;
    }

    private int nextProduct() {
        if (batchLeft == 0) {
            product = (product + 1) % spec.products().size();
            batchLeft = spec.batchParts();
        }
        batchLeft--;
        return product;
    }
}
