package io.processoptimizer.config;

import io.processoptimizer.config.YamlNode.Entry;
import io.processoptimizer.config.YamlNode.Mapping;
import io.processoptimizer.config.YamlNode.Scalar;
import io.processoptimizer.config.YamlNode.Sequence;
import io.processoptimizer.event.Control;
import io.processoptimizer.event.Control.Parameter;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads which parameters of a process may be changed: {@code mode} and {@code parameters} of a definition. */
final class ControlReader {
    private static final List<String> KEYS =
            List.of("step", "unit", "current", "min", "max", "max_step", "cooldown", "conflicts_with");
    private static final int MAX_NAME = 64;

    private final List<String> steps;
    private final String source;
    private final List<Problem> problems;

    /** @param steps of the line; empty where they are not given */
    ControlReader(List<String> steps, String source, List<Problem> problems) {
        this.steps = steps;
        this.source = source;
        this.problems = problems;
    }

    Control read(boolean closedLoop, @Nullable Entry entry) {
        if (entry == null) {
            return new Control(closedLoop, List.of());
        }
        if (!(entry.value() instanceof Mapping mapping)) {
            problem(
                    entry.line(),
                    "parameters (" + entry.value().shown()
                            + ") must name parameters; write 'filler_speed: {step: filler, current: 50, min: 40, max: 60,"
                            + " max_step: 2}'");
            return Control.NONE;
        }
        if (mapping.entries().size() > Control.MAX_PARAMETERS) {
            problem(
                    entry.line(),
                    "parameters names " + mapping.entries().size() + "; a process may have " + Control.MAX_PARAMETERS);
            return Control.NONE;
        }
        List<String> names = mapping.entries().stream().map(Entry::key).toList();
        List<Parameter> parameters = new ArrayList<>();
        for (Entry parameter : mapping.entries()) {
            Parameter read = parameter(parameter, names);
            if (read != null) {
                parameters.add(read);
            }
        }
        return new Control(closedLoop, parameters);
    }

    private @Nullable Parameter parameter(Entry entry, List<String> names) {
        String name = "parameters." + entry.key();
        int before = problems.size();
        if (entry.key().isBlank() || entry.key().length() > MAX_NAME) {
            problem(entry.line(), name + " must have a name of 1 to " + MAX_NAME + " characters");
        }
        if (!(entry.value() instanceof Mapping mapping)) {
            problem(
                    entry.line(),
                    name + " (" + entry.value().shown() + ") must say its bounds; write {current: 50, min: 40, max: 60,"
                            + " max_step: 2}");
            return null;
        }
        Map<String, Entry> given = new LinkedHashMap<>();
        for (Entry part : mapping.entries()) {
            if (KEYS.contains(part.key())) {
                given.put(part.key(), part);
            } else {
                problem(
                        part.line(),
                        name + " has an unknown key '" + part.key() + "'"
                                + DidYouMean.hint(KEYS, part.key(), "; known are " + String.join(", ", KEYS)));
            }
        }
        String step = text(given.get("step"), name + ".step");
        if (!step.isEmpty() && !steps.isEmpty() && !steps.contains(step)) {
            problem(
                    entry.line(),
                    name + ".step (" + step + ") is not one of the steps"
                            + DidYouMean.hint(steps, step, "; use one of " + String.join(", ", steps)));
        }
        BigDecimal current = number(given, "current", name, entry.line());
        BigDecimal min = number(given, "min", name, entry.line());
        BigDecimal max = number(given, "max", name, entry.line());
        BigDecimal maxStep = number(given, "max_step", name, entry.line());
        long cooldown = cooldown(given.get("cooldown"), name);
        List<String> conflicts = conflicts(given.get("conflicts_with"), name, entry.key(), names);
        if (problems.size() > before) {
            return null;
        }
        try {
            return new Parameter(
                    entry.key(),
                    step.isEmpty() ? null : step,
                    text(given.get("unit"), name + ".unit"),
                    current,
                    min,
                    max,
                    maxStep,
                    cooldown,
                    conflicts);
        } catch (IllegalArgumentException e) {
            problem(entry.line(), String.valueOf(e.getMessage()));
            return null;
        }
    }

    private BigDecimal number(Map<String, Entry> given, String key, String name, int line) {
        Entry entry = given.get(key);
        if (entry == null) {
            problem(line, name + " needs '" + key + "', a number");
            return BigDecimal.ONE;
        }
        String text = text(entry, name + "." + key);
        try {
            BigDecimal number = new BigDecimal(text);
            if (number.precision() <= Parameter.MAX_DIGITS && Math.abs((long) number.scale()) <= Parameter.MAX_DIGITS) {
                return number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
            }
            problem(
                    entry.line(),
                    name + "." + key + " (" + text + ") has more than " + Parameter.MAX_DIGITS + " digits");
        } catch (NumberFormatException e) {
            problem(entry.line(), name + "." + key + " (" + text + ") is not a number; write it like 50 or 0.25");
        }
        return BigDecimal.ONE;
    }

    private long cooldown(@Nullable Entry entry, String name) {
        if (entry == null) {
            return 0;
        }
        String text = text(entry, name + ".cooldown");
        try {
            return Quantities.duration(text).toMillis();
        } catch (BadValueException e) {
            problem(entry.line(), e.about(name + ".cooldown", text));
            return 0;
        }
    }

    private List<String> conflicts(@Nullable Entry entry, String name, String own, List<String> names) {
        if (entry == null) {
            return List.of();
        }
        if (!(entry.value() instanceof Sequence sequence)) {
            problem(entry.line(), name + ".conflicts_with must be a list of parameters; write [capper_speed]");
            return List.of();
        }
        List<String> conflicts = new ArrayList<>();
        for (YamlNode item : sequence.items()) {
            String other = item instanceof Scalar scalar ? scalar.text().trim() : "";
            if (other.equals(own) || !names.contains(other)) {
                problem(
                        item.line(),
                        name + ".conflicts_with (" + item.shown() + ") is not another parameter of this definition"
                                + DidYouMean.hint(names, other, "; use one of " + String.join(", ", names)));
            } else {
                conflicts.add(other);
            }
        }
        return conflicts;
    }

    private String text(@Nullable Entry entry, String name) {
        if (entry == null) {
            return "";
        }
        if (!(entry.value() instanceof Scalar scalar)
                || scalar.isNull()
                || scalar.text().isBlank()) {
            problem(entry.line(), name + " (" + entry.value().shown() + ") must be a single value");
            return "";
        }
        return scalar.text().trim();
    }

    private void problem(int line, String message) {
        problems.add(new Problem(source, line, message));
    }
}
