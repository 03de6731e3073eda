package io.processoptimizer.local.kinesis;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.dataformat.cbor.CBORGenerator;
import java.io.Closeable;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Writes an answer member by member in either format. A member whose value is null is left out, as the service does. */
final class ReplyWriter implements Closeable {
    /** The tag of CBOR for a time since the epoch; the service counts milliseconds there. */
    private static final int CBOR_EPOCH_TIME = 1;

    private static final int MILLI_SCALE = 3;

    private final WireFormat format;
    private final JsonGenerator generator;

    ReplyWriter(WireFormat format, JsonGenerator generator) {
        this.format = format;
        this.generator = generator;
    }

    void object(Reply members) throws IOException {
        generator.writeStartObject();
        members.writeTo(this);
        generator.writeEndObject();
    }

    void text(String name, @Nullable String value) throws IOException {
        if (value != null) {
            generator.writeStringField(name, value);
        }
    }

    void number(String name, long value) throws IOException {
        generator.writeNumberField(name, value);
    }

    void flag(String name, boolean value) throws IOException {
        generator.writeBooleanField(name, value);
    }

    void bytes(String name, byte[] value) throws IOException {
        generator.writeBinaryField(name, value);
    }

    void timestamp(String name, long epochMillis) throws IOException {
        generator.writeFieldName(name);
        if (generator instanceof CBORGenerator cbor && format == WireFormat.CBOR) {
            cbor.writeTag(CBOR_EPOCH_TIME);
            cbor.writeNumber(epochMillis);
        } else {
            generator.writeNumber(BigDecimal.valueOf(epochMillis, MILLI_SCALE));
        }
    }

    void object(String name, Reply members) throws IOException {
        generator.writeFieldName(name);
        object(members);
    }

    <T> void objects(String name, List<T> values, Function<T, Reply> members) throws IOException {
        generator.writeArrayFieldStart(name);
        for (T value : values) {
            object(members.apply(value));
        }
        generator.writeEndArray();
    }

    void texts(String name, List<String> values) throws IOException {
        generator.writeArrayFieldStart(name);
        for (String value : values) {
            generator.writeString(value);
        }
        generator.writeEndArray();
    }

    @Override
    public void close() throws IOException {
        generator.close();
    }
}
