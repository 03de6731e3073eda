package io.processoptimizer.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.List;

/** The JSON Schema for editors, derived from the annotations: the shipped one must be equal. */
final class SettingsSchema {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final String DURATION = "^([0-9]{1,9}(ms|s|m|h|d))+$";

    private SettingsSchema() {}

    static String text() throws JsonProcessingException {
        ObjectNode schema = object("Settings of process-optimizer.");
        schema.put("$schema", "http://json-schema.org/draft-07/schema#");
        schema.put("title", "process-optimizer.yaml");
        ObjectNode sections = schema.putObject("properties");
        for (RecordComponent component : Settings.class.getRecordComponents()) {
            Section about = component.getType().getAnnotation(Section.class);
            ObjectNode section = object(about.value());
            section.set("properties", properties(component.getType()));
            sections.set(SettingKey.snake(component.getName()), section);
        }
        return JSON.writeValueAsString(schema) + "\n";
    }

    private static ObjectNode object(String description) {
        ObjectNode node = JSON.createObjectNode();
        node.put("type", "object");
        node.put("description", description);
        node.put("additionalProperties", false);
        return node;
    }

    private static ObjectNode properties(Class<?> record) {
        ObjectNode properties = JSON.createObjectNode();
        for (SettingKey key : SettingKey.of(record, "")) {
            ObjectNode property = properties.putObject(key.name());
            property.put("description", key.about().about());
            type(key, property);
        }
        return properties;
    }

    private static void type(SettingKey key, ObjectNode property) {
        Setting about = key.about();
        if (List.class.isAssignableFrom(key.type())) {
            property.put("type", "array");
            property.putArray("default");
            ObjectNode items = object("An element.");
            items.set("properties", properties(key.elementType()));
            ArrayNode required = items.putArray("required");
            SettingKey.of(key.elementType(), "").forEach(inner -> required.add(inner.name()));
            property.set("items", items);
        } else if (key.type() == int.class && !about.bytes()) {
            property.put("type", "integer");
            property.put("minimum", Long.parseLong(about.min()));
            property.put("maximum", Long.parseLong(about.max()));
            property.put("default", Long.parseLong(about.value()));
        } else {
            if (key.type() == Duration.class) {
                property.put("type", "string");
                property.put("pattern", about.orOff() ? DURATION + "|^off$" : DURATION);
            } else if (key.type().isEnum()) {
                ArrayNode words = property.putArray("enum");
                SettingValue.words(key.type()).forEach(words::add);
            } else if (about.bytes()) {
                property.putArray("type").add("integer").add("string");
            } else if (key.type() == Share.class) {
                property.putArray("type").add("number").add("string");
            } else {
                property.put("type", "string");
            }
            if (!about.value().isEmpty()) {
                property.put("default", about.value());
            }
        }
    }
}
