package io.processoptimizer.window;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The labels of many rows, by small numbers. A step makes few products at a time: they are compared one by one, the one that was used
 * last first; a map is made where there are more. A number whose last row is dropped is given to the next label.
 */
final class Labels {
    /** From here on a map is faster. */
    private static final int FEW = 16;

    private @Nullable String[] labels = {};
    private int[] uses = {};

    /** All numbers are below it. */
    private int count;

    private int last;
    private final Map<String, Integer> many = new HashMap<>(0);

    String get(int number) {
        String label = labels[number];
        if (label == null) {
            throw new IllegalStateException("no row has the label " + number);
        }
        return label;
    }

    /** The number of the label of one more row. */
    @SuppressWarnings("ReferenceEquality") // mostly the same instance; else a look at the characters
    int add(String label) {
        if (last >= count || labels[last] != label) {
            int known = find(label);
            last = known >= 0 ? known : put(label);
        }
        uses[last]++;
        return last;
    }

    private int find(String label) {
        if (count > FEW) {
            return many.getOrDefault(label, -1);
        }
        for (int number = 0; number < count; number++) {
            if (label.equals(labels[number])) {
                return number;
            }
        }
        return -1;
    }

    private int put(String label) {
        int number = 0;
        while (number < count && labels[number] != null) {
            number++;
        }
        if (number == labels.length) {
            int room = Math.max(2, number * 2);
            labels = Arrays.copyOf(labels, room);
            uses = Arrays.copyOf(uses, room);
        }
        labels[number] = label;
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
        if (--uses[number] > 0) {
            return;
        }
        many.remove(get(number));
        labels[number] = null;
        while (count > 0 && labels[count - 1] == null) {
            count--;
        }
        if (count <= FEW) {
            many.clear();
        }
    }

    void clear() {
        labels = new @Nullable String[0];
        uses = new int[0];
        count = 0;
        many.clear();
    }
}
