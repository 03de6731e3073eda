package io.processoptimizer.advise;

import com.fasterxml.jackson.databind.JsonNode;
import io.processoptimizer.emit.Advice.Change;
import io.processoptimizer.emit.Evidence;
import io.processoptimizer.event.Control;
import io.processoptimizer.event.Control.Parameter;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The changes of parameters that a model proposed, and which of them may be passed on: on the list, inside the bounds, no further than
 * one step from the value in force, not within the cooldown, not twice, not against another one, and with evidence. What breaks a
 * rule is left out, never bent until it fits.
 */
final class ProposedChanges {
    /** Longer lists are nobody's honest answer. */
    private static final int MAX_READ = 4 * Control.MAX_PARAMETERS;

    private final Control control;
    private final Set<String> resting;
    private final BiFunction<JsonNode, String, List<Evidence>> evidence;
    private final BiFunction<JsonNode, String, String> text;

    /**
     * @param resting parameters that were changed within their cooldown
     * @param evidence reads evidence at a path
     * @param text reads a text at a path
     */
    ProposedChanges(
            Control control,
            Set<String> resting,
            BiFunction<JsonNode, String, List<Evidence>> evidence,
            BiFunction<JsonNode, String, String> text) {
        this.control = control;
        this.resting = resting;
        this.evidence = evidence;
        this.text = text;
    }

    /** @param stripped is told the path and the reason of what is left out */
    List<Change> of(JsonNode node, BiConsumer<String, String> stripped) {
        Map<String, Change> found = new LinkedHashMap<>();
        Set<String> twice = new HashSet<>();
        for (int i = 0; i < node.size() && node.isArray(); i++) {
            String part = "changes[" + i + "]";
            if (i == MAX_READ) {
                stripped.accept(part, "more than " + MAX_READ + " changes");
                break;
            }
            JsonNode name = node.get(i).path("parameter");
            Parameter parameter = name.isTextual() ? control.parameter(name.textValue()) : null;
            String fault = parameter == null ? "not a parameter that may be changed" : fault(node.get(i), parameter);
            if (parameter == null || fault != null) {
                stripped.accept(part, String.valueOf(fault));
                continue;
            }
            List<Evidence> grounds = evidence.apply(node.get(i).path("evidence"), part);
            if (grounds.isEmpty()) {
                stripped.accept(part, "no evidence among the figures given");
                continue;
            }
            Change change = change(parameter, node.get(i), part, grounds);
            if (found.putIfAbsent(parameter.name(), change) != null) {
                twice.add(parameter.name());
            }
        }
        return withoutContradictions(found, twice, stripped);
    }

    private @Nullable String fault(JsonNode node, Parameter parameter) {
        JsonNode proposed = node.path("proposed");
        if (!proposed.isNumber()) {
            return "proposes no number";
        }
        BigDecimal value = proposed.decimalValue();
        // Before any arithmetic: 1e-999999999 is a short text and an endless sum.
        if (value.precision() > Parameter.MAX_DIGITS || Math.abs((long) value.scale()) > Parameter.MAX_DIGITS) {
            return "has more digits than a setting has";
        }
        if (value.compareTo(parameter.min()) < 0 || value.compareTo(parameter.max()) > 0) {
            return "outside " + parameter.min().toPlainString() + " to "
                    + parameter.max().toPlainString();
        }
        BigDecimal step = value.subtract(parameter.current()).abs();
        if (step.signum() == 0) {
            return "changes nothing";
        }
        if (step.compareTo(parameter.maxStep()) > 0) {
            return "more than " + parameter.maxStep().toPlainString() + " away from the value in force";
        }
        return resting.contains(parameter.name()) ? "was changed within its cooldown" : null;
    }

    private Change change(Parameter parameter, JsonNode node, String part, List<Evidence> grounds) {
        return new Change(
                parameter.name(),
                parameter.stepId(),
                parameter.current().doubleValue(),
                node.path("proposed").decimalValue().doubleValue(),
                parameter.min().doubleValue(),
                parameter.max().doubleValue(),
                text.apply(node.path("reason"), part + ".reason"),
                grounds);
    }

    /** Of two that contradict each other neither is right for sure, so neither is passed on. */
    private List<Change> withoutContradictions(
            Map<String, Change> found, Set<String> twice, BiConsumer<String, String> stripped) {
        return found.values().stream()
                .filter(change -> {
                    String name = change.parameter();
                    Parameter own = control.parameter(name);
                    boolean conflicts = found.keySet().stream()
                            .filter(other -> !other.equals(name))
                            .map(control::parameter)
                            .anyMatch(other -> own != null && other != null && own.conflictsWith(other));
                    if (twice.contains(name) || conflicts) {
                        stripped.accept(
                                "changes of " + name,
                                conflicts ? "conflicts with another change" : "is proposed more than once");
                        return false;
                    }
                    return true;
                })
                .toList();
    }
}
