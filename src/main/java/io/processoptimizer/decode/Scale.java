package io.processoptimizer.decode;

/** Decimals as whole numbers of a unit: how many digits behind the point count, and up to which value. */
final class Scale {
    /** Every number with so many digits fits a long, with room to add half a unit. */
    static final int MAX_DIGITS = 18;

    private static final long[] POWERS_OF_TEN = new long[MAX_DIGITS + 1];

    static {
        long power = 1;
        for (int i = 0; i <= MAX_DIGITS; i++) {
            POWERS_OF_TEN[i] = power;
            power *= 10;
        }
    }

    private final int digits;
    private final long[] most;

    /**
     * @param digits digits behind the point that count, 0 to {@link #MAX_DIGITS}
     * @param max the largest value, in units
     */
    Scale(int digits, long max) {
        this.digits = digits;
        most = new long[digits + 1];
        for (int missing = 0; missing <= digits; missing++) {
            most[missing] = max / POWERS_OF_TEN[missing];
        }
    }

    int digits() {
        return digits;
    }

    /** The largest number that is written with so many digits fewer: a division saved for each number. */
    long most(int missing) {
        return most[missing];
    }

    /** @param exponent 0 to {@link #MAX_DIGITS} */
    static long powerOfTen(int exponent) {
        return POWERS_OF_TEN[exponent];
    }

    /** A number ≥ 0 of at most {@link #MAX_DIGITS} digits without its last ones. */
    static long roundedHalfEven(long value, int lastDigits) {
        long power = POWERS_OF_TEN[lastDigits];
        long quotient = value / power;
        long rest = value - quotient * power;
        long toNext = power - rest;
        return rest > toNext || (rest == toNext && (quotient & 1) == 1) ? quotient + 1 : quotient;
    }
}
