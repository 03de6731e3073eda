package io.processoptimizer.config;

import io.processoptimizer.config.YamlNode.Entry;
import io.processoptimizer.config.YamlNode.Mapping;
import io.processoptimizer.config.YamlNode.Scalar;
import io.processoptimizer.config.YamlNode.Sequence;
import io.processoptimizer.decode.FieldSource;
import io.processoptimizer.decode.FieldSource.Condition;
import io.processoptimizer.decode.FieldSource.Otherwise;
import io.processoptimizer.decode.FieldSource.Range;
import io.processoptimizer.decode.FieldSource.Table;
import io.processoptimizer.decode.FieldSource.Value;
import io.processoptimizer.decode.MappedField;
import io.processoptimizer.decode.MappedUnit;
import io.processoptimizer.decode.Pointer;
import io.processoptimizer.event.StepState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads where the fields of a mapping come from: sources, conditions, tables. What is wrong is reported; the rest goes on. */
final class SourceReader {
    static final List<String> SOURCE_KEYS = List.of(
            "at", "value", "join", "separator", "split", "part", "map", "otherwise", "ignore", "unit", "nanos", "when");
    static final List<String> CONDITION_KEYS = List.of("at", "split", "part", "is", "not", "stated");

    /** The key whose pointers may find several places. */
    static final String EACH = "each";

    private static final List<String> STATES =
            Arrays.stream(StepState.values()).map(Enum::name).toList();

    private final String source;
    private final List<Problem> problems;
    private final Map<String, Mapping> tables = new HashMap<>();

    SourceReader(String source, List<Problem> problems) {
        this.source = source;
        this.problems = problems;
    }

    static @Nullable Entry entry(Mapping mapping, String key) {
        return mapping.entries().stream()
                .filter(entry -> entry.key().equals(key))
                .findFirst()
                .orElse(null);
    }

    /** The items of a list; a single value is a list of one. */
    static List<YamlNode> items(YamlNode node) {
        return node instanceof Sequence sequence ? sequence.items() : List.of(node);
    }

    void knowKeys(Mapping mapping, List<String> keys, String of) {
        for (Entry entry : mapping.entries()) {
            if (!keys.contains(entry.key())) {
                problem(
                        entry.line(),
                        "unknown key '" + entry.key() + "' of " + of
                                + DidYouMean.hint(keys, entry.key(), "; known are " + String.join(", ", keys)));
            }
        }
    }

    void tables(Mapping section) {
        for (Entry entry : section.entries()) {
            if (entry.value() instanceof Mapping table) {
                tables.put(entry.key(), table);
            } else {
                problem(
                        entry.line(),
                        "table " + entry.key() + " (" + entry.value().shown() + ") must be 'foreign: own' lines");
            }
        }
    }

    /** The alternatives of a field. */
    List<FieldSource> sources(MappedField field, YamlNode node) {
        List<FieldSource> sources = new ArrayList<>();
        for (YamlNode item : items(node)) {
            FieldSource read = source(field, item);
            if (read != null) {
                sources.add(read);
            }
        }
        return sources;
    }

    private @Nullable FieldSource source(MappedField field, YamlNode node) {
        String name = field.json();
        if (!(node instanceof Mapping mapping)) {
            Pointer pointer = pointer(name, node);
            return pointer == null
                    ? null
                    : new FieldSource(
                            List.of(),
                            new FieldSource.At(List.of(pointer), null),
                            Set.of(),
                            null,
                            field.units().get(0),
                            null);
        }
        knowKeys(mapping, SOURCE_KEYS, name);
        Value value = value(name, mapping);
        Entry when = entry(mapping, "when");
        Entry ignore = entry(mapping, "ignore");
        Entry nanos = entry(mapping, "nanos");
        if (nanos != null && field != MappedField.TIMESTAMP) {
            problem(nanos.line(), "nanos belong to a timestamp, not to " + name + "; remove the line");
        }
        Table table = table(field, mapping);
        if (field == MappedField.STATE && value instanceof FieldSource.Constant constant) {
            requireState(mapping.line(), constant.text());
        }
        FieldSource read = value == null
                ? null
                : new FieldSource(
                        when == null ? List.of() : conditions("when", when.value()),
                        value,
                        ignore == null ? Set.of() : texts("ignore", ignore.value()),
                        table,
                        unit(field, mapping),
                        nanos == null ? null : pointer("nanos", nanos.value()));
        return read;
    }

