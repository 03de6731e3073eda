package io.processoptimizer.analyse.oee;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ExactTest {
    private static final long SEED = 20_260_101;
    private static final int CASES = 20_000;

    /** More digits than any quotient of the test needs to tell its side of a tie. */
    private static final MathContext DIGITS = new MathContext(120);

    private static double expected(BigInteger n, BigInteger d) {
        return new BigDecimal(n).divide(new BigDecimal(d), DIGITS).doubleValue();
    }

    private static BigInteger random(SplittableRandom random, int maxBits) {
        BigInteger value = BigInteger.ONE;
        int bits = random.nextInt(maxBits);
        for (int i = 0; i < bits; i++) {
            value = value.shiftLeft(1).add(random.nextBoolean() ? BigInteger.ONE : BigInteger.ZERO);
        }
        return value;
    }

    @Test
    void divisionIsCorrectlyRoundedAtEverySize() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < CASES; i++) {
            BigInteger n = random(random, 190);
            BigInteger d = random(random, 190);
            assertThat(Exact.divide(n, d)).as("%s / %s", n, d).isEqualTo(expected(n, d));
            assertThat(Exact.divide(n.negate(), d)).isEqualTo(-expected(n, d));
        }
    }

    @Test
    void longsAreDividedExactlyBeyondWhatADoubleHolds() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < CASES; i++) {
            long a = random.nextLong() >> random.nextInt(63);
            long b = (random.nextLong() >> random.nextInt(63)) | 1;
            assertThat(Exact.divide(a, b))
                    .as("%s / %s", a, b)
                    .isEqualTo(expected(BigInteger.valueOf(a), BigInteger.valueOf(b)) + 0.0);
        }
        assertThat(Exact.divide((1L << 53) + 1, 1L << 53)).isEqualTo(1.0);
        assertThat(Exact.divide((1L << 53) + 3, 1)).isEqualTo((double) ((1L << 53) + 4));
    }

    @Test
    void productsThatOverflowALongAreDividedAndCompared() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < CASES; i++) {
            long a = random.nextLong(Long.MAX_VALUE) >> random.nextInt(60);
            long b = random.nextLong(Long.MAX_VALUE) >> random.nextInt(60);
            long c = (random.nextLong(Long.MAX_VALUE) >> random.nextInt(60)) | 1;
            long d = (random.nextLong(Long.MAX_VALUE) >> random.nextInt(60)) | 1;
            BigInteger ab = Exact.product(a, b);
            BigInteger cd = Exact.product(c, d);
            assertThat(Exact.divideProducts(a, b, c, d)).isEqualTo(expected(ab, cd));
            assertThat(Integer.signum(Exact.compareProducts(a, b, c, d))).isEqualTo(ab.compareTo(cd));
        }
    }

    @Test
    void divisionByZeroIsNotANumber() {
        assertThat(Exact.divide(0, 0)).isNaN();
        assertThat(Exact.divide(5, 0)).isNaN();
        assertThat(Exact.divide(BigInteger.TEN, BigInteger.ZERO)).isNaN();
        assertThat(Exact.divideProducts(1, 1, Long.MAX_VALUE, 0)).isNaN();
        assertThat(Ratio.UNKNOWN.value()).isNaN();
    }
}
