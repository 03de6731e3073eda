package io.processoptimizer.replay;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.processoptimizer.emit.DeadLetter;
import io.processoptimizer.event.TelemetryEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * A line of {@code dead-letters.ndjson}: reason, id, detail, shard (a raw file's name), sequence (a raw file's line number),
 * subsequence, index, partition_key, arrival, and the bytes: data where they are text, else data_base64.
 */
final class DeadLetterJson {
    private static final JsonFactory JSON = new JsonFactory();

    private DeadLetterJson() {}

    static byte[] line(DeadLetter letter) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("reason", letter.reason().label());
            json.writeStringField("id", letter.id());
            json.writeStringField("detail", letter.detail());
            json.writeStringField("shard", letter.shardId());
            json.writeStringField("sequence", letter.position().sequenceNumber());
            json.writeNumberField("subsequence", letter.position().subSequenceNumber());
            json.writeNumberField("index", letter.index());
            json.writeStringField("partition_key", letter.partitionKey().isEmpty() ? null : letter.partitionKey());
            if (letter.arrivalMillis() == TelemetryEvent.ABSENT) {
                json.writeNullField("arrival");
            } else {
                json.writeNumberField("arrival", letter.arrivalMillis());
            }
            data(letter.data(), json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return bytes.toByteArray();
    }

    private static void data(byte[] data, JsonGenerator json) throws IOException {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(data))
                    .toString();
            json.writeStringField("data", text);
        } catch (CharacterCodingException binary) {
            json.writeStringField("data_base64", Base64.getEncoder().encodeToString(data));
        }
    }
}
