package io.processoptimizer.recover.rehearse;

import io.processoptimizer.recover.rehearse.Disturbance.How;
import io.processoptimizer.recover.rehearse.Disturbance.Kind;
import io.processoptimizer.recover.rehearse.Disturbance.Restart;
import io.processoptimizer.recover.rehearse.Disturbance.Sink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * What is done, in order, and how long after what was done before: the same seed gives the same plan. Kinds are dealt out like cards,
 * two kills, a stop and a fault at a time, so that a short plan has some of each, too.
 *
 * @param seed of this plan
 * @param steps in order
 */
public record DisturbancePlan(long seed, List<Step> steps) {
    private static final List<Kind> DEAL = List.of(Kind.KILL, Kind.KILL, Kind.STOP, Kind.FAULT);

    private static final List<Sink> SINKS = List.of(Sink.values());
    private static final List<How> HOWS = List.of(How.values());

    /** More shards first, fewer then: splits and merges. */
    private static final int[] RESHARDS = {6, 4};

    /** Below the time in which a lease of a killed worker is free (10 s) and above it. */
    private static final int SHORTEST_PAUSE_MILLIS = 4_000;

    private static final int LONGEST_PAUSE_MILLIS = 30_000;

    /** At once, as a supervisor does it, up to longer than others take to have noticed. */
    private static final int LONGEST_RESTART_MILLIS = 20_000;

    private static final int SHORTEST_FAULT_MILLIS = 3_000;

    /** Longer than the SDK goes on retrying by itself. */
    private static final int LONGEST_FAULT_MILLIS = 20_000;

    /** Any number of workers divides evenly enough into it. */
    private static final int WHICH = 1 << 20;

    public DisturbancePlan {
        steps = List.copyOf(steps);
    }

    /**
     * One disturbance.
     *
     * @param pause since the one before
     */
    public record Step(Duration pause, Disturbance what) {}

    /**
     * @param count of disturbances, ≥ 0
     * @param kinds what may be in it, at least one where count is not 0
     */
    public static DisturbancePlan of(long seed, int count, Set<Kind> kinds) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Kind> deal = DEAL.stream().filter(kinds::contains).toList();
        if (deal.isEmpty() && count > 0) {
            throw new IllegalArgumentException("a plan needs kills, stops or faults");
        }
        List<Kind> dealt = new ArrayList<>();
        while (dealt.size() < count) {
            dealt.addAll(shuffled(deal, random));
        }
        List<Step> steps = new ArrayList<>();
        int resharded = 0;
        for (int i = 0; i < count; i++) {
            boolean reshards = kinds.contains(Kind.RESHARD)
                    && resharded < RESHARDS.length
                    && i == count * (resharded + 1) / (RESHARDS.length + 1);
            Duration pause = between(SHORTEST_PAUSE_MILLIS, LONGEST_PAUSE_MILLIS, random);
            steps.add(new Step(
                    pause,
                    reshards ? new Disturbance.Reshard(RESHARDS[resharded++]) : disturbance(dealt.get(i), random)));
        }
        return new DisturbancePlan(seed, steps);
    }

    private static List<Kind> shuffled(List<Kind> kinds, SplittableRandom random) {
        List<Kind> left = new ArrayList<>(kinds);
        List<Kind> shuffled = new ArrayList<>();
        while (!left.isEmpty()) {
            shuffled.add(left.remove(random.nextInt(left.size())));
        }
        return shuffled;
    }

    private static Disturbance disturbance(Kind kind, SplittableRandom random) {
        return switch (kind) {
            case KILL -> new Disturbance.Kill(random.nextInt(WHICH), restart(random));
            case STOP -> new Disturbance.Stop(random.nextInt(WHICH), restart(random));
            case FAULT ->
                new Disturbance.SinkFault(
                        SINKS.get(random.nextInt(SINKS.size())),
                        HOWS.get(random.nextInt(HOWS.size())),
                        random.nextBoolean() ? 1 : 0.5,
                        between(SHORTEST_FAULT_MILLIS, LONGEST_FAULT_MILLIS, random));
            case RESHARD -> throw new IllegalArgumentException("not dealt");
        };
    }

    private static Restart restart(SplittableRandom random) {
        return new Restart(between(0, LONGEST_RESTART_MILLIS, random), random.nextBoolean());
    }

    private static Duration between(int fromMillis, int toMillis, SplittableRandom random) {
        return Duration.ofMillis(random.nextInt(fromMillis, toMillis + 1));
    }
}
