package io.processoptimizer.local.eventbridge;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A rule of a bus.
 *
 * @param description the members that DescribeRule and ListRules give back
 * @param pattern what it is for, or null for a rule that has only a schedule, which never fires here
 * @param targets the targets by their id, in the order in which they were put
 */
record Rule(Map<String, Object> description, @Nullable EventPattern pattern, Map<String, JsonNode> targets) {
    static final String ENABLED = "ENABLED";
    static final String DISABLED = "DISABLED";

    Rule {
        description = Collections.unmodifiableMap(new LinkedHashMap<>(description));
        targets = Collections.unmodifiableMap(new LinkedHashMap<>(targets));
    }

    String name() {
        return String.valueOf(description.get("Name"));
    }

    boolean matches(JsonNode event) {
        return ENABLED.equals(description.get("State")) && pattern != null && pattern.matches(event);
    }

    Rule withState(String state) {
        Map<String, Object> changed = new LinkedHashMap<>(description);
        changed.put("State", state);
        return new Rule(changed, pattern, targets);
    }

    Rule withTarget(String id, JsonNode target) {
        Map<String, JsonNode> changed = new LinkedHashMap<>(targets);
        changed.put(id, target);
        return new Rule(description, pattern, changed);
    }

    Rule withoutTarget(String id) {
        Map<String, JsonNode> changed = new LinkedHashMap<>(targets);
        changed.remove(id);
        return new Rule(description, pattern, changed);
    }

    /** The same targets under a new definition. */
    Rule redefined(Map<String, Object> newDescription, @Nullable EventPattern newPattern) {
        return new Rule(newDescription, newPattern, targets);
    }
}
