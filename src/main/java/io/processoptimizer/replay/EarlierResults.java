package io.processoptimizer.replay;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Results of an earlier replay or of the live table, in the order of {@code windows.ndjson}: process, window, window end. */
public interface EarlierResults extends Closeable {
    /** Makes parsers of lines. */
    JsonFactory JSON = new JsonFactory();

    /** The next result as a line of {@code windows.ndjson}, or null at the end. */
    byte @Nullable [] next() throws IOException;

    /** What they are, for messages. */
    String name();

    /** Where the last one stands, for messages. */
    String place();

    /** The key by which results are ordered, of one line. */
    static byte[] keyOf(byte[] line) throws IOException {
        String process = null;
        String window = null;
        long end = Long.MIN_VALUE;
        try (JsonParser json = JSON.createParser(line)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("it is no JSON object");
            }
            while ((process == null || window == null || end == Long.MIN_VALUE)
                    && json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                json.nextToken();
                switch (field) {
                    case "process_id" -> process = json.getValueAsString();
                    case "window" -> window = json.getValueAsString();
                    case "window_end" -> end = json.getLongValue();
                    default -> json.skipChildren();
                }
            }
        }
        if (process == null || window == null || end == Long.MIN_VALUE) {
            throw new IOException("process_id, window and window_end are needed");
        }
        return key(process, window, end);
    }

    static byte[] key(String processId, String window, long endMillis) {
        return new Keys()
                .begin()
                .name(processId)
                .name(window)
                .number(endMillis)
                .done()
                .toBytes();
    }
}
