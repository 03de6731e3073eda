package io.processoptimizer.advise;

import java.util.List;
import java.util.Locale;

/** Figures as people say them; the same on every machine, whatever its language. */
final class Phrases {
    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final long SECONDS_PER_MINUTE = 60;

    /** Below it a product of doubles is off by far less than {@link #TIE}. */
    private static final double MOST_PARTS = 1e9;

    private static final double TIE = 1e-3;

    private Phrases() {}

    /** "45 s" below two minutes, "7.5 min" below two hours, else "3.2 h". */
    static String duration(long micros) {
        double seconds = (double) micros / MICROS_PER_SECOND;
        if (seconds < 2 * SECONDS_PER_MINUTE) {
            return rounded(seconds, 0) + " s";
        }
        double minutes = seconds / SECONDS_PER_MINUTE;
        return minutes < 2 * SECONDS_PER_MINUTE
                ? rounded(minutes, 1) + " min"
                : rounded(minutes / SECONDS_PER_MINUTE, 1) + " h";
    }

    /** "28 %"; below ten percent "2.8 %". */
    static String percent(double ratio) {
        double percent = ratio * 100;
        return rounded(percent, percent < 9.95 ? 1 : 0) + " %";
    }

    /**
     * As {@code String.format} rounds, which takes its time: it is asked only where a value is so near the middle of two that the
     * product here could not tell on which side it lies.
     *
     * @param places 0 or 1
     */
    static String rounded(double value, int places) {
        double parts = places == 0 ? value : value * 10;
        double whole = Math.rint(parts);
        if (!(value > 0 && parts < MOST_PARTS) || Math.abs(Math.abs(parts - whole) - 0.5) < TIE) {
            return String.format(Locale.ROOT, places == 0 ? "%.0f" : "%.1f", value);
        }
        long digits = (long) whole;
        return places == 0 ? Long.toString(digits) : digits / 10 + "." + digits % 10;
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
