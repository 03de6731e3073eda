package io.processoptimizer.local.kinesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HashKeyRangeTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 64, 1000})
    void evenRangesCoverAllKeysWithoutGapOrOverlap(int parts) {
        List<HashKeyRange> ranges = HashKeyRange.evenly(parts);

        assertThat(ranges).hasSize(parts);
        assertThat(ranges.get(0).start()).isEqualTo(BigInteger.ZERO);
        assertThat(ranges.get(parts - 1).end())
                .isEqualTo(BigInteger.TWO.pow(128).subtract(BigInteger.ONE));
        for (int i = 1; i < parts; i++) {
            assertThat(ranges.get(i - 1).isFollowedBy(ranges.get(i))).isTrue();
        }
    }

    @Test
    void hashOfAPartitionKeyIsItsMd5AsAnUnsignedNumber() {
        assertThat(HashKeyRange.hashOf("a")).isEqualTo(new BigInteger("0cc175b9c0f1b6a831c399e269772661", 16));
        assertThat(HashKeyRange.hashOf("message digest"))
                .isEqualTo(new BigInteger("f96b697d7cb7938d525a2f31aaf161d0", 16));
    }

    @Test
    void dividedAndJoinedRangesAreTheSameKeys() {
        HashKeyRange all = HashKeyRange.evenly(1).get(0);
        BigInteger key = BigInteger.valueOf(12345);

        HashKeyRange below = all.below(key);
        HashKeyRange from = all.from(key);

        assertThat(below.end()).isEqualTo(BigInteger.valueOf(12344));
        assertThat(from.start()).isEqualTo(key);
        assertThat(below.joinedWith(from)).isEqualTo(all);
    }

    @Test
    void keysBeyond128BitsAreRefused() {
        assertThatThrownBy(() -> new HashKeyRange(BigInteger.ZERO, BigInteger.TWO.pow(128)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
