package io.processoptimizer.config;

import io.processoptimizer.decode.Printable;
import java.util.List;

/** A piece of YAML that knows its line, so that every problem can be pointed at. */
sealed interface YamlNode {
    /** From 1. */
    int line();

    /**
     * A single value as it is written, without quotes.
     *
     * @param quoted whether it stood in quotes; an unquoted empty text is YAML's null
     */
    record Scalar(String text, boolean quoted, int line) implements YamlNode {
        boolean isNull() {
            return !quoted && (text.isEmpty() || text.equals("~") || text.equals("null"));
        }
    }

    /** A list. */
    record Sequence(List<YamlNode> items, int line) implements YamlNode {}

    /** Keys and values in the order of the text; keys are distinct. */
    record Mapping(List<Entry> entries, int line) implements YamlNode {}

    /** One key with its value. */
    record Entry(String key, int line, YamlNode value) {}

    /** The value as a person would recognise it in a message. */
    default String shown() {
        if (this instanceof Scalar scalar) {
            return scalar.isNull() ? "empty" : Printable.text(scalar.text());
        }
        return this instanceof Sequence ? "a list" : "a mapping";
    }
}
