package io.processoptimizer.decode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where the value of one field of a canonical event comes from, and what is made of it.
 *
 * @param when all must hold, or the source says nothing
 * @param value what is read
 * @param ignored texts that say nothing, in lower case
 * @param table what stands for what; null: the value as it is
 * @param unit of the foreign value
 * @param nanos of a time, the nanoseconds within the second that stand beside it, or null
 */
public record FieldSource(
        List<Condition> when,
        Value value,
        Set<String> ignored,
        @Nullable Table table,
        MappedUnit unit,
        @Nullable Pointer nanos) {
    public FieldSource {
        when = List.copyOf(when);
        ignored = Set.copyOf(ignored);
    }

    /** What is read of a record; a missing node or null where nothing stands there. */
    public sealed interface Value {
        JsonNode in(Scope scope);

        /** Whether observations of one record may have in common what is read: nothing of it stands in the observation itself. */
        boolean isShared(Scope scope);
    }

    /** The same whatever the record says. */
    public record Constant(String text) implements Value {
        @Override
        public JsonNode in(Scope scope) {
            return new TextNode(text);
        }

        @Override
        public boolean isShared(Scope scope) {
            return true;
        }
    }

    /**
     * The first of several places at which something stands.
     *
     * @param piece of the text there; null: all of it
     */
    public record At(List<Pointer> pointers, @Nullable Piece piece) implements Value {
        public At {
            pointers = List.copyOf(pointers);
        }

        @Override
        public JsonNode in(Scope scope) {
            Pointer pointer = stated(scope);
            if (pointer == null) {
                return MissingNode.getInstance();
            }
            JsonNode node = pointer.in(scope);
            return piece == null ? node : piece.of(node);
        }

        @Override
        public boolean isShared(Scope scope) {
            Pointer pointer = stated(scope);
            return pointer != null && pointer.levelsUp() != 0;
        }

        /** The first of the places at which something stands, or null. */
        private @Nullable Pointer stated(Scope scope) {
            for (Pointer pointer : pointers) {
                JsonNode node = pointer.in(scope);
                if (!node.isMissingNode() && !node.isNull()) {
                    return pointer;
                }
            }
            return null;
        }
    }

    /** Several values, one behind the other; nothing where one of them is missing. */
    public record Joined(List<Value> parts, String separator) implements Value {
        public Joined {
            parts = List.copyOf(parts);
        }

        @Override
        public JsonNode in(Scope scope) {
            List<String> texts = new ArrayList<>();
            for (Value part : parts) {
                JsonNode node = part.in(scope);
                if (!node.isValueNode() || node.isNull()) {
                    return MissingNode.getInstance();
                }
                texts.add(node.asText());
            }
            return new TextNode(String.join(separator, texts));
        }

        @Override
        public boolean isShared(Scope scope) {
            return parts.stream().allMatch(part -> part.isShared(scope));
        }
    }

    /**
     * One piece of a path.
     *
     * @param separators characters that end a piece
     * @param index from 1, from the end where negative; empty pieces are not counted
     */
    public record Piece(String separators, int index) {
        JsonNode of(JsonNode node) {
            List<String> pieces = new ArrayList<>();
            StringBuilder piece = new StringBuilder();
            String text = node.asText() + separators.charAt(0);
            for (int i = 0; i < text.length(); i++) {
                if (separators.indexOf(text.charAt(i)) < 0) {
                    piece.append(text.charAt(i));
                } else if (piece.length() > 0) {
                    pieces.add(piece.toString());
                    piece.setLength(0);
                }
            }
            int at = index > 0 ? index - 1 : pieces.size() + index;
            return at >= 0 && at < pieces.size() ? new TextNode(pieces.get(at)) : MissingNode.getInstance();
        }
    }

    /**
     * What stands for what.
     *
     * @param exact by text in lower case; numbers and booleans by how they are written
     * @param ranges of whole numbers, which do not overlap
     * @param otherwise what becomes of any other value
     * @param constant with {@link Otherwise#CONSTANT}, the value; else empty
     */
    public record Table(Map<String, String> exact, List<Range> ranges, Otherwise otherwise, String constant) {
        public Table {
            exact = Map.copyOf(exact);
            ranges = List.copyOf(ranges);
        }

        /** The value that stands for a node; a missing node where it is to be ignored. */
        JsonNode of(String field, JsonNode node) throws Refusal {
            String known = exact.get(textOf(node));
            if (known != null) {
                return new TextNode(known);
            }
            String text = node.asText();
            if (!ranges.isEmpty() && text.matches("-?[0-9]{1,18}")) {
                long number = Long.parseLong(text);
                for (Range range : ranges) {
                    if (number >= range.from() && number <= range.to()) {
                        return new TextNode(range.value());
                    }
                }
            }
            return switch (otherwise) {
                case KEEP -> node;
                case IGNORE -> MissingNode.getInstance();
                case CONSTANT -> new TextNode(constant);
                case REFUSE ->
                    throw Refusal.badValue(field, Printable.value(node), "a value that stands in the mapping's table");
            };
        }
    }

    /** Whole numbers from {@code from} to {@code to}, both included, that stand for {@code value}. */
    public record Range(long from, long to, String value) {}

    /** What becomes of a value that is not in the table. */
    public enum Otherwise {
        REFUSE,
        KEEP,
        IGNORE,
        CONSTANT
    }

    /**
     * Something that must be so.
     *
     * @param value what is looked at
     * @param is texts in lower case of which it must be one; null: anything that stands there
     * @param negated whether it must not be so
     */
    public record Condition(Value value, @Nullable Set<String> is, boolean negated) {
        boolean holds(Scope scope) {
            JsonNode node = value.in(scope);
            boolean stands = !node.isMissingNode() && !node.isNull();
            boolean so = stands && (is == null || (node.isValueNode() && is.contains(textOf(node))));
            return so != negated;
        }

        static boolean allHold(List<Condition> conditions, Scope scope) {
            for (Condition condition : conditions) {
                if (!condition.holds(scope)) {
                    return false;
                }
            }
            return true;
        }
    }

    /** How a value is compared: without case, since foreign names come in any. */
    static String textOf(JsonNode node) {
        return node.asText().toLowerCase(Locale.ROOT);
    }

    /** The value for a field; a missing node where the source says nothing. */
    JsonNode read(MappedField field, Scope scope) throws Refusal {
        if (!Condition.allHold(when, scope)) {
            return MissingNode.getInstance();
        }
        JsonNode node = value.in(scope);
        if (node.isMissingNode() || node.isNull() || ignored.contains(textOf(node))) {
            return MissingNode.getInstance();
        }
        if (table != null) {
            node = table.of(field.json(), node);
        }
        if (node.isMissingNode() || !node.isValueNode()) {
            return node;
        }
        return unit.convert(field, node, nanos == null ? null : nanos.in(scope));
    }
}
