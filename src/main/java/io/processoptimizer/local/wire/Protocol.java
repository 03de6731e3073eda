package io.processoptimizer.local.wire;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Map;

/** How members travel. */
interface Protocol {
    /** Reads a request's members; throws where the bytes are not of this protocol. */
    JsonNode read(byte[] body) throws IOException;

    /** Writes the members of an answer. */
    byte[] write(Call call, Map<String, Object> members) throws IOException;

    /** Writes a refusal. */
    byte[] write(Call call, ServiceError error) throws IOException;

    /** The answer's media type. */
    String contentType();
}
