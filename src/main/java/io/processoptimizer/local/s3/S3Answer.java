package io.processoptimizer.local.s3;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * What is sent back.
 *
 * @param status the HTTP status
 * @param headers beside the length
 * @param body sent from {@code offset}, {@code length} bytes of it; of a HEAD only the length is told
 */
@SuppressWarnings("ArrayRecordComponent") // an object as it is stored, sent without a copy
record S3Answer(int status, Map<String, String> headers, byte[] body, int offset, int length) {
    private static final String NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";

    /** Writes the content of an XML document. */
    @FunctionalInterface
    interface Content {
        void write(Xml xml) throws XMLStreamException;
    }

    static S3Answer empty(int status, Map<String, String> headers) {
        return new S3Answer(status, headers, new byte[0], 0, 0);
    }

    static S3Answer xml(String root, Content content) {
        byte[] body = document(root, NAMESPACE, content);
        return new S3Answer(200, Map.of("Content-Type", "application/xml"), body, 0, body.length);
    }

    /** As the SDKs read it: without a namespace. */
    static S3Answer error(S3Refusal refusal, String resource, String requestId) {
        byte[] body = document("Error", "", xml -> {
            xml.text("Code", refusal.error().code());
            xml.text("Message", refusal.text());
            xml.text("Resource", resource);
            xml.text("RequestId", requestId);
        });
        return new S3Answer(refusal.error().status(), Map.of("Content-Type", "application/xml"), body, 0, body.length);
    }

    private static byte[] document(String root, String namespace, Content content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            XMLStreamWriter writer =
                    XMLOutputFactory.newFactory().createXMLStreamWriter(bytes, StandardCharsets.UTF_8.name());
            writer.writeStartDocument(StandardCharsets.UTF_8.name(), "1.0");
            writer.writeStartElement(root);
            if (!namespace.isEmpty()) {
                writer.writeDefaultNamespace(namespace);
            }
            content.write(new Xml(writer));
            writer.writeEndElement();
            writer.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("writing XML to memory failed: " + e.getMessage(), e);
        }
        return bytes.toByteArray();
    }

    /** Elements of a document. */
    static final class Xml {
        private final XMLStreamWriter writer;

        private Xml(XMLStreamWriter writer) {
            this.writer = writer;
        }

        void text(String name, String value) throws XMLStreamException {
            writer.writeStartElement(name);
            writer.writeCharacters(value);
            writer.writeEndElement();
        }

        void characters(String value) throws XMLStreamException {
            writer.writeCharacters(value);
        }

        void element(String name, Content content) throws XMLStreamException {
            writer.writeStartElement(name);
            content.write(this);
            writer.writeEndElement();
        }
    }
}
