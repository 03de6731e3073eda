package io.processoptimizer.config;

import io.processoptimizer.config.YamlNode.Entry;
import io.processoptimizer.config.YamlNode.Mapping;
import io.processoptimizer.config.YamlNode.Scalar;
import io.processoptimizer.config.YamlNode.Sequence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Turns what stands in a file into the value of a setting, and back. Ranges and relations are checked elsewhere. */
final class SettingValue {
    /** More elements than any list of ours has a use for. */
    private static final int MAX_ELEMENTS = 16;

    private SettingValue() {}

    /** @throws BadValueException if the node cannot be a value of the setting */
    static @Nullable Object read(SettingKey key, YamlNode node) throws BadValueException {
        if (List.class.isAssignableFrom(key.type())) {
            return list(key, node);
        }
        if (!(node instanceof Scalar scalar)) {
            throw new BadValueException("must be a single value", remedy(key));
        }
        if (scalar.isNull() || scalar.text().isBlank()) {
            throw new BadValueException("has no value", remedy(key));
        }
        String text = scalar.text().trim();
        if (key.about().orOff() && text.equalsIgnoreCase("off")) {
            return null;
        }
        return scalar(key, text);
    }

    private static String remedy(SettingKey key) {
        return key.about().value().isEmpty()
                ? "give it a value"
                : "remove the line to use the default (" + key.about().value() + ")";
    }

    private static Object scalar(SettingKey key, String text) throws BadValueException {
        Class<?> type = key.type();
        if (type == String.class) {
            return text;
        }
        if (type == Duration.class) {
            return Quantities.duration(text);
        }
        if (type == Share.class) {
            return new Share(Quantities.ratioNano(text));
        }
        if (type == int.class) {
            long number = key.about().bytes() ? Quantities.bytes(text) : Quantities.wholeNumber(text);
            // What does not fit is out of every range that can be written; the range's message says so.
            return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, number));
        }
        if (type.isEnum()) {
            return enumConstant(type, text);
        }
        throw new IllegalStateException(key.path() + " is of a type that no value can be read into: " + type);
    }

    private static Object enumConstant(Class<?> type, String text) throws BadValueException {
        List<String> words = words(type);
        int index = words.indexOf(text.toLowerCase(Locale.ROOT));
        if (index < 0) {
            throw new BadValueException(
                    "is not one of " + String.join(", ", words),
                    DidYouMean.among(words, text)
                            .map(word -> "did you mean " + word + "?")
                            .orElse("use one of them"));
        }
        return type.getEnumConstants()[index];
    }

    /** The words of an enumeration as they are written: lower case. */
    static List<String> words(Class<?> enumType) {
        return Arrays.stream(enumType.getEnumConstants())
                .map(constant -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT))
                .toList();
    }

    private static List<Record> list(SettingKey key, YamlNode node) throws BadValueException {
        if (node instanceof Scalar scalar && scalar.isNull()) {
            return List.of();
        }
        if (!(node instanceof Sequence sequence)) {
            throw new BadValueException("must be a list", "write [] for none, or '- name: …' lines");
        }
        if (sequence.items().size() > MAX_ELEMENTS) {
            throw new BadValueException("has " + sequence.items().size() + " elements", "use at most " + MAX_ELEMENTS);
        }
        List<Record> elements = new ArrayList<>();
        for (YamlNode item : sequence.items()) {
            elements.add(element(key.elementType(), item));
        }
        return elements;
    }

    private static Record element(Class<?> type, YamlNode item) throws BadValueException {
        String where = "has, in line " + item.line() + ", an element that ";
        List<SettingKey> keys = SettingKey.of(type, "");
        List<String> names = keys.stream().map(SettingKey::path).toList();
        if (!(item instanceof Mapping mapping)) {
            throw new BadValueException(where + "is " + item.shown(), "give it " + String.join(", ", names));
        }
        Map<String, YamlNode> given = mapping.entries().stream().collect(Collectors.toMap(Entry::key, Entry::value));
        for (String name : given.keySet()) {
            if (!names.contains(name)) {
                throw new BadValueException(
                        where + "has an unknown key '" + name + "'", "known are " + String.join(", ", names));
            }
        }
        List<@Nullable Object> values = new ArrayList<>();
        for (SettingKey key : keys) {
            YamlNode value = given.get(key.path());
            if (value == null) {
                throw new BadValueException(
                        where + "lacks '" + key.path() + "'", "give it " + String.join(", ", names));
            }
            try {
                values.add(read(key, value));
            } catch (BadValueException e) {
                throw new BadValueException(where + "is wrong", e.about(key.path(), value.shown()));
            }
        }
        return SettingKey.instantiate(type, values);
    }

    /** As it would be written in the file. */
    static String text(SettingKey key, @Nullable Object value) {
        if (value == null) {
            return "off";
        }
        if (value instanceof Duration duration) {
            return Quantities.text(duration);
        }
        if (value instanceof Integer number) {
            return key.about().bytes() ? Quantities.bytesText(number) : number.toString();
        }
        if (value instanceof Enum<?> constant) {
            return constant.name().toLowerCase(Locale.ROOT);
        }
        if (value instanceof List<?> list) {
            Function<Object, String> element = e -> elementText((Record) e);
            return list.stream().map(element).collect(Collectors.joining(", ", "[", "]"));
        }
        return value.toString();
    }

    private static String elementText(Record element) {
        return SettingKey.of(element.getClass(), "").stream()
                .map(key -> key.path() + ": " + text(key, key.valueIn(element)))
                .collect(Collectors.joining(", ", "{", "}"));
    }
}
