package io.processoptimizer.config;

import io.processoptimizer.config.YamlNode.Entry;
import io.processoptimizer.config.YamlNode.Mapping;
import io.processoptimizer.decode.FieldSource;
import io.processoptimizer.decode.FieldSource.Condition;
import io.processoptimizer.decode.InputMapping;
import io.processoptimizer.decode.MappedField;
import io.processoptimizer.decode.Pointer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads one file of {@code config/mappings}; every problem of it is reported at once. */
final class MappingReader {
    static final List<String> KEYS = List.of("description", "records", "each", "event", "facts", "quality", "tables");

    /** Of these at least one stands in a mapping, and none in another file. */
    static final Set<String> OWN_KEYS = Set.of("records", "each", "event", "facts");

    /** Enough that an accidental change of one is noticed. */
    private static final int VERSION_BYTES = 6;

    private static final List<String> FIELDS =
            Arrays.stream(MappedField.values()).map(MappedField::json).toList();

    private final String source;
    private final List<Problem> problems = new ArrayList<>();
    private final SourceReader sources;

    private MappingReader(String source) {
        this.source = source;
        this.sources = new SourceReader(source, problems);
    }

    /**
     * Reads the text of a file.
     *
     * @param name of the mapping
     * @param source the file's name in messages
     * @throws ConfigurationException with every problem
     */
    static InputMapping read(String yaml, String name, String source) {
        MappingReader reader = new MappingReader(source);
        InputMapping mapping = reader.mapping(YamlText.document(yaml, source, reader.problems), name, version(yaml));
        if (!reader.problems.isEmpty()) {
            throw new ConfigurationException(reader.problems);
        }
        return mapping;
    }

    private InputMapping mapping(Mapping document, String name, String version) {
        sources.knowKeys(document, KEYS, "a mapping");
        Mapping tables = section(document, "tables");
        if (tables != null) {
            sources.tables(tables);
        }
        List<Condition> records = conditions(document, "records");
        if (records.isEmpty() && problems.isEmpty()) {
            problem(
                    document.line(),
                    "a mapping needs 'records': what tells its records from all others, like - {at: /type, is: Update}");
        }
        Mapping event = section(document, "event");
        Map<MappedField, List<FieldSource>> fields = event == null ? Map.of() : fields(event, List.of());
        List<InputMapping.Rule> rules = rules(document);
        if (problems.isEmpty()) {
            requireIdentity(document.line(), fields, rules);
        }
        return new InputMapping(name, version, records, each(document), fields, rules, quality(document));
    }

    /** Each event needs a process and a time, from wherever. */
    private void requireIdentity(int line, Map<MappedField, List<FieldSource>> fields, List<InputMapping.Rule> rules) {
        for (MappedField needed : List.of(MappedField.PROCESS_ID, MappedField.TIMESTAMP)) {
            boolean everywhere = fields.containsKey(needed)
                    || (!rules.isEmpty()
                            && rules.stream().allMatch(rule -> rule.fields().containsKey(needed)));
            if (!everywhere) {
                problem(
                        line,
                        "'event' does not say where " + needed.json() + " stands; add '" + needed.json()
                                + ": /pointer' to it");
            }
        }
    }

    private @Nullable Mapping section(Mapping document, String key) {
        Entry entry = SourceReader.entry(document, key);
        if (entry == null) {
            return null;
        }
        if (entry.value() instanceof Mapping mapping) {
            return mapping;
        }
        problem(entry.line(), key + " (" + entry.value().shown() + ") must be 'name: value' lines");
        return null;
    }

    private List<Condition> conditions(Mapping of, String key) {
        Entry entry = SourceReader.entry(of, key);
        return entry == null ? List.of() : sources.conditions(key, entry.value());
    }

    private List<Pointer> each(Mapping document) {
        Entry entry = SourceReader.entry(document, SourceReader.EACH);
        if (entry == null) {
            return List.of();
        }
        List<Pointer> pointers = new ArrayList<>();
        for (YamlNode item : SourceReader.items(entry.value())) {
            Pointer pointer = sources.pointer(SourceReader.EACH, item);
            if (pointer != null && !item.shown().startsWith("/")) {
                problem(item.line(), "each (" + item.shown() + ") must begin with /, at the record's root");
            } else if (pointer != null && pointers.contains(pointer)) {
                problem(item.line(), "each names " + item.shown() + " twice; its observations would count twice");
            } else if (pointer != null) {
                pointers.add(pointer);
            }
        }
        return pointers;
    }

    private Map<MappedField, List<FieldSource>> fields(Mapping mapping, List<String> others) {
        Map<MappedField, List<FieldSource>> fields = new EnumMap<>(MappedField.class);
        for (Entry entry : mapping.entries()) {
            MappedField field = MappedField.named(entry.key());
            if (field != null) {
                List<FieldSource> read = sources.sources(field, entry.value());
                if (field == MappedField.EVENT_ID
                        && read.stream().anyMatch(from -> from.value() instanceof FieldSource.Constant)) {
                    problem(
                            entry.line(),
                            "event_id is the same for all records, so all but the first would count as repetitions; let it"
                                    + " point at what tells them apart, or leave it out");
                }
                fields.put(field, read);
            } else if (!others.contains(entry.key())) {
                problem(
                        entry.line(),
                        "unknown field '" + entry.key() + "'"
                                + DidYouMean.hint(FIELDS, entry.key(), "; fields are " + String.join(", ", FIELDS)));
            }
        }
        return fields;
    }

    private List<InputMapping.Rule> rules(Mapping document) {
        Entry entry = SourceReader.entry(document, "facts");
        List<InputMapping.Rule> rules = new ArrayList<>();
        if (entry == null) {
            return rules;
        }
        for (YamlNode item : SourceReader.items(entry.value())) {
            if (!(item instanceof Mapping mapping)) {
                problem(
                        item.line(),
                        "a rule of facts (" + item.shown() + ") must be a mapping; begin it with '- when:'");
                continue;
            }
            if (!rules.isEmpty() && rules.get(rules.size() - 1).when().isEmpty()) {
                problem(
                        item.line(),
                        "this rule of facts is never read: the one before it has no 'when' and so holds for all observations;"
                                + " put that one last");
            }
            rules.add(new InputMapping.Rule(conditions(mapping, "when"), fields(mapping, List.of("when"))));
        }
        return rules;
    }

    private InputMapping.@Nullable Quality quality(Mapping document) {
        Mapping quality = section(document, "quality");
        if (quality == null) {
            return null;
        }
        sources.knowKeys(quality, List.of("at", "split", "part", "good"), "quality");
        FieldSource.Value value = sources.at("quality", quality);
        Entry good = SourceReader.entry(quality, "good");
        if (good == null) {
            problem(
                    quality.line(),
                    "quality needs 'good': the values of observations that may be believed, like [GOOD]");
        }
        return value == null || good == null
                ? null
                : new InputMapping.Quality(value, sources.texts("good", good.value()));
    }

    private static String version(String yaml) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(yaml.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, VERSION_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private void problem(int line, String message) {
        problems.add(new Problem(source, line, message));
    }
}
