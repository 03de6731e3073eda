package io.processoptimizer.advise;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PhrasesTest {
    @Test
    void figuresAreRoundedAsStringFormatRoundsThem() {
        SplittableRandom random = new SplittableRandom(23);
        for (int i = 0; i < 20_000; i++) {
            double any = random.nextDouble() * Math.pow(10, random.nextInt(-4, 11));
            double nearTie = (random.nextInt(2_000) + 0.5) / 10 + random.nextInt(-2, 3) * 1e-14;
            double short4 = random.nextInt(2_000_000) / 1e4;
            for (double value : new double[] {any, -any, nearTie, nearTie * 10, short4}) {
                assertThat(Phrases.rounded(value, 0)).isEqualTo(String.format(Locale.ROOT, "%.0f", value));
                assertThat(Phrases.rounded(value, 1)).isEqualTo(String.format(Locale.ROOT, "%.1f", value));
            }
        }
        for (double value : new double[] {0, -0.0, 0.5, 1.5, 0.05, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThat(Phrases.rounded(value, 1)).isEqualTo(String.format(Locale.ROOT, "%.1f", value));
        }
    }

    @Test
    void durationsHaveTheUnitThatPeopleSay() {
        assertThat(Phrases.duration(45_000_000)).isEqualTo("45 s");
        assertThat(Phrases.duration(450_000_000)).isEqualTo("7.5 min");
        assertThat(Phrases.duration(11_520_000_000L)).isEqualTo("3.2 h");
        assertThat(Phrases.percent(0.28)).isEqualTo("28 %");
        assertThat(Phrases.percent(0.028)).isEqualTo("2.8 %");
        assertThat(Phrases.percent(0)).isEqualTo("0.0 %");
    }
}
