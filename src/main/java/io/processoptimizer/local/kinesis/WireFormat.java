package io.processoptimizer.local.kinesis;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The two encodings the service speaks; they differ in how bytes and timestamps are written. */
@SuppressWarnings(
        "ImmutableEnumChecker") // An ObjectMapper is not changed after its construction here, and thread safe then.
enum WireFormat {
    JSON("application/x-amz-json-1.1"),
    CBOR("application/x-amz-cbor-1.1");

    /** Base64 of the largest record a stream can be set to, and as much again. */
    private static final int LONGEST_TEXT = 32 << 20;

    private static final int FIRST_BUFFER_BYTES = 1_024;

    private final String contentType;
    private final ObjectMapper mapper;

    WireFormat(String contentType) {
        this.contentType = contentType;
        StreamReadConstraints constraints =
                StreamReadConstraints.builder().maxStringLength(LONGEST_TEXT).build();
        JsonFactory factory = contentType.contains("cbor")
                ? CBORFactory.builder().streamReadConstraints(constraints).build()
                : JsonFactory.builder().streamReadConstraints(constraints).build();
        this.mapper = new ObjectMapper(factory);
    }

    /** The format of a request by its content type; JSON where none is named. */
    static WireFormat of(@Nullable String contentType) {
        return contentType != null && contentType.toLowerCase(Locale.ROOT).contains("cbor") ? CBOR : JSON;
    }

    String contentType() {
        return contentType;
    }

    /** @throws KinesisException Serialization where the body is not an object in this format */
    ObjectNode read(byte[] body) {
        try {
            if (body.length == 0) {
                return mapper.createObjectNode();
            }
            JsonNode tree = mapper.readTree(body);
            if (tree instanceof ObjectNode object) {
                return object;
            }
        } catch (IOException e) {
            throw KinesisError.SERIALIZATION.with(
                    "The request body is not " + this + " (" + contentType + "): " + e.getMessage());
        }
        throw KinesisError.SERIALIZATION.with("The request body must be an object in " + contentType + ".");
    }

    /** The bytes of an answer. */
    byte[] write(Reply reply) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(FIRST_BUFFER_BYTES);
        try (ReplyWriter writer = new ReplyWriter(this, mapper.getFactory().createGenerator(bytes))) {
            writer.object(reply);
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory failed", e);
        }
        return bytes.toByteArray();
    }
}
