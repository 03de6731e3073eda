package io.processoptimizer.replay;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Writes records as lines of a recording: {@code {"shard","sequence","subsequence","partition_key","arrival","data"}}, in UTF-8. The
 * record's bytes come back exactly: {@code data} holds them as they are where they are one JSON object that can stand on a line, from
 * its first byte { to its last }; {@code data_base64} holds anything else. Not for use by several threads.
 */
public final class EnvelopeWriter {
    /** Far deeper than telemetry, and so that the line, one level deeper, passes the limit of any common parser. */
    private static final int MAX_DEPTH = 100;

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
            .build();

    private static final char[] HEX = "0123456789abcdef".toCharArray();
    private static final int FIRST_PRINTABLE = 0x20;

    private final OutputStream out;
    private final StringBuilder head = new StringBuilder();
    private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder(); // reports what is malformed

    /** @param out buffered by whoever gives it, and not closed by this */
    public EnvelopeWriter(OutputStream out) {
        this.out = out;
    }

    /** Writes one line with its end. */
    public void write(RecordedRecord record) throws IOException {
        head.setLength(0);
        head.append("{\"shard\":");
        appendString(record.shardId());
        head.append(",\"sequence\":\"")
                .append(record.position().sequenceNumber())
                .append("\",\"subsequence\":")
                .append(record.position().subSequenceNumber())
                .append(",\"partition_key\":");
        appendString(record.partitionKey());
        head.append(",\"arrival\":").append(record.arrivalMillis());
        byte[] data = record.data();
        if (isObjectOnALine(data)) {
            writeHead(",\"data\":");
            out.write(data);
            out.write('}');
        } else {
            writeHead(",\"data_base64\":\"");
            out.write(Base64.getEncoder().encode(data));
            out.write('"');
            out.write('}');
        }
        out.write('\n');
    }

    private void writeHead(String lastPiece) throws IOException {
        out.write(head.append(lastPiece).toString().getBytes(StandardCharsets.UTF_8));
    }

    private void appendString(String text) {
        head.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                head.append('\\').append(c);
            } else if (c < FIRST_PRINTABLE || (Character.isSurrogate(c) && !isPaired(text, i))) {
                // Half a surrogate pair has no UTF-8.
                head.append("\\u");
                for (int shift = 12; shift >= 0; shift -= 4) {
                    head.append(HEX[(c >> shift) & 0xf]);
                }
            } else {
                head.append(c);
            }
        }
        head.append('"');
    }

    private static boolean isPaired(String text, int i) {
        char c = text.charAt(i);
        return Character.isHighSurrogate(c)
                ? i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))
                : i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
    }

    private boolean isObjectOnALine(byte[] data) throws IOException {
        if (data.length < 2 || data[0] != '{' || data[data.length - 1] != '}') {
            return false;
        }
        for (byte b : data) {
            // Some readers end a line at a carriage return, too.
            if (b == '\n' || b == '\r') {
                return false;
            }
        }
        CharBuffer text;
        try {
            text = utf8.decode(ByteBuffer.wrap(data));
        } catch (CharacterCodingException e) {
            return false;
        }
        // From characters: given bytes, the parser would take zeros between them for UTF-16.
        try (JsonParser parser =
                JSON.createParser(text.array(), text.arrayOffset() + text.position(), text.remaining())) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return false;
            }
            parser.skipChildren();
            return parser.currentToken() == JsonToken.END_OBJECT && parser.nextToken() == null;
        } catch (JsonProcessingException e) {
            return false;
        }
    }
}
