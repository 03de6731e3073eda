package io.processoptimizer.analyse;

import io.processoptimizer.event.ProcessDefinition;
import io.processoptimizer.event.ProcessDefinition.Profile;
import io.processoptimizer.event.StepState;
import io.processoptimizer.event.TelemetryEvent;
import io.processoptimizer.window.StepFacts;
import io.processoptimizer.window.WindowFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Facts of windows from a seed: every state, carried-in stops, late first events, products with and without an ideal cycle. */
final class RandomFacts {
    private static final StepState[] STATES = StepState.values();

    private final SplittableRandom random;
    private final int maxLengthMillis;

    RandomFacts(long seed, int maxLengthMillis) {
        this.random = new SplittableRandom(seed);
        this.maxLengthMillis = maxLengthMillis;
    }

    WindowFacts next(Profile profile) {
        long length = random.nextInt(1, maxLengthMillis + 1);
        long start = random.nextLong(-10 * length, 10 * length);
        int count = random.nextInt(1, 7);
        boolean ideal = random.nextInt(4) > 0;
        List<StepFacts> steps = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            steps.add(step("s" + i, start, length, ideal));
        }
        ProcessDefinition definition = Definitions.of(
                random.nextBoolean() ? List.of() : order(count),
                profile,
                null,
                random.nextLong(1, length + 2),
                ideal ? Map.of("s0", Map.of("A", random.nextLong(1, 5000))) : Map.of());
        return new WindowFacts("P", "w", start, start + length, definition, steps, null);
    }

    private List<String> order(int count) {
        List<String> order = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            order.add(random.nextInt(order.size() + 1), "s" + i);
        }
        return order;
    }

    private StepFacts step(String id, long start, long length, boolean ideal) {
        StepScript step = StepScript.at(id, start);
        long left = length;
        if (random.nextInt(8) == 0) {
            long late = random.nextLong(1, length + 1);
            step.firstSeenAfter(late);
            left -= late;
        } else {
            long before = random.nextLong(0, length + 1);
            step.since(before, before + random.nextLong(0, length + 1));
        }
        int runs = random.nextInt(1, 12);
        for (int run = 0; run < runs && left > 0; run++) {
            long part = run == runs - 1 ? left : random.nextLong(1, left + 1);
            step.run(STATES[random.nextInt(STATES.length)], part);
            left -= part;
        }
        step.run(StepState.RUNNING, left);
        int counts = random.nextInt(4);
        for (int i = 0; i < counts; i++) {
            long reject = random.nextInt(3);
            long cycle = random.nextLong(1, 1000 * length / 8 + 2);
            step.product(
                    random.nextBoolean() ? "A" : "B",
                    ideal || random.nextInt(4) > 0 ? cycle : TelemetryEvent.ABSENT,
                    random.nextInt(10),
                    reject,
                    random.nextLong(reject + 1),
                    random.nextInt(2));
        }
        return step.build();
    }
}
