package io.processoptimizer.local.kinesis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The members of a request, checked against the service's constraints as they are read. */
final class Fields {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_.-]{1,128}");
    private static final Pattern HASH_KEY = Pattern.compile("0|([1-9][0-9]{0,38})");
    private static final Pattern SEQUENCE_NUMBER = Pattern.compile("0|([1-9][0-9]{0,128})");
    private static final int MILLI_SCALE = 3;

    private final WireFormat format;
    private final ObjectNode members;

    Fields(WireFormat format, ObjectNode members) {
        this.format = format;
        this.members = members;
    }

    boolean has(String name) {
        JsonNode value = members.get(name);
        return value != null && !value.isNull();
    }

    /** @throws KinesisException Serialization where it is there and not text */
    @Nullable
    String text(String name) {
        if (!has(name)) {
            return null;
        }
        JsonNode value = members.get(name);
        if (!value.isTextual()) {
            throw wrongType(name, "a string");
        }
        return value.textValue();
    }

    /** @throws KinesisException Validation where it is missing */
    String requiredText(String name) {
        String value = text(name);
        if (value == null) {
            throw missing(name);
        }
        return value;
    }

    /** A name of a stream, consumer or shard. */
    String requiredName(String name) {
        String value = requiredText(name);
        if (!NAME.matcher(value).matches()) {
            throw invalid(
                    name,
                    value,
                    "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+ and have 1 to 128"
                            + " characters");
        }
        return value;
    }

    /** A text of {@code least} to {@code most} characters. */
    String requiredText(String name, int least, int most) {
        String value = requiredText(name);
        if (value.length() < least) {
            throw invalid(name, value, "Member must have length greater than or equal to " + least);
        }
        if (value.length() > most) {
            throw invalid(name, value, "Member must have length less than or equal to " + most);
        }
        return value;
    }

    /** @throws KinesisException Validation where it is out of range */
    int integer(String name, int least, int most, int otherwise) {
        return has(name) ? requiredInteger(name, least, most) : otherwise;
    }

    int requiredInteger(String name, int least, int most) {
        if (!has(name)) {
            throw missing(name);
        }
        JsonNode value = members.get(name);
        if (!value.isIntegralNumber()) {
            throw wrongType(name, "an integer");
        }
        BigInteger number = value.bigIntegerValue();
        if (number.compareTo(BigInteger.valueOf(least)) < 0) {
            throw invalid(name, number, "Member must have value greater than or equal to " + least);
        }
        if (number.compareTo(BigInteger.valueOf(most)) > 0) {
            throw invalid(name, number, "Member must have value less than or equal to " + most);
        }
        return number.intValue();
    }

    boolean flag(String name) {
        return has(name) && members.get(name).asBoolean();
    }

    byte[] requiredBytes(String name) {
        if (!has(name)) {
            throw missing(name);
        }
        try {
            byte[] value = members.get(name).binaryValue();
            if (value != null) {
                return value;
            }
        } catch (IOException e) {
            // Not base64: the same answer as for another type.
        }
        throw wrongType(name, format == WireFormat.CBOR ? "a byte string" : "base64");
    }

    /** Epoch ms; null where it is missing. JSON counts seconds with a fraction, CBOR whole milliseconds. */
    @Nullable
    Long timestampMillis(String name) {
        if (!has(name)) {
            return null;
        }
        JsonNode value = members.get(name);
        if (!value.isNumber()) {
            throw wrongType(name, "a number of seconds since the epoch");
        }
        if (format == WireFormat.CBOR && value.isIntegralNumber()) {
            return value.longValue();
        }
        BigDecimal seconds = value.decimalValue();
        return seconds.movePointRight(MILLI_SCALE)
                .setScale(0, RoundingMode.HALF_EVEN)
                .longValue();
    }

    /** A hash key of 0 to 2^128 - 1; null where it is missing. */
    @Nullable
    BigInteger hashKey(String name) {
        String value = text(name);
        if (value == null) {
            return null;
        }
        if (!HASH_KEY.matcher(value).matches()) {
            throw invalid(name, value, "Member must satisfy regular expression pattern: 0|([1-9]\\d{0,38})");
        }
        BigInteger key = new BigInteger(value);
        if (key.compareTo(HashKeyRange.LAST_KEY) > 0) {
            throw KinesisError.INVALID_ARGUMENT.with("Invalid " + name + ". " + name
                    + " must be in the range: [0, 2^128-1]. Specified value was " + value);
        }
        return key;
    }

    BigInteger requiredHashKey(String name) {
        BigInteger key = hashKey(name);
        if (key == null) {
            throw missing(name);
        }
        return key;
    }

    /** The digits of a sequence number; null where it is missing. */
    @Nullable
    BigInteger sequenceNumber(String name) {
        String value = text(name);
        if (value == null) {
            return null;
        }
        if (!SEQUENCE_NUMBER.matcher(value).matches()) {
            throw invalid(name, value, "Member must satisfy regular expression pattern: 0|([1-9]\\d{0,128})");
        }
        return new BigInteger(value);
    }

    <E extends Enum<E>> E requiredOneOf(String name, Class<E> values) {
        String value = requiredText(name);
        for (E candidate : values.getEnumConstants()) {
            if (candidate.name().equals(value)) {
                return candidate;
            }
        }
        throw invalid(name, value, "Member must satisfy enum value set: " + List.of(values.getEnumConstants()));
    }

    /** The members of an object in the request; null where it is missing. */
    @Nullable
    Fields object(String name) {
        if (!has(name)) {
            return null;
        }
        if (members.get(name) instanceof ObjectNode object) {
            return new Fields(format, object);
        }
        throw wrongType(name, "an object");
    }

    /** The objects of a list of {@code least} to {@code most}. */
    List<Fields> requiredObjects(String name, int least, int most) {
        List<Fields> objects = new ArrayList<>();
        for (JsonNode node : list(name, least, most)) {
            if (!(node instanceof ObjectNode object)) {
                throw wrongType(name, "a list of objects");
            }
            objects.add(new Fields(format, object));
        }
        return objects;
    }

    List<String> requiredTexts(String name, int least, int most) {
        List<String> texts = new ArrayList<>();
        for (JsonNode node : list(name, least, most)) {
            if (!node.isTextual()) {
                throw wrongType(name, "a list of strings");
            }
            texts.add(node.textValue());
        }
        return texts;
    }

    private JsonNode list(String name, int least, int most) {
        if (!has(name)) {
            throw missing(name);
        }
        JsonNode list = members.get(name);
        if (!list.isArray()) {
            throw wrongType(name, "a list");
        }
        if (list.size() < least) {
            throw invalid(name, "[]", "Member must have length greater than or equal to " + least);
        }
        if (list.size() > most) {
            throw invalid(
                    name, "[" + list.size() + " members]", "Member must have length less than or equal to " + most);
        }
        return list;
    }

    /** A map of texts, empty where it is missing. */
    NavigableMap<String, String> texts(String name) {
        NavigableMap<String, String> texts = new TreeMap<>();
        if (has(name)) {
            members.get(name)
                    .properties()
                    .forEach(entry -> texts.put(entry.getKey(), entry.getValue().asText()));
        }
        return texts;
    }

    static KinesisException invalid(String name, Object value, String constraint) {
        return KinesisError.VALIDATION.with("1 validation error detected: Value '" + value + "' at '" + camel(name)
                + "' failed to satisfy constraint: " + constraint);
    }

    private static KinesisException missing(String name) {
        return KinesisError.VALIDATION.with("1 validation error detected: Value null at '" + camel(name)
                + "' failed to satisfy constraint: Member must not be null");
    }

    private static KinesisException wrongType(String name, String wanted) {
        return KinesisError.SERIALIZATION.with(name + " must be " + wanted + ".");
    }

    private static String camel(String name) {
        return name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
    }
}
