package io.processoptimizer.local.s3;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * What DeleteObjects asks for.
 *
 * @param keys at most 1,000
 * @param quiet whether the answer names failures only
 */
record DeleteRequest(List<String> keys, boolean quiet) {
    private static final int MAX_KEYS = 1_000;

    DeleteRequest {
        keys = List.copyOf(keys);
    }

    static DeleteRequest parse(byte[] body) {
        List<String> keys = new ArrayList<>();
        boolean quiet = false;
        try {
            XMLInputFactory factory = XMLInputFactory.newFactory();
            factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
            factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
            XMLStreamReader reader = factory.createXMLStreamReader(new ByteArrayInputStream(body));
            while (reader.hasNext()) {
                if (reader.next() == XMLStreamConstants.START_ELEMENT) {
                    String name = reader.getLocalName();
                    if (name.equals("Key")) {
                        keys.add(reader.getElementText());
                    } else if (name.equals("Quiet")) {
                        quiet = Boolean.parseBoolean(reader.getElementText());
                    }
                }
            }
        } catch (XMLStreamException e) {
            throw malformed();
        }
        if (keys.isEmpty() || keys.size() > MAX_KEYS) {
            throw malformed();
        }
        return new DeleteRequest(keys, quiet);
    }

    private static S3Refusal malformed() {
        return S3Error.MALFORMED_XML.with("The XML you provided was not well-formed or did not validate against our"
                + " published schema; name 1 to " + MAX_KEYS + " keys.");
    }
}
