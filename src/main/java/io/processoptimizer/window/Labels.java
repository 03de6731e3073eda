package io.processoptimizer.window;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The labels of many rows, by small numbers. A step makes few products at a time: they are compared one by one, the one that was used
 * last first; a map is made where there are more. A number whose last row is dropped is given to the next label. Most steps make one product:
 * the label of number 0 stands here, and not in an array of its own, which would be one more place in memory.
 */
final class Labels {
    /** From here on a map is faster. */
    private static final int FEW = 16;

    /** Of number 0. */
    private @Nullable String first;

    private int usesOfFirst;

    /** Of the numbers from 1 on, each one place further to the front. */
    private @Nullable String[] others = {};

    private int[] usesOfOthers = {};

    /** All numbers of others are below it. */
    private int count = 1;

    private int last;

    /** No number below it is free. */
    private int lowestFree;

    private final Map<String, Integer> many = new HashMap<>(0);

    String get(int number) {
        String label = at(number);
        if (label == null) {
            throw new IllegalStateException("no row has the label " + number);
        }
        return label;
    }

    private @Nullable String at(int number) {
        return number == 0 ? first : others[number - 1];
    }

    /** The number of the label of one more row. */
    @SuppressWarnings("ReferenceEquality") // mostly the same instance; else a look at the characters
    int add(String label) {
        if (last >= count || at(last) != label) {
            int known = find(label);
            last = known >= 0 ? known : put(label);
        }
        if (last == 0) {
            usesOfFirst++;
        } else {
            usesOfOthers[last - 1]++;
        }
        return last;
    }

    private int find(String label) {
        if (count > FEW) {
            return many.getOrDefault(label, -1);
        }
        for (int number = 0; number < count; number++) {
            if (label.equals(at(number))) {
                return number;
            }
        }
        return -1;
    }

    private int put(String label) {
        int number = lowestFree;
        while (number < count && at(number) != null) {
            number++;
        }
        if (number > others.length) {
            others = Arrays.copyOf(others, Math.max(2, number * 2));
            usesOfOthers = Arrays.copyOf(usesOfOthers, others.length);
        }
        if (number == 0) {
            first = label;
        } else {
            others[number - 1] = label;
        }
        lowestFree = number + 1;
        count = Math.max(count, number + 1);
        if (count == FEW + 1 && many.isEmpty()) {
            for (int i = 0; i < count; i++) {
                many.put(get(i), i);
            }
        } else if (count > FEW) {
            many.put(label, number);
        }
        return number;
    }

    /** One row with this label less. */
    void remove(int number) {
        int uses = number == 0 ? --usesOfFirst : --usesOfOthers[number - 1];
        if (uses > 0) {
            return;
        }
        many.remove(get(number));
        lowestFree = Math.min(lowestFree, number);
        if (number == 0) {
            first = null;
        } else {
            others[number - 1] = null;
        }
        while (count > 1 && at(count - 1) == null) {
            count--;
        }
        if (count <= FEW) {
            many.clear();
        }
    }

    void clear() {
        first = null;
        usesOfFirst = 0;
        others = new @Nullable String[0];
        usesOfOthers = new int[0];
        count = 1;
        lowestFree = 0;
        many.clear();
    }
}
