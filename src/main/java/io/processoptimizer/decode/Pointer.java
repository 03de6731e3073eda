package io.processoptimizer.decode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Where a value stands in a record: a JSON Pointer (RFC 6901) from the record's root, {@code /payload/assetId}, or a Relative JSON
 * Pointer from the observation in hand, {@code 0/quality}, {@code 2/name} (two levels up) or {@code 1#} (the name or index by which
 * the level above is held). In a pointer to observations a segment {@code *} stands for every element or field.
 *
 * @param levelsUp from the observation; {@link #ROOT} for one from the root
 * @param isKey whether the name or index is meant, not the value
 * @param segments unescaped
 */
public record Pointer(int levelsUp, boolean isKey, List<String> segments) {
    static final int ROOT = -1;
    static final String EVERY = "*";

    /** Deeper than any record is read. */
    private static final int MAX_SEGMENTS = Limits.MAX_DEPTH;

    public Pointer {
        segments = List.copyOf(segments);
    }

    /** Whether a text has the form of a pointer. */
    public static boolean isOne(String text) {
        return text.startsWith("/") || text.matches("[0-9]{1,2}(#|/.*)?");
    }

    /**
     * Reads a pointer.
     *
     * @throws IllegalArgumentException with a sentence that says what is wrong
     */
    public static Pointer parse(String text) {
        if (!isOne(text)) {
            throw new IllegalArgumentException(
                    "is no JSON Pointer; begin it with / from the record's root, or with 0/ from the"
                            + " observation that 'each' finds");
        }
        int digits = 0;
        while (digits < text.length() && Character.isDigit(text.charAt(digits))) {
            digits++;
        }
        int up = digits == 0 ? ROOT : Integer.parseInt(text.substring(0, digits));
        String rest = text.substring(digits);
        if (rest.equals("#")) {
            return new Pointer(up, true, List.of());
        }
        List<String> segments = new ArrayList<>();
        if (!rest.isEmpty()) {
            for (String segment : Arrays.asList(rest.substring(1).split("/", -1))) {
                segments.add(segment.replace("~1", "/").replace("~0", "~"));
            }
        }
        if (segments.size() > MAX_SEGMENTS || up > MAX_SEGMENTS) {
            throw new IllegalArgumentException("is deeper than " + MAX_SEGMENTS + " levels, to which records are read");
        }
        return new Pointer(up, false, segments);
    }

    /** Whether it may find several places. */
    public boolean hasWildcard() {
        return segments.contains(EVERY);
    }

    /** What stands there; a missing node where nothing does. */
    JsonNode in(Scope scope) {
        Scope base = levelsUp == ROOT ? scope.root() : scope.up(levelsUp);
        if (base == null) {
            return MissingNode.getInstance();
        }
        if (isKey) {
            return base.parent() == null ? MissingNode.getInstance() : new TextNode(base.key());
        }
        JsonNode node = base.node();
        for (String segment : segments) {
            node = child(node, segment);
        }
        if (!node.isMissingNode()) {
            scope.used(base, segments);
        }
        return node;
    }

    /** The places that a pointer with wildcards finds, in the order of the record; never more than one beyond {@code most}. */
    void find(Scope from, int depth, int most, List<Scope> found) {
        if (found.size() > most) {
            return;
        }
        if (depth == segments.size()) {
            found.add(from);
            return;
        }
        String segment = segments.get(depth);
        JsonNode node = from.node();
        if (!segment.equals(EVERY)) {
            JsonNode next = child(node, segment);
            if (!next.isMissingNode()) {
                find(from.into(segment, next), depth + 1, most, found);
            }
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                find(from.into(Integer.toString(i), node.get(i)), depth + 1, most, found);
            }
        } else {
            for (Map.Entry<String, JsonNode> field : node.properties()) {
                find(from.into(field.getKey(), field.getValue()), depth + 1, most, found);
            }
        }
    }

    private static JsonNode child(JsonNode node, String segment) {
        if (!node.isArray()) {
            return node.path(segment);
        }
        boolean isIndex = segment.matches("0|[1-9][0-9]{0,8}");
        return isIndex ? node.path(Integer.parseInt(segment)) : MissingNode.getInstance();
    }
}
