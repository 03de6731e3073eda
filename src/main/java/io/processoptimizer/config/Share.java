package io.processoptimizer.config;

import java.math.BigDecimal;

/**
 * A share of a whole, written {@code 0.85} or {@code 85%}.
 *
 * @param nano billionths, more than 0 and at most one
 */
public record Share(long nano) {
    private static final int NANO_SCALE = 9;

    @Override
    public String toString() {
        String text = BigDecimal.valueOf(nano, NANO_SCALE).stripTrailingZeros().toPlainString();
        return text.indexOf('.') < 0 ? text + ".0" : text;
    }
}
