package io.processoptimizer.decode;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** How often each unknown field of accepted records was ignored, by name, bounded. */
final class IgnoredFields {
    /** Enough to recognise a foreign shape or a spelling mistake; the rest is counted together. */
    static final int MAX_NAMES = 100;

    /** Where the names beyond {@link #MAX_NAMES} are counted. */
    static final String OTHERS = "(others)";

    private final NameTable names = new NameTable(MAX_NAMES);
    private final Map<String, long[]> counts = new HashMap<>();

    /** A name of printable ASCII, at most {@link Printable#MAX_CHARS} bytes. */
    void count(byte[] data, int from, int to) {
        count(names.intern(data, from, to));
    }

    /** Any name. */
    void count(String name) {
        String shown = Printable.text(name);
        long[] count = counts.get(shown);
        if (count == null) {
            String key = counts.size() < MAX_NAMES ? shown : OTHERS;
            count = counts.computeIfAbsent(key, k -> new long[1]);
        }
        count[0]++;
    }

    /** A copy, in the order of the names. */
    Map<String, Long> counts() {
        Map<String, Long> copy = new TreeMap<>();
        counts.forEach((name, count) -> copy.put(name, count[0]));
        return copy;
    }
}
