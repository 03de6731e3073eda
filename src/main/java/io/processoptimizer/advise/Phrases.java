package io.processoptimizer.advise;

import java.util.List;
import java.util.Locale;

/** Figures as people say them; the same on every machine, whatever its language. */
final class Phrases {
    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final long SECONDS_PER_MINUTE = 60;

    private Phrases() {}

    /** "45 s" below two minutes, "7.5 min" below two hours, else "3.2 h". */
    static String duration(long micros) {
        double seconds = (double) micros / MICROS_PER_SECOND;
        if (seconds < 2 * SECONDS_PER_MINUTE) {
            return String.format(Locale.ROOT, "%.0f s", seconds);
        }
        double minutes = seconds / SECONDS_PER_MINUTE;
        return minutes < 2 * SECONDS_PER_MINUTE
                ? String.format(Locale.ROOT, "%.1f min", minutes)
                : String.format(Locale.ROOT, "%.1f h", minutes / SECONDS_PER_MINUTE);
    }

    /** "28 %"; below ten percent "2.8 %". */
    static String percent(double ratio) {
        double percent = ratio * 100;
        return String.format(Locale.ROOT, percent < 9.95 ? "%.1f %%" : "%.0f %%", percent);
    }

    /** "1 stop", "3 stops". */
    static String count(long count, String one) {
        return count + " " + one + (count == 1 ? "" : "s");
    }

    /** "a", "a and b", "a, b and c". */
    static String list(List<String> parts) {
        int last = parts.size() - 1;
        return last < 1
                ? String.join("", parts)
                : String.join(", ", parts.subList(0, last)) + " and " + parts.get(last);
    }
}
