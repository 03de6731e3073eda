package io.processoptimizer.recover.move;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Items of a table as JSON, in DynamoDB's own notation ({@code {"S":"text"}}); binary attributes are not among ours. */
final class Item {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Item() {}

    static ObjectNode json(Map<String, AttributeValue> item) {
        ObjectNode json = JSON.createObjectNode();
        item.forEach((name, value) -> json.set(name, json(value)));
        return json;
    }

    private static ObjectNode json(AttributeValue value) {
        ObjectNode json = JSON.createObjectNode();
        switch (value.type()) {
            case S -> json.put("S", value.s());
            case N -> json.put("N", value.n());
            case BOOL -> json.put("BOOL", value.bool());
            case SS -> json.set("SS", JSON.valueToTree(value.ss()));
            case M -> json.set("M", json(value.m()));
            default -> throw new IllegalArgumentException("an attribute of type " + value.type() + " is not copied");
        }
        return json;
    }

    /** @throws IOException where it is not what {@link #json} gives */
    static Map<String, AttributeValue> read(JsonNode json) throws IOException {
        Map<String, AttributeValue> item = new HashMap<>();
        for (Map.Entry<String, JsonNode> field : json.properties()) {
            item.put(field.getKey(), value(field.getValue()));
        }
        return item;
    }

    private static AttributeValue value(JsonNode json) throws IOException {
        if (json.has("S")) {
            return AttributeValue.fromS(json.get("S").asText());
        }
        if (json.has("N")) {
            return AttributeValue.fromN(json.get("N").asText());
        }
        if (json.has("BOOL")) {
            return AttributeValue.fromBool(json.get("BOOL").asBoolean());
        }
        if (json.has("M")) {
            return AttributeValue.fromM(read(json.get("M")));
        }
        if (json.has("SS")) {
            List<String> texts = new ArrayList<>();
            json.get("SS").forEach(text -> texts.add(text.asText()));
            return AttributeValue.fromSs(texts);
        }
        throw new IOException("the manifest holds an attribute of an unknown type: " + json);
    }

    static @Nullable String text(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item.get(name);
        return value == null ? null : value.s();
    }

    static long number(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item.get(name);
        return value == null || value.n() == null ? 0 : Long.parseLong(value.n());
    }
}
