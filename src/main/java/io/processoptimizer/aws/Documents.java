package io.processoptimizer.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.document.Document;

/** JSON as the SDK's documents, in which Bedrock takes the shape of an answer and gives the answer. */
final class Documents {
    /** Deeper than any answer that is read; what lies below is left out. */
    private static final int MAX_DEPTH = 32;

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private Documents() {}

    static Document of(JsonNode node) {
        if (node.isObject()) {
            Map<String, Document> fields = new LinkedHashMap<>();
            node.properties().forEach(field -> fields.put(field.getKey(), of(field.getValue())));
            return Document.fromMap(fields);
        }
        if (node.isArray()) {
            List<Document> elements = new ArrayList<>();
            node.forEach(element -> elements.add(of(element)));
            return Document.fromList(elements);
        }
        if (node.isNumber()) {
            return Document.fromNumber(node.decimalValue());
        }
        if (node.isBoolean()) {
            return Document.fromBoolean(node.booleanValue());
        }
        return node.isTextual() ? Document.fromString(node.textValue()) : Document.fromNull();
    }

    static JsonNode json(Document document) {
        return json(document, 0);
    }

    private static JsonNode json(Document document, int depth) {
        if (document.isNull() || depth > MAX_DEPTH) {
            return JSON.nullNode();
        }
        if (document.isMap()) {
            ObjectNode fields = JSON.objectNode();
            document.asMap().forEach((name, value) -> fields.set(name, json(value, depth + 1)));
            return fields;
        }
        if (document.isList()) {
            ArrayNode elements = JSON.arrayNode();
            document.asList().forEach(element -> elements.add(json(element, depth + 1)));
            return elements;
        }
        if (document.isNumber()) {
            String digits = document.asNumber().stringValue();
            try {
                return JSON.numberNode(new BigDecimal(digits));
            } catch (NumberFormatException e) {
                return JSON.textNode(digits); // NaN and the like are no numbers
            }
        }
        return document.isBoolean() ? JSON.booleanNode(document.asBoolean()) : JSON.textNode(document.asString());
    }
}
