package io.processoptimizer.replay;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.event.RecordPosition;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvelopeWriterTest {
    @Test
    void aJsonObjectStandsInTheLineAsItIs() throws IOException {
        assertThat(lineOf("key", "{\"a\": 1.50,\"a\":[]}".getBytes(UTF_8)))
                .isEqualTo("{\"shard\":\"shardId-0\",\"sequence\":\"12\",\"subsequence\":3,\"partition_key\":\"key\","
                        + "\"arrival\":1767225600123,\"data\":{\"a\": 1.50,\"a\":[]}}\n");
    }

    @Test
    void anythingElseIsBase64() throws IOException {
        assertThat(lineOf("key", "no".getBytes(UTF_8)))
                .isEqualTo("{\"shard\":\"shardId-0\",\"sequence\":\"12\",\"subsequence\":3,\"partition_key\":\"key\","
                        + "\"arrival\":1767225600123,\"data_base64\":\"bm8=\"}\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "}",
                "{}{}",
                "{} {}",
                "{},{}",
                " {}",
                "{} ",
                "{\n}",
                "{\r}",
                "[{}]",
                "{\"a\":1,}",
                "{'a':1}",
                "{\"a\":NaN}",
                "{\"a\":01}",
                "{\"a\":\"\\x\"}",
                "{\"a\":\"\t\"}",
                "{\"a\":\"}",
                "{\"a\":1}}",
                "{/**/}",
                "\ufeff{}",
                "{\"a\":1}\",\"data\":{}",
                "{\u0000}"
            })
    void whatIsNoSingleObjectOnOneLineIsNeverEmbedded(String text) throws IOException {
        assertThat(lineOf("key", text.getBytes(UTF_8))).contains("\"data_base64\":");
        assertComesBack("key", text.getBytes(UTF_8));
    }

    @Test
    void bytesThatAreNoUtf8AreNeverEmbedded() throws IOException {
        assertThat(lineOf("key", "{\"a\":\"é\"}".getBytes(ISO_8859_1))).contains("data_base64");
        assertThat(lineOf("key", "{\"a\":1}".getBytes(UTF_16LE))).contains("data_base64");
        // An overlong slash, and half a surrogate pair.
        assertThat(lineOf("key", new byte[] {'{', '"', (byte) 0xc0, (byte) 0xaf, '"', ':', '1', '}'}))
                .contains("data_base64");
        assertThat(lineOf("key", new byte[] {'{', '"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"', ':', '1', '}'}))
                .contains("data_base64");
    }

    @Test
    void whatIsDeeperThanAParserOfTheLineWouldTakeIsNotEmbedded() throws IOException {
        String deep = "{\"a\":".repeat(1_000) + "1" + "}".repeat(1_000);
        assertThat(lineOf("key", deep.getBytes(UTF_8))).contains("data_base64");
        assertComesBack("key", deep.getBytes(UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\"",
                "\\",
                "\n\r\t\u0000\u001f\u007f",
                "\u2028\u2029\u0085",
                "é😀",
                "\ud800",
                "\udc00\ud800",
                "a\ud83dx",
                "\",\"data\":{}}"
            })
    void hostileKeysComeBack(String key) throws IOException {
        assertComesBack(key, "{\"a\":\"\\ud800 \u2028\"}".getBytes(UTF_8));
    }

    @Test
    void randomBytesAndDamagedObjectsComeBack() throws IOException {
        long seed = Long.getLong("fuzz.seed", 20_260_101L);
        System.out.println("envelope seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        byte[] object = "{\"process_id\":\"P\\u00e9\",\"x\":[1,2.5e-3,{\"y\":null}],\"é😀\":true}".getBytes(UTF_8);
        List<RecordedRecord> records = new ArrayList<>();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        EnvelopeWriter writer = new EnvelopeWriter(out);
        for (int i = 0; i < 20_000; i++) {
            byte[] data = object.clone();
            for (int damage = random.nextInt(4); damage > 0; damage--) {
                data[random.nextInt(data.length)] = (byte) random.nextInt();
            }
            StringBuilder key = new StringBuilder();
            for (int length = random.nextInt(8); length > 0; length--) {
                key.append((char) random.nextInt(random.nextBoolean() ? 128 : 0x10000));
            }
            RecordedRecord record =
                    new RecordedRecord("shardId-0", new RecordPosition("" + i, i % 3), key.toString(), i, data);
            writer.write(record);
            records.add(record);
        }
        assertThat(RecordedLines.of(out.toByteArray()))
                .as("seed %d", seed)
                .isEqualTo(records.stream().map(RecordedLines.Line::of).toList());
    }

    private static RecordedRecord record(String key, byte[] data) {
        return new RecordedRecord("shardId-0", new RecordPosition("12", 3), key, 1_767_225_600_123L, data);
    }

    private static String lineOf(String key, byte[] data) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new EnvelopeWriter(out).write(record(key, data));
        return out.toString(UTF_8);
    }

    private static void assertComesBack(String key, byte[] data) throws IOException {
        assertThat(RecordedLines.of(lineOf(key, data).getBytes(UTF_8)))
                .containsExactly(RecordedLines.Line.of(record(key, data)));
    }
}