    private @Nullable Value value(String name, Mapping mapping) {
        Entry constant = entry(mapping, "value");
        Entry join = entry(mapping, "join");
        int kinds = (constant == null ? 0 : 1) + (join == null ? 0 : 1) + (entry(mapping, "at") == null ? 0 : 1);
        if (kinds != 1) {
            problem(
                    mapping.line(),
                    name + " needs one of at (a pointer), value (the same for every event) or join (several pointers)");
            return null;
        }
        if (constant != null) {
            return new FieldSource.Constant(text("value", constant.value()));
        }
        return join == null ? at(name, mapping) : joined(name, mapping, join);
    }

    private Value joined(String name, Mapping mapping, Entry join) {
        List<Value> parts = new ArrayList<>();
        for (YamlNode item : items(join.value())) {
            Value part = null;
            if (item instanceof Mapping inner) {
                knowKeys(inner, List.of("at", "value", "split", "part"), "join");
                part = value(name, inner);
            } else {
                Pointer pointer = pointer("join", item);
                part = pointer == null ? null : new FieldSource.At(List.of(pointer), null);
            }
            if (part != null) {
                parts.add(part);
            }
        }
        Entry separator = entry(mapping, "separator");
        return new FieldSource.Joined(parts, separator == null ? "-" : text("separator", separator.value()));
    }

    /** Null where no pointer can be read; the problem is reported. */
    @Nullable
    Value at(String name, Mapping mapping) {
        Entry at = entry(mapping, "at");
        if (at == null) {
            problem(mapping.line(), name + " needs 'at': a pointer to the value, like /payload/value");
            return null;
        }
        List<Pointer> pointers = new ArrayList<>();
        for (YamlNode item : items(at.value())) {
            Pointer pointer = pointer("at", item);
            if (pointer != null) {
                pointers.add(pointer);
            }
        }
        return pointers.isEmpty() ? null : new FieldSource.At(pointers, piece(mapping));
    }

    private FieldSource.@Nullable Piece piece(Mapping mapping) {
        Entry split = entry(mapping, "split");
        Entry part = entry(mapping, "part");
        if (split == null && part == null) {
            return null;
        }
        String separators = split == null ? "" : text("split", split.value());
        String number = part == null ? "" : text("part", part.value());
        if (separators.isEmpty() || !number.matches("-?[1-9][0-9]?")) {
            problem(
                    mapping.line(),
                    "split (" + separators + ") and part (" + number
                            + ") belong together: split names the characters between"
                            + " the parts, like \"/\", and part is 1, 2 … from the front or -1, -2 … from the end");
            return null;
        }
        return new FieldSource.Piece(separators, Integer.parseInt(number));
    }

    @Nullable
    Pointer pointer(String name, YamlNode node) {
        if (!(node instanceof Scalar scalar) || scalar.isNull()) {
            problem(node.line(), name + " (" + node.shown() + ") must be a JSON Pointer, like /payload/value");
            return null;
        }
        try {
            Pointer pointer = Pointer.parse(scalar.text());
            if (pointer.hasWildcard() && !name.equals(EACH)) {
                problem(
                        node.line(),
                        name + " (" + scalar.text()
                                + ") has a *, which stands for every element in 'each' only; let 'each'"
                                + " find the observations, and point from there, like 0/value");
                return null;
            }
            return pointer;
        } catch (IllegalArgumentException e) {
            problem(
                    node.line(),
                    name + " (" + scalar.text() + ") " + e.getMessage() + "; the same value for every event is {value: "
                            + scalar.text() + "}");
            return null;
        }
    }

    List<Condition> conditions(String name, YamlNode node) {
        List<Condition> conditions = new ArrayList<>();
        for (YamlNode item : items(node)) {
            if (!(item instanceof Mapping mapping)) {
                problem(
                        item.line(),
                        name + " (" + item.shown() + ") must be a condition, like {at: /type, is: Update}");
                continue;
            }
            knowKeys(mapping, CONDITION_KEYS, "a condition");
            Value value = at(name, mapping);
            Entry is = entry(mapping, "is");
            Entry not = entry(mapping, "not");
            Entry stated = entry(mapping, "stated");
            if ((is == null ? 0 : 1) + (not == null ? 0 : 1) + (stated == null ? 0 : 1) > 1) {
                problem(item.line(), "a condition takes one of is, not and stated; write two conditions");
            } else if (value != null && stated != null) {
                conditions.add(new Condition(value, null, !isTrue(stated)));
            } else if (value != null) {
                Entry compared = not != null ? not : is;
                Set<String> texts = compared == null ? null : texts(compared.key(), compared.value());
                conditions.add(new Condition(value, texts, not != null));
            }
        }
        return conditions;
    }

