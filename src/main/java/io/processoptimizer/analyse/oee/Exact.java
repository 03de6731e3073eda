package io.processoptimizer.analyse.oee;

import java.math.BigInteger;

/**
 * Divisions and comparisons of integers without a rounding but the last. A double holds integers below 2⁵³, and IEEE division is
 * correctly rounded, so the common case is one machine division; beyond, 128 bits or BigInteger carry the same promise.
 */
public final class Exact {
    private static final long DOUBLE_EXACT = 1L << 53;

    /** Bits of a quotient before rounding: 53, a guard bit, and at least one below it that collects the remainder. */
    private static final int QUOTIENT_BITS = 55;

    private Exact() {}

    /** n / d, correctly rounded (half-even); NaN where d is 0. */
    public static double divide(long n, long d) {
        if (d == 0) {
            return Double.NaN;
        }
        if (n < DOUBLE_EXACT && n > -DOUBLE_EXACT && d < DOUBLE_EXACT && d > -DOUBLE_EXACT) {
            return (double) n / d;
        }
        return divide(BigInteger.valueOf(n), BigInteger.valueOf(d));
    }

    /** a·b / (c·d), correctly rounded; NaN where c·d is 0. */
    public static double divideProducts(long a, long b, long c, long d) {
        if (fitsLong(a, b) && fitsLong(c, d)) {
            return divide(a * b, c * d);
        }
        return divide(product(a, b), product(c, d));
    }

    /** n / d, correctly rounded (half-even); NaN where d is 0. For quotients within the normal range of a double. */
    public static double divide(BigInteger n, BigInteger d) {
        if (d.signum() == 0) {
            return Double.NaN;
        }
        if (n.signum() == 0) {
            return 0.0;
        }
        BigInteger an = n.abs();
        BigInteger ad = d.abs();
        // Scaled so that the quotient has 55 or 56 bits; what is left over survives as the lowest bit, so that the
        // conversion to
        // double, itself half-even, sees on which side of a tie the true value lies.
        int shift = QUOTIENT_BITS - (an.bitLength() - ad.bitLength());
        BigInteger[] quotient =
                shift >= 0 ? an.shiftLeft(shift).divideAndRemainder(ad) : an.divideAndRemainder(ad.shiftLeft(-shift));
        long bits = quotient[0].longValueExact() | (quotient[1].signum() == 0 ? 0 : 1);
        double magnitude = Math.scalb((double) bits, -shift);
        return n.signum() == d.signum() ? magnitude : -magnitude;
    }

    /** Negative, 0 or positive as a·b is less than, equal to or greater than c·d, exactly. */
    public static int compareProducts(long a, long b, long c, long d) {
        int high = Long.compare(Math.multiplyHigh(a, b), Math.multiplyHigh(c, d));
        return high != 0 ? high : Long.compareUnsigned(a * b, c * d);
    }

    /** a·b as BigInteger. */
    public static BigInteger product(long a, long b) {
        return BigInteger.valueOf(a).multiply(BigInteger.valueOf(b));
    }

    private static boolean fitsLong(long a, long b) {
        return Math.multiplyHigh(a, b) == (a * b) >> 63;
    }
}
