package io.processoptimizer.local.kinesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SequenceNumberTest {
    private static final long CREATED = 1_767_225_600_000L;

    @Test
    void alwaysHas56DigitsAndGivesItsPartsBack() {
        long seed = 20_260_101;
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 10_000; i++) {
            long created = CREATED + random.nextLong(800_000_000_000L);
            int shard = random.nextInt(Integer.MAX_VALUE);
            long position = random.nextLong(Long.MAX_VALUE);
            BigInteger number = new SequenceNumber(created, shard, position, created + random.nextInt()).value();

            assertThat(number.toString()).as("seed %s, number %s", seed, i).hasSize(56);
            assertThat(SequenceNumber.isOurs(number)).isTrue();
            assertThat(SequenceNumber.shardCreatedMillisOf(number)).isEqualTo(created);
            assertThat(SequenceNumber.shardIndexOf(number)).isEqualTo(shard);
            assertThat(SequenceNumber.positionOf(number)).isEqualTo(position);
        }
    }

    @Test
    void risesWithPositionEvenWhenTheClockDoesNot() {
        BigInteger earlier = new SequenceNumber(CREATED, 3, 41, CREATED + 1000).value();
        BigInteger later = new SequenceNumber(CREATED, 3, 42, CREATED).value();

        assertThat(later).isGreaterThan(earlier);
    }

    @Test
    void childNumbersAreGreaterThanAllOfAParents() {
        BigInteger lastOfParent = new SequenceNumber(CREATED, 9, 1_000_000_000, CREATED + 99).value();
        BigInteger firstOfChild = new SequenceNumber(CREATED + 1, 2, 0, CREATED + 1).value();

        assertThat(firstOfChild).isGreaterThan(lastOfParent);
    }

    @Test
    void clockBeforeTheNumbersBeginIsNamed() {
        assertThatThrownBy(() -> new SequenceNumber(0, 0, 0, 0)).hasMessageContaining("set the clock");
    }
}
