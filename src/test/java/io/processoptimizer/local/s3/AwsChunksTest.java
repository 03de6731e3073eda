package io.processoptimizer.local.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AwsChunksTest {
    @Test
    void chunksAreJoinedAndTrailersRead() {
        AwsChunks decoded = decode(String.join(
                "\r\n",
                List.of(
                        "5;chunk-signature=ab",
                        "hello",
                        "A;chunk-signature=cd",
                        ", ",
                        " world",
                        "0;chunk-signature=ef",
                        "x-amz-checksum-crc32:AAAAAA==",
                        "X-Amz-Trailer-Signature:12",
                        "",
                        "")));
        assertThat(new String(decoded.data(), StandardCharsets.UTF_8)).isEqualTo("hello, \r\n world");
        assertThat(decoded.trailers())
                .isEqualTo(Map.of("x-amz-checksum-crc32", "AAAAAA==", "x-amz-trailer-signature", "12"));
    }

    @Test
    void anEmptyObjectIsOneEmptyChunk() {
        assertThat(decode("0\r\n\r\n").data()).isEmpty();
        assertThat(decode("0\r\nx-amz-checksum-crc32:AAAAAA==\r\n").trailers()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5\r\nhel", "5", "5\r\nhello", "5\r\nhello\r\n", "7fffffff\r\nx\r\n0\r\n\r\n"})
    void aBodyThatEndsEarlyIsIncomplete(String body) {
        assertThatThrownBy(() -> decode(body))
                .isInstanceOfSatisfying(
                        S3Refusal.class, e -> assertThat(e.error()).isEqualTo(S3Error.INCOMPLETE_BODY));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x\r\n", "-1\r\n", "\r\n", "3\r\nhello\r\n0\r\n\r\n", "80000000\r\nx\r\n"})
    void aBodyThatIsNoneIsRefused(String body) {
        assertThatThrownBy(() -> decode(body))
                .isInstanceOfSatisfying(
                        S3Refusal.class, e -> assertThat(e.error()).isEqualTo(S3Error.INVALID_REQUEST));
    }

    private static AwsChunks decode(String body) {
        return AwsChunks.decode(body.getBytes(StandardCharsets.UTF_8));
    }
}
