package io.processoptimizer.replay;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.event.TelemetryEvent;
import io.processoptimizer.pipeline.ShardRange;
import io.processoptimizer.replay.RecordBlock.Envelope;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads envelopes, the lines of a recording. The form that {@link EnvelopeWriter} writes is read in one pass over its head; any other
 * order, spacing or spelling of the same fields takes the thorough way.
 */
final class EnvelopeParser {
    private static final byte[] SHARD = ascii("{\"shard\":\"");
    private static final byte[] SEQUENCE = ascii("\",\"sequence\":\"");
    private static final byte[] SUBSEQUENCE = ascii("\",\"subsequence\":");
    private static final byte[] PARTITION_KEY = ascii(",\"partition_key\":\"");
    private static final byte[] ARRIVAL = ascii("\",\"arrival\":");
    private static final byte[] DATA = ascii(",\"data\":");
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /** Every number of so many digits fits a long. */
    private static final int MAX_DIGITS = 18;

    /** Of a sequence number, by the API of Kinesis. */
    private static final int MAX_SEQUENCE_DIGITS = 129;

    private final Function<String, ShardRange> shards;
    private final Map<String, ShardRange> known = new HashMap<>();

    private byte[] line = {};
    private int at;
    private int end;

    private byte[] data = {};
    private int dataFrom;
    private int dataTo;

    private String shardName = "";
    private byte[] shardBytes = {};

    /** @param shards the hash range of each shard */
    EnvelopeParser(Function<String, ShardRange> shards) {
        this.shards = shards;
    }

    /**
     * Reads a line.
     *
     * @return null where the line is no envelope but perhaps a record itself
     * @throws MalformedEnvelopeException where it begins as an envelope and is none
     */
    @Nullable
    Envelope parse(byte[] text, int from, int to) throws MalformedEnvelopeException {
        line = text;
        at = from;
        end = to;
        Envelope usual = usual();
        return usual != null ? usual : thorough(from, to);
    }

    /** Holds the record's bytes at {@code [dataFrom, dataTo)}. */
    byte[] data() {
        return data;
    }

    int dataFrom() {
        return dataFrom;
    }

    int dataTo() {
        return dataTo;
    }

    /** A line that looks like an envelope and cannot be read. */
    static final class MalformedEnvelopeException extends Exception {
        private static final long serialVersionUID = 1L;

        MalformedEnvelopeException(String message) {
            super(message);
        }
    }

    private @Nullable Envelope usual() {
        if (!take(SHARD)) {
            return null;
        }
        int shardFrom = at;
        int shardTo = plainString();
        if (shardTo < 0 || !take(SEQUENCE)) {
            return null;
        }
        int sequenceFrom = at;
        while (at < end && isDigit(line[at])) {
            at++;
        }
        int sequenceTo = at;
        if (sequenceTo == sequenceFrom || sequenceTo - sequenceFrom > MAX_SEQUENCE_DIGITS || !take(SUBSEQUENCE)) {
            return null;
        }
        long subsequence = number();
        if (subsequence < 0 || !take(PARTITION_KEY)) {
            return null;
        }
        int keyFrom = at;
        int keyTo = plainString();
        if (keyTo < 0 || !take(ARRIVAL)) {
            return null;
        }
        long arrival = number();
        if (arrival < 0 || !take(DATA) || end - at < 3 || line[at] != '{' || line[end - 1] != '}') {
            return null;
        }
        data = line;
        dataFrom = at;
        dataTo = end - 1;
        return new Envelope(
                shard(shardFrom, shardTo),
                new RecordPosition(text(sequenceFrom, sequenceTo), subsequence),
                text(keyFrom, keyTo),
                arrival,
                null);
    }

    private boolean take(byte[] expected) {
        if (end - at < expected.length
                || !Arrays.equals(line, at, at + expected.length, expected, 0, expected.length)) {
            return false;
        }
        at += expected.length;
        return true;
    }

    /** The end of a string of printable ASCII without escapes, or -1; stands at its closing quote. */
    private int plainString() {
        while (at < end && line[at] != '"') {
            if (line[at] < ' ' || line[at] == '\\') {
                return -1;
            }
            at++;
        }
        return at < end ? at : -1;
    }

    private long number() {
        int from = at;
        long value = 0;
        while (at < end && isDigit(line[at])) {
            value = value * 10 + line[at++] - '0';
        }
        return at > from && at - from <= MAX_DIGITS ? value : -1;
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    private String text(int from, int to) {
        return new String(line, from, to - from, StandardCharsets.ISO_8859_1);
    }

    private ShardRange shard(int from, int to) {
        if (!Arrays.equals(line, from, to, shardBytes, 0, shardBytes.length)) {
            shardName = text(from, to);
            shardBytes = Arrays.copyOfRange(line, from, to);
        }
        return shard(shardName);
    }

    private ShardRange shard(String name) {
        return known.computeIfAbsent(name, shards);
    }

    /** By the JSON parser: any form, and what is wrong with it. */
    private @Nullable Envelope thorough(int from, int to) throws MalformedEnvelopeException {
        String shard = null;
        String sequence = null;
        long subsequence = 0;
        String key = null;
        long arrival = TelemetryEvent.ABSENT;
        boolean hasData = false;
        try (JsonParser json = JSON.createParser(line, from, to - from)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                JsonToken value = json.nextToken();
                switch (name) {
                    case "shard" -> shard = json.getValueAsString();
                    case "sequence" -> sequence = json.getValueAsString();
                    case "subsequence" -> subsequence = value == JsonToken.VALUE_NULL ? 0 : json.getLongValue();
                    case "partition_key" -> key = json.getValueAsString();
                    case "arrival" ->
                        arrival = value == JsonToken.VALUE_NULL ? TelemetryEvent.ABSENT : json.getLongValue();
                    case "data" -> {
                        if (value != JsonToken.START_OBJECT) {
                            throw new IllegalArgumentException(
                                    "data must be an object; other bytes are given as data_base64");
                        }
                        dataFrom = from + (int) json.currentTokenLocation().getByteOffset();
                        json.skipChildren();
                        dataTo = from + (int) json.currentLocation().getByteOffset();
                        data = line;
                        hasData = true;
                    }
                    case "data_base64" -> {
                        data = Base64.getDecoder().decode(json.getText());
                        dataFrom = 0;
                        dataTo = data.length;
                        hasData = true;
                    }
                    default -> json.skipChildren();
                }
            }
            if (sequence == null || !hasData) {
                return null;
            }
            if (sequence.length() > MAX_SEQUENCE_DIGITS) {
                throw new IllegalArgumentException("sequence has " + sequence.length() + " digits, at most "
                        + MAX_SEQUENCE_DIGITS + " are possible");
            }
            return new Envelope(
                    shard(shard == null ? "" : shard), new RecordPosition(sequence, subsequence), key, arrival, null);
        } catch (IOException | IllegalArgumentException e) {
            if (sequence == null && shard == null) {
                return null;
            }
            String why = e instanceof JsonProcessingException said
                    ? said.getOriginalMessage()
                    : String.valueOf(e.getMessage());
            throw new MalformedEnvelopeException("the line begins as an envelope and cannot be read: " + why);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
