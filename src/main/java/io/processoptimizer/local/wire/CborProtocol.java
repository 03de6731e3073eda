package io.processoptimizer.local.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.CBORGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Smithy RPC v2 CBOR: one map, moments as epoch seconds under CBOR's tag 1 (https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html). */
record CborProtocol() implements Protocol {
    private static final int EPOCH_TAG = 1;
    private static final double MILLIS = 1000;
    private static final CBORFactory FACTORY = new CBORFactory();
    private static final ObjectMapper MAPPER = new ObjectMapper(FACTORY);

    @Override
    public JsonNode read(byte[] body) throws IOException {
        return body.length == 0 ? MAPPER.createObjectNode() : MAPPER.readTree(body);
    }

    @Override
    public byte[] write(Call call, Map<String, Object> members) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (CBORGenerator generator = FACTORY.createGenerator(bytes)) {
            writeValue(generator, members);
        }
        return bytes.toByteArray();
    }

    @Override
    public byte[] write(Call call, ServiceError error) throws IOException {
        return write(call, Map.of("__type", call.service().namespace() + "#" + error.code(), "message", error.text()));
    }

    @Override
    public String contentType() {
        return "application/cbor";
    }

    private static void writeValue(CBORGenerator generator, Object value) throws IOException {
        if (value instanceof Map<?, ?> members) {
            generator.writeStartObject();
            for (Map.Entry<?, ?> member : members.entrySet()) {
                generator.writeFieldName(String.valueOf(member.getKey()));
                writeValue(generator, member.getValue());
            }
            generator.writeEndObject();
        } else if (value instanceof List<?> elements) {
            generator.writeStartArray();
            for (Object element : elements) {
                writeValue(generator, element);
            }
            generator.writeEndArray();
        } else if (value instanceof Instant moment) {
            generator.writeTag(EPOCH_TAG);
            generator.writeNumber(moment.toEpochMilli() / MILLIS);
        } else {
            generator.writePOJO(value);
        }
    }
}
