package io.processoptimizer.local.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * AWS Query: a form whose keys are paths ({@code MetricData.member.1.Value}), answered in XML. All values are text; lists are
 * recognised by the step {@code member}.
 */
record QueryProtocol() implements Protocol {
    static final String ACTION = "Action";
    static final String VERSION = "Version";

    private static final String ELEMENT = "member";

    /** No request here is nested deeper than 6 members. */
    private static final int MAX_DEPTH = 16;

    @Override
    public JsonNode read(byte[] body) throws IOException {
        Path root = new Path();
        for (String pair : new String(body, StandardCharsets.UTF_8).split("&", -1)) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            String key = decode(equals < 0 ? pair : pair.substring(0, equals));
            String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
            String[] steps = key.split("\\.", -1);
            if (steps.length > MAX_DEPTH) {
                throw new IOException("parameter " + key + " is nested deeper than " + MAX_DEPTH);
            }
            root.put(steps, value);
        }
        return root.toJson();
    }

    private static String decode(String text) throws IOException {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new IOException("the form is not URL-encoded: " + e.getMessage(), e);
        }
    }

    @Override
    public byte[] write(Call call, Map<String, Object> members) throws IOException {
        return xml(writer -> {
            writer.writeStartElement(call.operation() + "Response");
            String namespace = call.service().queryNamespace();
            if (namespace != null) {
                writer.writeDefaultNamespace(namespace);
            }
            writer.writeStartElement(call.operation() + "Result");
            writeMembers(writer, members);
            writer.writeEndElement();
            writer.writeStartElement("ResponseMetadata");
            writeLeaf(writer, "RequestId", call.requestId());
            writer.writeEndElement();
            writer.writeEndElement();
        });
    }

    @Override
    public byte[] write(Call call, ServiceError error) throws IOException {
        return xml(writer -> {
            writer.writeStartElement("ErrorResponse");
            writer.writeStartElement("Error");
            writeLeaf(writer, "Type", error.status() < 500 ? "Sender" : "Receiver");
            writeLeaf(writer, "Code", error.queryCode());
            writeLeaf(writer, "Message", error.text());
            writer.writeEndElement();
            writeLeaf(writer, "RequestId", call.requestId());
            writer.writeEndElement();
        });
    }

    @Override
    public String contentType() {
        return "text/xml";
    }

    private static void writeMembers(XMLStreamWriter writer, Map<?, ?> members) throws XMLStreamException {
        for (Map.Entry<?, ?> member : members.entrySet()) {
            writeValue(writer, String.valueOf(member.getKey()), member.getValue());
        }
    }

    private static void writeValue(XMLStreamWriter writer, String name, Object value) throws XMLStreamException {
        if (value instanceof Map<?, ?> members) {
            writer.writeStartElement(name);
            writeMembers(writer, members);
            writer.writeEndElement();
        } else if (value instanceof List<?> elements) {
            writer.writeStartElement(name);
            for (Object element : elements) {
                writeValue(writer, ELEMENT, element);
            }
            writer.writeEndElement();
        } else {
            writeLeaf(writer, name, value instanceof Instant moment ? moment.toString() : String.valueOf(value));
        }
    }

    private static void writeLeaf(XMLStreamWriter writer, String name, String text) throws XMLStreamException {
        writer.writeStartElement(name);
        writer.writeCharacters(text);
        writer.writeEndElement();
    }

    private static byte[] xml(XmlBody body) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            XMLStreamWriter writer =
                    XMLOutputFactory.newFactory().createXMLStreamWriter(bytes, StandardCharsets.UTF_8.name());
            body.write(writer);
            writer.close();
        } catch (XMLStreamException e) {
            throw new IOException("the answer could not be written as XML: " + e.getMessage(), e);
        }
        return bytes.toByteArray();
    }

    @FunctionalInterface
    private interface XmlBody {
        void write(XMLStreamWriter writer) throws XMLStreamException;
    }

    /** One step of the keys' tree: a leaf, or named children, or numbered ones. */
    private static final class Path {
        private final Map<String, Path> children = new TreeMap<>();
        private String leaf = "";

        void put(String[] steps, String value) {
            Path at = this;
            for (String step : steps) {
                at = at.children.computeIfAbsent(step, name -> new Path());
            }
            at.leaf = value;
        }

        JsonNode toJson() {
            if (children.isEmpty()) {
                return JsonNodeFactory.instance.textNode(leaf);
            }
            Path elements = children.get(ELEMENT);
            if (elements != null && children.size() == 1) {
                return elements.toList();
            }
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            children.forEach((name, child) -> object.set(name, child.toJson()));
            return object;
        }

        private JsonNode toList() {
            Map<Integer, Path> byIndex = new TreeMap<>();
            children.forEach((index, child) -> {
                if (!index.matches("[0-9]{1,6}")) {
                    throw ServiceError.of("MalformedQueryString", "list index " + index + " is not a number");
                }
                byIndex.put(Integer.parseInt(index), child);
            });
            ArrayNode list = JsonNodeFactory.instance.arrayNode();
            byIndex.values().forEach(child -> list.add(child.toJson()));
            return list;
        }
    }
}
