package io.processoptimizer.local.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;

/**
 * AWS JSON: one object, moments as epoch seconds.
 *
 * @param version 1.0 or 1.1, which differ in the media type only
 */
record JsonProtocol(String version) implements Protocol {
    private static final ObjectMapper MAPPER =
            new ObjectMapper().registerModule(new SimpleModule().addSerializer(Instant.class, new EpochSeconds()));

    @Override
    public JsonNode read(byte[] body) throws IOException {
        return body.length == 0 ? MAPPER.createObjectNode() : MAPPER.readTree(body);
    }

    @Override
    public byte[] write(Call call, Map<String, Object> members) throws IOException {
        return MAPPER.writeValueAsBytes(members);
    }

    @Override
    public byte[] write(Call call, ServiceError error) throws IOException {
        return MAPPER.writeValueAsBytes(Map.of("__type", error.code(), "message", error.text()));
    }

    @Override
    public String contentType() {
        return "application/x-amz-json-" + version;
    }

    /** Seconds with three decimals, as the services write them. */
    private static final class EpochSeconds extends JsonSerializer<Instant> {
        @Override
        public void serialize(Instant value, JsonGenerator generator, SerializerProvider provider) throws IOException {
            generator.writeNumber(BigDecimal.valueOf(value.toEpochMilli(), 3));
        }
    }
}
