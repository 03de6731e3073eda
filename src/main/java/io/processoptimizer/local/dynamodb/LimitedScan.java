package io.processoptimizer.local.dynamodb;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.processoptimizer.local.wire.ReadRequest;
import java.io.IOException;
import java.io.InputStream;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/**
 * A Scan with a Limit, whether or not the client gave one. DynamoDB Local reads the whole rest of the table into memory for each page
 * before it cuts the page at 1 MB: one scan of 40 MB took 46 s and 4 GB of heap, and updates of another table up to 5 s; with this
 * 6 s, 0.5 GB and 0.7 s. A client sees pages that end earlier, which it must expect of DynamoDB anyway.
 */
final class LimitedScan {
    /** A page of 1 MB holds about 130 results; a table of fewer items is one page, as it was. */
    static final int MAX_ITEMS = 200;

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private LimitedScan() {}

    /** The request with a Limit in its body; one that is no JSON object stays as it is. */
    static Request of(Request request) throws IOException {
        try (InputStream in = Content.Source.asInputStream(request)) {
            return new ReadRequest(request, limited(in.readAllBytes()));
        }
    }

    static byte[] limited(byte[] body) throws IOException {
        JsonNode scan;
        try {
            scan = MAPPER.readTree(body);
        } catch (JsonProcessingException e) {
            return body; // for DynamoDB Local to refuse
        }
        if (scan instanceof ObjectNode object && !object.hasNonNull("Limit")) {
            return MAPPER.writeValueAsBytes(object.put("Limit", MAX_ITEMS));
        }
        return body;
    }
}
