package io.processoptimizer.replay;

import java.math.BigDecimal;
import java.util.regex.Pattern;

/**
 * How fast a replay runs.
 *
 * @param factor seconds of the recording in a second, above 0
 */
public record Speed(BigDecimal factor) {
    private static final Pattern FACTOR = Pattern.compile("\\d{1,9}(\\.\\d{1,9})?[xX]?");

    public Speed {
        if (factor.signum() <= 0) {
            throw new IllegalArgumentException("a speed must be above 0, not " + factor);
        }
    }

    /**
     * As a person writes it, with or without the x.
     *
     * @throws IllegalArgumentException with the remedy, where it is none
     */
    public static Speed parse(String option, String text) {
        String digits = text.strip();
        if (FACTOR.matcher(digits).matches()) {
            BigDecimal factor = new BigDecimal(digits.replaceFirst("[xX]$", ""));
            if (factor.signum() > 0) {
                return new Speed(factor.stripTrailingZeros());
            }
        }
        throw new IllegalArgumentException(option + " (" + text
                + ") is no factor above 0; write it like 60x (a minute of the recording in a second), 1x or 0.5x, or leave"
                + " it out for as fast as the machine goes");
    }

    long toRealMillis(long recordedMillis) {
        return Math.round(recordedMillis / factor.doubleValue());
    }

    @Override
    public String toString() {
        return factor.toPlainString() + "x";
    }
}
