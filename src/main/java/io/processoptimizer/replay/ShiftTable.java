package io.processoptimizer.replay;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeMap;

/** The shifts of all processes of a replay: those of one name that start on one day together, whatever their calendars say of the hours. */
final class ShiftTable {
    /** Some two years of three shifts a day; of more the first give way. */
    private static final int MAX_SHIFTS = 2_000;

    private static final Comparator<Key> BY_DAY = Comparator.comparing(Key::day).thenComparing(Key::shift);

    private final TreeMap<Key, Together> shifts = new TreeMap<>(BY_DAY);

    /** Those that gave way: they do not come back with the next process. */
    private final Set<Key> leftOut = new HashSet<>();

    private record Key(String day, String shift) {}

    private static final class Together {
        final RollUp sums = new RollUp();
        long from = Long.MAX_VALUE;
        long to = Long.MIN_VALUE;
        int provisional;
    }

    /** Takes the last result of a window; one that is no shift counts nothing. */
    void add(WindowDigest digest) {
        String shift = digest.shift();
        String day = digest.day();
        if (shift == null || day == null) {
            return;
        }
        Key key = new Key(day, shift);
        if (leftOut.contains(key)) {
            return;
        }
        Together together = shifts.computeIfAbsent(key, any -> new Together());
        together.sums.add(digest);
        together.from = Math.min(together.from, digest.startMillis());
        together.to = Math.max(together.to, digest.endMillis());
        together.provisional += digest.isFinal() ? 0 : 1;
        if (shifts.size() > MAX_SHIFTS) {
            leftOut.add(shifts.pollFirstEntry().getKey());
        }
    }

    /** How many gave way. */
    int leftOut() {
        return leftOut.size();
    }

    /** By their beginning, then their name. */
    ArrayNode toJson() {
        ArrayNode nodes = JsonNodeFactory.instance.arrayNode();
        shifts.entrySet().stream()
                .sorted(Comparator.comparingLong(entry -> entry.getValue().from))
                .forEach(entry -> {
                    Together together = entry.getValue();
                    ObjectNode node = nodes.addObject()
                            .put("day", entry.getKey().day)
                            .put("shift", entry.getKey().shift)
                            .put("from", together.from)
                            .put("to", together.to)
                            .put("provisional", together.provisional);
                    together.sums.write(node);
                });
        return nodes;
    }
}
