package io.processoptimizer.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class WordsTest {
    private static final long SEED = 11;

    @Test
    void theFirstMarkIsThatOfTheFirstByteThatNeedsALook() {
        SplittableRandom random = new SplittableRandom(SEED);
        byte[] bytes = new byte[8];
        for (int i = 0; i < 300_000; i++) {
            random.nextBytes(bytes);
            for (int at = 0; at < 8; at++) {
                if (random.nextInt(4) > 0) {
                    bytes[at] = (byte) ('a' + random.nextInt(26));
                }
            }
            int special = 0;
            while (special < 8 && isPlain(bytes[special])) {
                special++;
            }
            long marks = Words.special(Words.at(bytes, 0));
            assertThat(marks == 0 ? 8 : Words.before(marks))
                    .as("seed %d, bytes %s", SEED, bytes)
                    .isEqualTo(special);
        }
    }

    private static boolean isPlain(byte b) {
        return b >= ' ' && b != '"' && b != '\\' && b != 0x7F;
    }

    @Test
    void eightDigitsAreANumberAndNothingElseIs() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < 100_000; i++) {
            int number = random.nextInt(100_000_000);
            byte[] digits = String.format(Locale.ROOT, "%08d", number).getBytes(StandardCharsets.US_ASCII);
            long word = Words.at(digits, 0);
            assertThat(Words.notDigits(word)).isZero();
            assertThat(Words.number(word)).isEqualTo(number);
            int count = random.nextInt(1, 9);
            assertThat(Words.number(word, count))
                    .isEqualTo(Long.parseLong(new String(digits, 0, count, StandardCharsets.US_ASCII)));
            random.nextBytes(digits);
            long marks = Words.notDigits(Words.at(digits, 0));
            for (int place = 0; place < digits.length; place++) {
                boolean marked = ((marks >>> (place * Byte.SIZE)) & 0x80) != 0;
                assertThat(marked)
                        .as("seed %d, byte %d", SEED, digits[place])
                        .isEqualTo(digits[place] < '0' || digits[place] > '9');
            }
        }
    }

    @Test
    void aWordAtTheEndOfItsArrayIsTheSameAsInTheMiddle() {
        byte[] middle = "abcdefghijklmnop".getBytes(StandardCharsets.US_ASCII);
        for (int count = 1; count <= 8; count++) {
            byte[] end = "abcdefghijklmnop".substring(0, count).getBytes(StandardCharsets.US_ASCII);
            assertThat(Words.at(end, 0, count)).isEqualTo(Words.at(middle, 0, count));
            assertThat(Words.digest(end, 0, count)).isEqualTo(Words.digest(middle, 0, count));
        }
    }
}