    private boolean isTrue(Entry stated) {
        String text = text("stated", stated.value());
        if (!text.equals("true") && !text.equals("false")) {
            problem(stated.line(), "stated (" + text + ") must be true or false");
        }
        return text.equals("true");
    }

    private MappedUnit unit(MappedField field, Mapping mapping) {
        Entry entry = entry(mapping, "unit");
        MappedUnit byDefault = field.units().get(0);
        if (entry == null) {
            return byDefault;
        }
        String word = text("unit", entry.value());
        for (MappedUnit unit : field.units()) {
            if (unit.word().equals(word)) {
                return unit;
            }
        }
        List<String> words = field.units().stream().map(MappedUnit::word).toList();
        problem(
                entry.line(),
                "unit (" + word + ") of " + field.json()
                        + (byDefault == MappedUnit.NONE
                                ? " has no place: it has no unit; remove it"
                                : " must be one of " + String.join(", ", words)));
        return byDefault;
    }

    // ---- tables

    private @Nullable Table table(MappedField field, Mapping mapping) {
        Entry map = entry(mapping, "map");
        Entry otherwise = entry(mapping, "otherwise");
        if (map == null) {
            if (otherwise != null) {
                problem(otherwise.line(), "otherwise needs a map; remove it, or add 'map:'");
            }
            return null;
        }
        Map<String, String> exact = new HashMap<>();
        List<Range> ranges = new ArrayList<>();
        for (YamlNode item : items(map.value())) {
            Mapping rows = item instanceof Mapping inline ? inline : tables.get(text("map", item));
            if (rows == null) {
                problem(
                        item.line(),
                        "map (" + item.shown() + ") is no table of this file"
                                + DidYouMean.hint(
                                        List.copyOf(tables.keySet()), item.shown(), "; add it under 'tables:'"));
                continue;
            }
            for (Entry row : rows.entries()) {
                row(field, row, exact, ranges);
            }
        }
        String word = otherwise == null ? "refuse" : text("otherwise", otherwise.value());
        Otherwise kind = switch (word) {
            case "refuse" -> Otherwise.REFUSE;
            case "keep" -> Otherwise.KEEP;
            case "ignore" -> Otherwise.IGNORE;
            default -> Otherwise.CONSTANT;
        };
        if (otherwise != null && kind == Otherwise.CONSTANT && field == MappedField.STATE) {
            requireState(otherwise.line(), word);
        }
        return new Table(exact, ranges, kind, kind == Otherwise.CONSTANT ? word : "");
    }

    private void row(MappedField field, Entry row, Map<String, String> exact, List<Range> ranges) {
        String value = text(row.key(), row.value());
        if (field == MappedField.STATE) {
            requireState(row.line(), value);
        }
        if (!row.key().matches("-?[0-9]{1,18}\\.\\.-?[0-9]{1,18}")) {
            if (exact.put(row.key().toLowerCase(Locale.ROOT), value) != null) {
                problem(
                        row.line(),
                        "'" + row.key() + "' stands in the tables of " + field.json()
                                + " twice; case does not tell them apart, so remove one");
            }
            return;
        }
        String[] ends = row.key().split("\\.\\.", -1);
        Range range = new Range(Long.parseLong(ends[0]), Long.parseLong(ends[1]), value);
        if (range.from() > range.to()) {
            problem(row.line(), "the range " + row.key() + " is empty; write the smaller number first");
        }
        for (Range other : ranges) {
            if (range.from() <= other.to() && other.from() <= range.to()) {
                problem(
                        row.line(),
                        "the range " + row.key() + " overlaps " + other.from() + ".." + other.to()
                                + "; a number must stand in one of them");
            }
        }
        ranges.add(range);
    }

    private void requireState(int line, String value) {
        if (!STATES.contains(value)) {
            problem(
                    line,
                    "state (" + value + ") is none of ours"
                            + DidYouMean.hint(STATES, value, "; states are " + String.join(", ", STATES)));
        }
    }

    /** In lower case, as values are compared. */
    Set<String> texts(String name, YamlNode node) {
        Set<String> texts = new HashSet<>();
        for (YamlNode item : items(node)) {
            texts.add(text(name, item).toLowerCase(Locale.ROOT));
        }
        return texts;
    }

    private String text(String name, YamlNode node) {
        if (node instanceof Scalar scalar && !scalar.isNull()) {
            return scalar.text();
        }
        problem(node.line(), name + " (" + node.shown() + ") must be a single value");
        return "";
    }

    private void problem(int line, String message) {
        problems.add(new Problem(source, line, message));
    }
}
