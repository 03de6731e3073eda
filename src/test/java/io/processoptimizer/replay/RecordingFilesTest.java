package io.processoptimizer.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.pipeline.InputRecord;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingFilesTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    private List<String> damages = List.of();

    @Test
    void aRawFileGivesItsLinesWithTheirNumbersAndWithoutArrival() throws IOException, InterruptedException {
        Files.writeString(directory.resolve("a.ndjson"), "\uFEFF{\"a\":1}\r\n\n  \n{\"a\":2}\nlast without an end");

        assertThat(read("a.ndjson"))
                .containsExactly(
                        "a.ndjson:1 null {\"a\":1}",
                        "a.ndjson:4 null {\"a\":2}",
                        "a.ndjson:5 null last without an end");
        assertThat(damages).isEmpty();
    }

    @Test
    void rawFilesOfAFolderComeOneAfterTheOtherByName() throws IOException, InterruptedException {
        Files.writeString(directory.resolve("b.ndjson"), "{\"b\":1}\n");
        gzip("a.ndjson.gz", "{\"a\":1}\n");
        Files.writeString(directory.resolve("processes.yaml"), "processes: []\n");

        assertThat(read("")).containsExactly("a.ndjson.gz:1 null {\"a\":1}", "b.ndjson:1 null {\"b\":1}");
    }

    @Test
    void envelopesOfSeveralFilesAreMergedBySequenceNumber() throws IOException, InterruptedException {
        gzip("z.ndjson.gz", envelope("s1", "9", "K", "{\"n\":1}") + envelope("s1", "101", "K", "{\"n\":3}"));
        Files.writeString(
                directory.resolve("a.ndjson"),
                envelope("s2", "100", "L", "{\"n\":2}") + envelope("s2", "102", "L", "{\"n\":4}"));

        assertThat(read(""))
                .containsExactly("s1:9 K {\"n\":1}", "s2:100 L {\"n\":2}", "s1:101 K {\"n\":3}", "s2:102 L {\"n\":4}");
    }

    @Test
    void anEnvelopeInAnyOrderAndSpellingIsRead() throws IOException, InterruptedException {
        Files.writeString(directory.resolve("a.ndjson"), """
                {"data" : {"x":"}"}, "arrival": null, "partition_key":"K\\u00e9", "sequence":"7", "shard":"s", "more":[1]}
                {"sequence":"8","data_base64":"AAH/"}
                """);

        assertThat(read("a.ndjson")).containsExactly("s:7 Ké {\"x\":\"}\"}", ":8 null \u0000\u0001\u00ff");
    }

    @Test
    void whatTheWriterWritesIsReadBackWhateverTheBytes() throws IOException, InterruptedException {
        long seed = 5;
        System.out.println("seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        List<String> written = new ArrayList<>();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        EnvelopeWriter writer = new EnvelopeWriter(bytes);
        for (int i = 0; i < 2_000; i++) {
            String key = text(random);
            byte[] data = random.nextBoolean()
                    ? ("{\"k\":\"" + key.replaceAll("[\"\\\\\\p{Cntrl}]", "") + "\"}").getBytes(StandardCharsets.UTF_8)
                    : text(random).getBytes(StandardCharsets.ISO_8859_1);
            writer.write(new RecordedRecord("s", new RecordPosition("" + (1000 + i), i % 3), key, i, data));
            written.add("s:" + (1000 + i) + " " + key + " " + new String(data, StandardCharsets.ISO_8859_1));
        }
        Files.write(directory.resolve("a.ndjson"), bytes.toByteArray());

        assertThat(read("a.ndjson")).isEqualTo(written);
    }

    private static String text(SplittableRandom random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--) {
            text.append((char) (random.nextBoolean() ? random.nextInt(128) : random.nextInt(256)));
        }
        return text.toString();
    }

    @Test
    void aLineThatBeginsAsAnEnvelopeAndIsNoneKeepsItsPlaceAndSaysWhy() throws IOException, InterruptedException {
        Files.writeString(
                directory.resolve("a.ndjson"),
                envelope("s", "1", "K", "{}") + "{\"shard\":\"s\",\"sequence\":\"2\",\"data\":17}\n"
                        + envelope("s", "3", "K", "{}"));

        List<String> read = read("a.ndjson");
        assertThat(read).hasSize(3);
        assertThat(read.get(1))
                .startsWith(
                        "a.ndjson:2 FAULT the line begins as an envelope and cannot be read: data must be an object");
    }

    @Test
    void aCutGzipGivesWhatItHoldsAndSaysAfterWhichLineItEnds() throws IOException, InterruptedException {
        StringBuilder lines = new StringBuilder();
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 20_000; i++) {
            lines.append("{\"n\":").append(random.nextLong()).append("}\n");
        }
        byte[] whole = zipped(lines.toString());
        Files.write(directory.resolve("a.ndjson.gz"), Arrays.copyOf(whole, whole.length / 2));
        Files.writeString(directory.resolve("b.ndjson"), "{\"b\":1}\n");

        List<String> read = read("");
        assertThat(read).hasSizeBetween(5_000, 15_000).endsWith("b.ndjson:1 null {\"b\":1}");
        assertThat(damages)
                .singleElement()
                .asString()
                .startsWith("a.ndjson.gz is cut off: its gzip ends early, after line " + (read.size() - 1));
    }

    @Test
    void aRecordingThatIsNotInStreamOrderIsRefusedFromThereOn() throws IOException, InterruptedException {
        Files.writeString(
                directory.resolve("a.ndjson"),
                envelope("s", "5", "K", "{}") + envelope("t", "1", "K", "{}") + envelope("s", "4", "K", "{}"));

        assertThat(read("a.ndjson")).hasSize(2);
        assertThat(damages).singleElement().asString().contains("a.ndjson:3: sequence 4 comes after 5");
    }

    @Test
    void aLineBeyondTheLimitIsCutAndTheNextOneIsWhole() throws IOException, InterruptedException {
        Path file = directory.resolve("a.ndjson");
        try (OutputStream out = Files.newOutputStream(file)) {
            byte[] mebibyte = new byte[1 << 20];
            Arrays.fill(mebibyte, (byte) 'x');
            for (int i = 0; i < 40; i++) {
                out.write(mebibyte);
            }
            out.write("\n{\"a\":1}\n{\"a\":2}\n".getBytes(StandardCharsets.US_ASCII));
        }

        List<String> read = read("a.ndjson");
        assertThat(read).hasSize(3).endsWith("a.ndjson:2 null {\"a\":1}", "a.ndjson:3 null {\"a\":2}");
        assertThat(read.get(0).length()).isBetween(RecordBlock.MAX_LINE_BYTES, 40 << 20);
    }

    @Test
    void aFolderWithoutARecordingIsRefusedWithARemedy() throws IOException {
        Files.writeString(directory.resolve("windows.ndjson"), "{}\n");
        Files.writeString(directory.resolve("comparison.ndjson"), "{}\n");
        Files.writeString(directory.resolve("differences.ndjson"), "{}\n");

        assertThatThrownBy(() -> read(""))
                .isInstanceOf(InputDamagedException.class)
                .hasMessageContaining("it holds the output of a replay; give the recording that was replayed");
        assertThatThrownBy(() -> read("none.ndjson")).hasMessageContaining("none.ndjson does not exist");
    }

    /** Each record as shard:sequence, partition key or fault, and its bytes as Latin-1. */
    private List<String> read(String name) throws IOException, InterruptedException {
        List<String> records = new ArrayList<>();
        Path input = name.isEmpty() ? Path.of(".") : Path.of(name);
        try (RecordSource source = ReplayInput.open(List.of(input), directory, InputStream.nullInputStream())) {
            RecordBlock block = new RecordBlock(new RecordBlock.Spare());
            for (block.clear(); source.fill(block); block.clear()) {
                for (int i = 0; i < block.count(); i++) {
                    InputRecord record = block.record(i);
                    String fault = block.fault(i);
                    records.add(record.shard().shardId() + ":"
                            + record.position().sequenceNumber() + " "
                            + (fault == null ? record.partitionKey() : "FAULT " + fault) + " "
                            + new String(
                                    record.buffer(), record.offset(), record.length(), StandardCharsets.ISO_8859_1));
                }
            }
            damages = source.damages();
        }
        return records;
    }

    private static String envelope(String shard, String sequence, String key, String data) {
        return "{\"shard\":\"" + shard + "\",\"sequence\":\"" + sequence + "\",\"subsequence\":0,\"partition_key\":\""
                + key + "\",\"arrival\":1767225600000,\"data\":" + data + "}\n";
    }

    private void gzip(String name, String text) throws IOException {
        Files.write(directory.resolve(name), zipped(text));
    }

    private static byte[] zipped(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)).transferTo(out);
        }
        return bytes.toByteArray();
    }

    /** Else all that follows would come out of order, and be left unread. */
    @Test
    void aSequenceNumberThatNoStreamGivesSpoilsItsOwnLineOnly() throws IOException, InterruptedException {
        Files.writeString(
                directory.resolve("a.ndjson"),
                envelope("s", "5", "K", "{\"n\":1}")
                        + envelope("s", "9".repeat(130), "K", "{\"n\":2}")
                        + envelope("s", "6", "K", "{\"n\":3}"));

        assertThat(read("a.ndjson")).hasSize(3).startsWith("s:5 K {\"n\":1}").endsWith("s:6 K {\"n\":3}");
        assertThat(damages).isEmpty();
    }

    @Test
    void peekingAtTheProcessAgreesForEverySpellingOfItsName() {
        int usual = hash("{\"process_id\":\"LINE-é\",\"x\":1}");
        assertThat(hash(" { \"process_id\" : \"LINE-é\"}")).isEqualTo(usual);
        assertThat(hash("{\"x\":{\"process_id\":\"other\"},\"process_id\":\"LINE-é\"}"))
                .isEqualTo(usual);
        assertThat(hash("{\"process_id\":\"LINE-\\u00e9\"}")).isEqualTo(usual);
        assertThat(hash("not JSON at all")).isZero();
    }

    private static int hash(String record) {
        byte[] bytes = record.getBytes(StandardCharsets.UTF_8);
        return ProcessPeek.hash(bytes, 0, bytes.length);
    }
}
