package io.processoptimizer.decode;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A place in a record, and the way to it from the root. */
final class Scope {
    private final @Nullable Scope parent;
    private final String key;
    private final JsonNode node;

    /** Where the places that were looked at are noted, as pointers; null where nobody wants to know. */
    private final @Nullable Set<String> trace;

    private Scope(@Nullable Scope parent, String key, JsonNode node, @Nullable Set<String> trace) {
        this.parent = parent;
        this.key = key;
        this.node = node;
        this.trace = trace;
    }

    static Scope of(JsonNode root, @Nullable Set<String> trace) {
        return new Scope(null, "", root, trace);
    }

    Scope into(String childKey, JsonNode child) {
        return new Scope(this, childKey, child, trace);
    }

    JsonNode node() {
        return node;
    }

    /** The name or index by which the parent holds it. */
    String key() {
        return key;
    }

    @Nullable
    Scope parent() {
        return parent;
    }

    Scope root() {
        Scope scope = this;
        for (Scope above = parent; above != null; above = above.parent) {
            scope = above;
        }
        return scope;
    }

    /** Null above the root. */
    @Nullable
    Scope up(int levels) {
        Scope scope = this;
        for (int i = 0; i < levels && scope != null; i++) {
            scope = scope.parent;
        }
        return scope;
    }

    /** Notes that a place was looked at. */
    void used(Scope base, List<String> segments) {
        if (trace != null) {
            StringBuilder pointer = new StringBuilder(base.pointer());
            segments.forEach(segment -> pointer.append('/').append(escaped(segment)));
            trace.add(pointer.toString());
        }
    }

    /** From the root; empty of the root itself. */
    String pointer() {
        return parent == null ? "" : parent.pointer() + "/" + escaped(key);
    }

    static String escaped(String segment) {
        return segment.replace("~", "~0").replace("/", "~1");
    }
}
