package io.processoptimizer.replay;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.processoptimizer.event.RecordPosition;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads of a line of a recording only where its record stands. */
final class EnvelopePosition {
    private static final JsonFactory JSON = new JsonFactory();

    private EnvelopePosition() {}

    /** @return null where the bytes are no complete line of a recording */
    static @Nullable RecordPosition of(byte[] bytes, int offset, int length) {
        String sequence = null;
        long subsequence = -1;
        try (JsonParser parser = JSON.createParser(bytes, offset, length)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (name.equals("sequence") && value == JsonToken.VALUE_STRING) {
                    sequence = parser.getText();
                } else if (name.equals("subsequence") && value == JsonToken.VALUE_NUMBER_INT) {
                    subsequence = parser.getLongValue();
                } else {
                    parser.skipChildren();
                }
            }
            boolean whole = parser.currentToken() == JsonToken.END_OBJECT && parser.nextToken() == null;
            return whole && sequence != null ? new RecordPosition(sequence, subsequence) : null;
        } catch (IOException | IllegalArgumentException e) {
            return null;
        }
    }
}
