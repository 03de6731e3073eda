package io.processoptimizer.replay;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.processoptimizer.decode.GzipRecord;
import io.processoptimizer.decode.RedriveMark;
import io.processoptimizer.decode.Words;
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

    /** How nearly all records begin, in two words. */
    private static final byte[] USUAL_BEGIN = "{\"process_id\":\"".getBytes(StandardCharsets.US_ASCII);

    private static final long USUAL_FIRST = Words.at(USUAL_BEGIN, 0);
    private static final long USUAL_SECOND = Words.at(USUAL_BEGIN, USUAL_BEGIN.length - Long.BYTES);
    private static final long QUOTES = Words.of('"');
    private static final long BACKSLASHES = Words.of('\\');
    private static final JsonFactory JSON = new JsonFactory();

    private ProcessPeek() {}

    /** A number that is the same for all records of a process, however they spell it. */
    static int hash(byte[] data, int from, int to) {
        int name = from + USUAL_BEGIN.length;
        if (name < to && Words.at(data, from) == USUAL_FIRST && Words.at(data, name - Long.BYTES) == USUAL_SECOND) {
            for (int at = name; at + Long.BYTES <= to; at += Long.BYTES) {
                long word = Words.at(data, at);
                long marks = Words.equal(word, QUOTES) | Words.equal(word, BACKSLASHES);
                if (marks != 0) {
                    int end = at + Words.before(marks);
                    if (data[end] == '"') {
                        return hashOf(data, name, end);
                    }
                    break;
                }
            }
        }
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
        int end = at;
        while (end < to && data[end] != '"' && data[end] != '\\') {
            end++;
        }
        if (end == to) {
            return 0;
        }
        if (data[end] == '\\') {
            String name = thorough(data, from, to);
            return name == null ? 0 : hashOf(name.getBytes(StandardCharsets.UTF_8));
        }
        return hashOf(data, at, end);
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
        return hashOf(name, 0, name.length);
    }

    private static int hashOf(byte[] data, int from, int to) {
        return (int) (Words.digest(data, from, to) >>> Integer.SIZE);
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
