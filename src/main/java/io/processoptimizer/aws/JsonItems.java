package io.processoptimizer.aws;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The outputs' one JSON schema as DynamoDB attributes: objects become maps, arrays lists, numbers keep their digits. So an item of the
 * table and a line of a replay's file cannot drift apart.
 */
final class JsonItems {
    private static final JsonFactory JSON = new JsonFactory();

    private JsonItems() {}

    /**
     * @param json one JSON object
     * @return its fields, in a map that the caller may change
     */
    static Map<String, AttributeValue> item(byte[] json) {
        try (JsonParser parser = JSON.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("an item must be a JSON object");
            }
            return fields(parser);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, AttributeValue> fields(JsonParser parser) throws IOException {
        Map<String, AttributeValue> fields = new HashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            fields.put(name, value(parser));
        }
        return fields;
    }

    private static AttributeValue value(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> AttributeValue.fromM(fields(parser));
            case START_ARRAY -> {
                List<AttributeValue> elements = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    elements.add(value(parser));
                }
                yield AttributeValue.fromL(elements);
            }
            case VALUE_STRING -> AttributeValue.fromS(parser.getText());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> AttributeValue.fromN(parser.getText());
            case VALUE_TRUE -> AttributeValue.fromBool(true);
            case VALUE_FALSE -> AttributeValue.fromBool(false);
            case VALUE_NULL -> AttributeValue.fromNul(true);
            default -> throw new IllegalArgumentException("JSON token " + parser.currentToken() + " has no attribute");
        };
    }

    /** The JSON object that an item was made of. */
    static byte[] json(Map<String, AttributeValue> item) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            write(AttributeValue.fromM(item), json);
        }
        return bytes.toByteArray();
    }

    static void write(AttributeValue value, JsonGenerator json) throws IOException {
        switch (value.type()) {
            case S -> json.writeString(value.s());
            case N -> json.writeNumber(value.n());
            case BOOL -> json.writeBoolean(value.bool());
            case L -> {
                json.writeStartArray();
                for (AttributeValue element : value.l()) {
                    write(element, json);
                }
                json.writeEndArray();
            }
            case M -> {
                json.writeStartObject();
                for (Map.Entry<String, AttributeValue> field : value.m().entrySet()) {
                    json.writeFieldName(field.getKey());
                    write(field.getValue(), json);
                }
                json.writeEndObject();
            }
            default -> json.writeNull();
        }
    }
}
