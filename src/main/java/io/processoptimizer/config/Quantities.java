package io.processoptimizer.config;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How quantities are written in configuration: durations (90s, 1h30m), byte sizes (1MiB) and ratios (0.85 or 85%). */
public final class Quantities {
    private static final Pattern DURATION = Pattern.compile("(?:(\\d{1,9})(ms|s|m|h|d))+");
    private static final Pattern DURATION_PART = Pattern.compile("(\\d+)(ms|s|m|h|d)");
    /** Four parts of nine digits: their sum cannot overflow. */
    private static final int MAX_DURATION_TEXT = 40;

    private static final Pattern WHOLE_NUMBER = Pattern.compile("[+-]?\\d{1,18}");
    private static final Pattern BYTES = Pattern.compile("(\\d{1,9}) ?(B|KiB|MiB|GiB)");
    private static final BigDecimal NANO = BigDecimal.valueOf(1_000_000_000L);

    private Quantities() {}

    /**
     * Reads a duration as it is written in configuration: {@code 90s}, {@code 5m}, {@code 1h30m}.
     *
     * @throws IllegalArgumentException with a message that says what to write
     */
    public static Duration parseDuration(String name, String text) {
        try {
            return duration(text);
        } catch (BadValueException e) {
            throw new IllegalArgumentException(e.about(name, text), e);
        }
    }

    /** Reads {@code 90s}, {@code 5m}, {@code 1h30m}, {@code 250ms}, {@code 7d}. */
    static Duration duration(String text) throws BadValueException {
        if (WHOLE_NUMBER.matcher(text).matches()) {
            throw new BadValueException("has no unit", "write " + text + "s or " + text + "m");
        }
        if (text.length() > MAX_DURATION_TEXT || !DURATION.matcher(text).matches()) {
            throw new BadValueException("is not a duration", "write it like 250ms, 90s, 5m, 1h30m or 7d");
        }
        Duration sum = Duration.ZERO;
        Matcher part = DURATION_PART.matcher(text);
        while (part.find()) {
            sum = sum.plusMillis(Long.parseLong(part.group(1)) * unitMillis(part.group(2)));
        }
        return sum;
    }

    private static long unitMillis(String unit) {
        return switch (unit) {
            case "ms" -> 1;
            case "s" -> 1_000;
            case "m" -> 60_000;
            case "h" -> 3_600_000;
            default -> 86_400_000;
        };
    }

    /** In the largest unit that needs no fraction: 90s, 5m, 7d. */
    public static String text(Duration duration) {
        long millis = duration.toMillis();
        return textIn(largestUnitOf(millis), millis);
    }

    /** Two durations that are compared, in the same unit: 90s and 300s. */
    static String[] textOfBoth(Duration a, Duration b) {
        String unit = unitMillis(largestUnitOf(a.toMillis())) < unitMillis(largestUnitOf(b.toMillis()))
                ? largestUnitOf(a.toMillis())
                : largestUnitOf(b.toMillis());
        return new String[] {textIn(unit, a.toMillis()), textIn(unit, b.toMillis())};
    }

    private static String textIn(String unit, long millis) {
        return millis / unitMillis(unit) + unit;
    }

    private static String largestUnitOf(long millis) {
        if (millis == 0) {
            return "s";
        }
        for (String unit : new String[] {"d", "h", "m", "s"}) {
            if (millis % unitMillis(unit) == 0) {
                return unit;
            }
        }
        return "ms";
    }

    /** Reads a whole number, also with underscores: 10_000. */
    static long wholeNumber(String text) throws BadValueException {
        String digits = text.replace("_", "");
        if (!WHOLE_NUMBER.matcher(digits).matches()) {
            throw new BadValueException("is not a whole number", "write it in digits, like 10000");
        }
        return Long.parseLong(digits);
    }

    /** Reads {@code 1048576}, {@code 1024KiB}, {@code 1MiB}. */
    static long bytes(String text) throws BadValueException {
        Matcher matcher = BYTES.matcher(text);
        if (matcher.matches()) {
            return Long.parseLong(matcher.group(1)) << bytesShift(matcher.group(2));
        }
        if (WHOLE_NUMBER.matcher(text.replace("_", "")).matches()) {
            return wholeNumber(text);
        }
        throw new BadValueException("is not a size", "write it like 65536, 512KiB or 1MiB");
    }

    private static int bytesShift(String unit) {
        return switch (unit) {
            case "KiB" -> 10;
            case "MiB" -> 20;
            case "GiB" -> 30;
            default -> 0;
        };
    }

    /** In the largest unit that needs no fraction: 1MiB. */
    static String bytesText(long bytes) {
        for (String unit : new String[] {"GiB", "MiB", "KiB"}) {
            if (bytes != 0 && bytes % (1L << bytesShift(unit)) == 0) {
                return (bytes >> bytesShift(unit)) + unit;
            }
        }
        return Long.toString(bytes);
    }

    /** Reads a share of one, {@code 0.85} or {@code 85%}, as billionths, rounded half-even. */
    static long ratioNano(String text) throws BadValueException {
        boolean percent = text.endsWith("%");
        BigDecimal number =
                decimal(percent ? text.substring(0, text.length() - 1).trim() : text, "0.85 or 85%");
        BigDecimal ratio = percent ? number.movePointLeft(2) : number;
        if (ratio.signum() <= 0 || ratio.compareTo(BigDecimal.ONE) > 0) {
            String guess =
                    !percent && number.compareTo(BigDecimal.ONE) > 0 && number.compareTo(BigDecimal.TEN.pow(2)) <= 0
                            ? "; write " + text + "% if percent is meant"
                            : "";
            throw new BadValueException("is not a share", "use more than 0 and at most 1 (or 100%)" + guess);
        }
        return ratio.multiply(NANO).setScale(0, RoundingMode.HALF_EVEN).longValueExact();
    }

    /** Reads seconds per part, {@code 1.2}, {@code 1.2s} or {@code 800ms}, as microseconds > 0, rounded half-even. */
    static long cycleMicros(String text) throws BadValueException {
        String lower = text.toLowerCase(Locale.ROOT);
        boolean millis = lower.endsWith("ms");
        String digits = millis
                ? lower.substring(0, lower.length() - 2)
                : lower.endsWith("s") ? lower.substring(0, lower.length() - 1) : lower;
        BigDecimal seconds = decimal(digits.trim(), "1.2 (seconds per part)").movePointLeft(millis ? 3 : 0);
        if (seconds.signum() <= 0 || seconds.compareTo(BigDecimal.valueOf(86_400)) > 0) {
            throw new BadValueException("is not a cycle time", "use seconds per part, more than 0 and at most 86400");
        }
        long micros =
                seconds.movePointRight(6).setScale(0, RoundingMode.HALF_EVEN).longValueExact();
        if (micros == 0) {
            throw new BadValueException("is shorter than a microsecond", "use seconds per part, like 1.2");
        }
        return micros;
    }

    private static BigDecimal decimal(String digits, String example) throws BadValueException {
        try {
            // The length is bounded so that an exponent or a mile of digits cannot make a number that takes minutes to
            // handle.
            if (digits.length() <= 24 && digits.indexOf('e') < 0 && digits.indexOf('E') < 0) {
                return new BigDecimal(digits);
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new BadValueException("is not a number", "write it like " + example);
    }
}
