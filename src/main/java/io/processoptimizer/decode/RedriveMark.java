package io.processoptimizer.decode;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.event.RejectReason;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The mark of a dead letter that was put on the stream again: a line before the input's own bytes, which follow untouched and may be
 * anything. No input that is accepted without a mark begins so, since nothing may follow the object of an event. The mark travels
 * with the record, through recordings too, so that a replay treats it as the worker did.
 *
 * <p>It buys lateness only, as far as panes are retained; every other rule holds for a redriven record as for any.
 *
 * @param reason why the input was refused first
 * @param shardId the shard it came from first
 * @param position where in that shard
 * @param index which observation of the record, from 0
 * @param arrivalMillis when it arrived on the stream first, epoch milliseconds
 * @param stateKept whether the state that it claimed was accepted then, and only its other facts were refused
 */
public record RedriveMark(
        RejectReason reason,
        String shardId,
        RecordPosition position,
        int index,
        long arrivalMillis,
        boolean stateKept) {
    /** The longest first line with its end, bytes: what a redriven input may be shorter than the stream's limit. */
    public static final int MAX_BYTES = 1_024;

    private static final byte[] BEGIN = "{\"redriven\":{".getBytes(StandardCharsets.US_ASCII);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Of a sequence number, by the API of Kinesis. */
    private static final int MAX_SEQUENCE_DIGITS = 129;

    /** Of a shard id, by the API of Kinesis. */
    private static final int MAX_SHARD_CHARS = 128;

    /** The id of the dead letter, which is also that of a later refusal of the same input. */
    public String letterId() {
        return shardId + ":" + position.sequenceNumber() + ":" + position.subSequenceNumber() + ":" + index;
    }

    /** The record to put: the mark, then the input. */
    public byte[] mark(byte[] input) {
        String line = String.format(
                Locale.ROOT,
                "{\"redriven\":{\"reason\":\"%s\",\"shard\":\"%s\",\"sequence\":\"%s\",\"subsequence\":%d,\"index\":%d,"
                        + "\"arrival\":%d,\"state_kept\":%b}}%n",
                reason.label(),
                shardId,
                position.sequenceNumber(),
                position.subSequenceNumber(),
                index,
                arrivalMillis,
                stateKept);
        ByteArrayOutputStream record = new ByteArrayOutputStream(input.length + MAX_BYTES);
        record.writeBytes(line.replace("\r", "").getBytes(StandardCharsets.UTF_8));
        record.writeBytes(input);
        return record.toByteArray();
    }

    /** Whether a record begins as a marked one. */
    public static boolean begins(byte[] data, int offset, int length) {
        return length > BEGIN.length
                && data[offset + 2] == BEGIN[2]
                && Arrays.equals(data, offset, offset + BEGIN.length, BEGIN, 0, BEGIN.length);
    }

    /** Where the input itself begins, bytes from {@code offset}; 0 where the record carries no mark. */
    public static int bodyFrom(byte[] data, int offset, int length) {
        if (begins(data, offset, length)) {
            for (int i = 0; i < Math.min(length, MAX_BYTES); i++) {
                if (data[offset + i] == '\n') {
                    return i + 1;
                }
            }
        }
        return 0;
    }

    /** The mark of a record, or null where it has none that can be read. */
    public static @Nullable RedriveMark read(byte[] data, int offset, int length) {
        int bodyFrom = bodyFrom(data, offset, length);
        if (bodyFrom == 0) {
            return null;
        }
        try {
            JsonNode mark = JSON.readTree(new String(data, offset, bodyFrom, StandardCharsets.UTF_8))
                    .path("redriven");
            String sequence = mark.path("sequence").asText();
            String shard = mark.path("shard").asText();
            if (!sequence.matches("[0-9]{1," + MAX_SEQUENCE_DIGITS + "}")
                    || !shard.matches("[a-zA-Z0-9_.-]{1," + MAX_SHARD_CHARS + "}")
                    || !isNumber(mark, "subsequence")
                    || !isNumber(mark, "index")
                    || !mark.path("arrival").canConvertToLong()) {
                return null;
            }
            return new RedriveMark(
                    RejectReason.valueOf(mark.path("reason").asText().toUpperCase(Locale.ROOT)),
                    shard,
                    new RecordPosition(sequence, mark.path("subsequence").longValue()),
                    mark.path("index").intValue(),
                    mark.path("arrival").longValue(),
                    mark.path("state_kept").asBoolean());
        } catch (JsonProcessingException | IllegalArgumentException e) {
            return null;
        }
    }

    private static boolean isNumber(JsonNode mark, String field) {
        JsonNode value = mark.path(field);
        return value.isIntegralNumber() && value.canConvertToInt() && value.intValue() >= 0;
    }
}
