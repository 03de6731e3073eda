package io.processoptimizer.replay;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.processoptimizer.decode.GzipRecord;
import io.processoptimizer.decode.RedriveMark;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Looks for the {@code process_id} of a record without decoding it, so that all records of a process go one way. What it says holds
 * for every record that will be accepted; of one that will be refused it may say anything.
 */
final class ProcessPeek {
    private static final byte[] NAME = "\"process_id\"".getBytes(StandardCharsets.US_ASCII);
    private static final JsonFactory JSON = new JsonFactory();

    private ProcessPeek() {}

    /** A number that is the same for all records of a process, however they spell it. */
    static int hash(byte[] data, int from, int to) {
        return hashOfBody(data, from + RedriveMark.bodyFrom(data, from, to - from), to);
    }

    private static int hashOfBody(byte[] data, int from, int to) {
        byte[] inflated = GzipRecord.inflated(data, from, to - from);
        return inflated == null ? hashOfPlain(data, from, to) : hashOfPlain(inflated, 0, inflated.length);
    }

    private static int hashOfPlain(byte[] data, int from, int to) {
        int at = usualValue(data, from, to);
        if (at < 0) {
            String name = thorough(data, from, to);
            return name == null ? 0 : hashOf(name.getBytes(StandardCharsets.UTF_8));
        }
        int hash = 0;
        for (; at < to; at++) {
            byte b = data[at];
            if (b == '"') {
                return spread(hash);
            }
            if (b == '\\') {
                String name = thorough(data, from, to);
                return name == null ? 0 : hashOf(name.getBytes(StandardCharsets.UTF_8));
            }
            hash = hash * 31 + b;
        }
        return 0;
    }

    /** Which of the workers has the records of a process. */
    static int ownerOf(String processId, int workers) {
        return ownerOf(hashOf(processId.getBytes(StandardCharsets.UTF_8)), workers);
    }

    /** @param hash of {@link #hash} */
    static int ownerOf(int hash, int workers) {
        return Integer.remainderUnsigned(hash, workers);
    }

    /** The process of a record, or null where none is named. */
    static @Nullable String processId(byte[] data) {
        byte[] inflated = GzipRecord.inflated(data, 0, data.length);
        return inflated == null ? thorough(data, 0, data.length) : thorough(inflated, 0, inflated.length);
    }

    private static int hashOf(byte[] name) {
        int hash = 0;
        for (byte b : name) {
            hash = hash * 31 + b;
        }
        return spread(hash);
    }

    private static int spread(int hash) {
        int mixed = hash * 0x9E3779B1;
        return mixed ^ (mixed >>> 15);
    }

    /** Where the name begins if {@code process_id} is the record's first field, as it usually is, else -1. */
    private static int usualValue(byte[] data, int from, int to) {
        int at = afterSpace(data, from, to);
        if (at == to || data[at] != '{') {
            return -1;
        }
        at = afterSpace(data, at + 1, to);
        if (to - at < NAME.length || !Arrays.equals(data, at, at + NAME.length, NAME, 0, NAME.length)) {
            return -1;
        }
        at = afterSpace(data, at + NAME.length, to);
        if (at == to || data[at] != ':') {
            return -1;
        }
        at = afterSpace(data, at + 1, to);
        return at < to && data[at] == '"' ? at + 1 : -1;
    }

    private static int afterSpace(byte[] data, int from, int to) {
        int at = from;
        while (at < to && (data[at] == ' ' || data[at] == '\t' || data[at] == '\r' || data[at] == '\n')) {
            at++;
        }
        return at;
    }

    private static @Nullable String thorough(byte[] data, int from, int to) {
        try (JsonParser json = JSON.createParser(data, from, to - from)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                boolean found = json.currentName().equals("process_id");
                JsonToken value = json.nextToken();
                if (found) {
                    return value == JsonToken.VALUE_STRING ? json.getText() : null;
                }
                json.skipChildren();
            }
            return null;
        } catch (IOException malformed) {
            return null;
        }
    }
}
