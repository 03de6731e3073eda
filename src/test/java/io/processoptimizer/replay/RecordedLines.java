package io.processoptimizer.replay;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.processoptimizer.event.RecordPosition;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** Reads recordings back, on its own: by offsets, so that a record's bytes are those of the line. */
public final class RecordedLines {
    private static final JsonFactory JSON = new JsonFactory();

    private RecordedLines() {}

    /** A record in a form that compares. */
    public record Line(String shard, RecordPosition position, String key, long arrival, List<Byte> data) {
        public static Line of(RecordedRecord record) {
            return new Line(
                    record.shardId(),
                    record.position(),
                    record.partitionKey(),
                    record.arrivalMillis(),
                    bytes(record.data()));
        }
    }

    private static List<Byte> bytes(byte[] data) {
        List<Byte> bytes = new ArrayList<>(data.length);
        for (byte b : data) {
            bytes.add(b);
        }
        return bytes;
    }

    /** All records of a folder by shard, in the order of their lines. */
    public static Map<String, List<Line>> ofFolder(Path folder) throws IOException {
        Map<String, List<Line>> shards = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file :
                    files.filter(each -> each.toString().contains(".ndjson")).toList()) {
                List<Line> lines = ofFile(file);
                if (!lines.isEmpty()) {
                    shards.put(String.valueOf(file.getFileName()).replaceAll("\\.ndjson.*", ""), lines);
                }
            }
        }
        return shards;
    }

    static List<Line> ofFile(Path file) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            if (file.toString().endsWith(".gz") && Files.size(file) > 0) {
                return of(new GZIPInputStream(in).readAllBytes());
            }
            return of(in.readAllBytes());
        }
    }

    /** @param lines each with its end */
    static List<Line> of(byte[] lines) throws IOException {
        List<Line> all = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < lines.length; i++) {
            if (lines[i] == '\n') {
                all.add(line(Arrays.copyOfRange(lines, start, i)));
                start = i + 1;
            }
        }
        if (start < lines.length) {
            throw new IOException("the last line has no end");
        }
        return all;
    }

    private static Line line(byte[] line) throws IOException {
        String shard = "";
        String sequence = "";
        long subsequence = -1;
        String key = "";
        long arrival = -1;
        byte @Nullable [] data = null;
        try (JsonParser parser = JSON.createParser(new ByteArrayInputStream(line))) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                switch (name) {
                    case "shard" -> shard = parser.getText();
                    case "sequence" -> sequence = parser.getText();
                    case "subsequence" -> subsequence = parser.getLongValue();
                    case "partition_key" -> key = parser.getText();
                    case "arrival" -> arrival = parser.getLongValue();
                    case "data" -> {
                        int from = (int) parser.currentTokenLocation().getByteOffset();
                        parser.skipChildren();
                        data = Arrays.copyOfRange(
                                line, from, (int) parser.currentLocation().getByteOffset());
                    }
                    case "data_base64" -> data = parser.getBinaryValue();
                    default -> throw new IOException("an unknown field " + name);
                }
            }
        }
        if (data == null) {
            throw new IOException("a line without data");
        }
        return new Line(shard, new RecordPosition(sequence, subsequence), key, arrival, bytes(data));
    }
}
