package io.processoptimizer.simulate;

import java.util.ArrayList;
import java.util.List;

/**
 * The true bottleneck of a line: the station whose speeding up raises the throughput most, found by running the line again
 * for each station with that station's processing times shortened and everything else, all random numbers included, the
 * same. Repairs and changeovers are not shortened.
 *
 * @param gains relative gain of throughput per station in line order; 0.03 means 3 % more parts per hour
 */
public record ThroughputGain(List<Double> gains) {

    /** Processing times of the station under test are multiplied by this. */
    public static final double DEFAULT_FACTOR = 0.95;

    public ThroughputGain {
        gains = List.copyOf(gains);
        if (gains.isEmpty()) {
            throw new IllegalArgumentException("no gains; a line has at least one step");
        }
    }

    /**
     * Runs the line once as it is and once per station.
     *
     * @param parts parts fed into the line in each run, at least 1; some 10,000 give a stable answer
     * @param factor for the processing times of the station under test, above 0
     */
    public static ThroughputGain of(LineSpec line, long seed, long parts, double factor) {
        if (parts < 1) {
            throw new IllegalArgumentException("parts is " + parts + "; use at least 1");
        }
        double base = SerialLine.makespan(line, seed, parts);
        List<Double> gains = new ArrayList<>(line.steps().size());
        for (int step = 0; step < line.steps().size(); step++) {
            gains.add(base / SerialLine.makespan(line.withCycleScaled(step, factor), seed, parts) - 1);
        }
        return new ThroughputGain(gains);
    }

    /** Index of the station with the largest gain, the first of equals. */
    public int bottleneck() {
        int best = 0;
        for (int i = 1; i < gains.size(); i++) {
            if (gains.get(i) > gains.get(best)) {
                best = i;
            }
        }
        return best;
    }
}
