package io.processoptimizer.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.processoptimizer.advise.Figure;
import io.processoptimizer.model.TrainingData.Example;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * By which a model knows the examples again that it was trained on: the least of their hashes, a uniform sample of them whatever their
 * order (bottom-k sketch; Broder 1997, "On the resemblance and containment of documents"). Immutable.
 */
record TrainingTraces(Set<Long> least) {
    /** A share of a hundredth is seen with a probability of 0.92, and the file grows by 5 kB. */
    private static final int KEPT = 256;

    static final TrainingTraces NONE = new TrainingTraces(Set.of());

    TrainingTraces {
        least = Set.copyOf(least);
    }

    static TrainingTraces of(List<Example> trained) {
        TreeSet<Long> least = new TreeSet<>();
        for (Example example : trained) {
            least.add(hash(example));
            if (least.size() > KEPT) {
                least.pollLast();
            }
        }
        return new TrainingTraces(least);
    }

    /** Which part of the examples that were trained on is among the given ones, as far as the sample tells; NaN without one. */
    double shareIn(List<Example> examples) {
        if (least.isEmpty()) {
            return Double.NaN;
        }
        Set<Long> found = new HashSet<>();
        for (Example example : examples) {
            long hash = hash(example);
            if (least.contains(hash)) {
                found.add(hash);
            }
        }
        return (double) found.size() / least.size();
    }

    /** Of process, time and figures: another plant may have the same names. */
    private static long hash(Example example) {
        long hash = 0;
        for (int i = 0; i < example.processId().length(); i++) {
            hash = mixed(hash ^ example.processId().charAt(i));
        }
        hash = mixed(hash ^ example.endMillis());
        for (Figure figure : Figure.values()) {
            hash = mixed(hash ^ Double.doubleToLongBits(example.later().get(figure)));
        }
        return hash;
    }

    /** The finaliser of SplittableRandom (Stafford's variant 13), after a step. */
    private static long mixed(long from) {
        long z = from + 0x9e3779b97f4a7c15L;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }

    void writeTo(ArrayNode array) {
        new TreeSet<>(least).forEach(hash -> array.add(Long.toHexString(hash)));
    }

    /** @throws NumberFormatException where they are none */
    static TrainingTraces read(JsonNode array) {
        Set<Long> least = new HashSet<>();
        for (JsonNode hash : array) {
            least.add(Long.parseUnsignedLong(hash.asText(), 16));
        }
        return new TrainingTraces(least);
    }
}
