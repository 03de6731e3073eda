package io.processoptimizer.config;

import io.processoptimizer.config.SettingsRules.Violation;
import io.processoptimizer.config.YamlNode.Entry;
import io.processoptimizer.config.YamlNode.Mapping;
import io.processoptimizer.config.YamlNode.Scalar;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Puts the layers of the settings together: the code's defaults, over them the file, the environment, the command line. The
 * file and the environment are data here; nothing is looked up behind the caller's back.
 */
public final class SettingsReader {
    /** What the AWS tools themselves call these settings; ours (PO_…) come before them. */
    private static final Map<String, String> AWS_VARIABLES =
            Map.of("aws.region", "AWS_REGION", "aws.endpoint", "AWS_ENDPOINT_URL");

    /** Environment variables of ours that are no setting: the file itself. */
    static final String CONFIG_FILE_VARIABLE = "PO_CONFIG";

    private record Given(YamlNode node, String source, int line) {}

    private final List<Problem> problems = new ArrayList<>();
    private final Map<String, Given> given = new HashMap<>();
    private final Set<String> unusable = new HashSet<>();

    private SettingsReader() {}

    /**
     * Settings and where each came from.
     *
     * @param settings valid
     * @param origins by path, only of those that do not come from the defaults: {@code config/process-optimizer.yaml:12},
     *     {@code PO_WINDOW_SIZE}, {@code --set}
     */
    public record Result(Settings settings, Map<String, String> origins) {
        public Result {
            origins = Map.copyOf(origins);
        }
    }

    static Settings defaults() {
        return new SettingsReader().build().settings;
    }

    /** The defaults with a few values changed, by path; for programs and tests. */
    public static Settings with(Map<String, String> values) {
        return read(null, "", Map.of(), values).settings;
    }

    /**
     * Reads all layers.
     *
     * @param yaml text of the file, or null where there is none
     * @param source the file's name as it appears in messages
     * @param environment all environment variables
     * @param overrides values by path, from the command line
     * @throws ConfigurationException with every problem of every layer
     */
    public static Result read(
            @Nullable String yaml, String source, Map<String, String> environment, Map<String, String> overrides) {
        SettingsReader reader = new SettingsReader();
        if (yaml != null) {
            reader.file(YamlText.document(yaml, source, reader.problems), source);
        }
        reader.environment(environment);
        reader.overrides(overrides);
        return reader.build();
    }

    /**
     * Reads one file for itself, without the environment.
     *
     * @param shownAs its name in messages
     */
    public static Result readFile(Path file, String shownAs) {
        return read(ConfigFiles.text(file, shownAs), shownAs, Map.of(), Map.of());
    }

    private void file(Mapping document, String source) {
        Map<String, List<SettingKey>> sections = new LinkedHashMap<>();
        for (RecordComponent section : Settings.class.getRecordComponents()) {
            String name = SettingKey.snake(section.getName());
            sections.put(name, SettingKey.of(section.getType(), name + "."));
        }
        for (Entry entry : document.entries()) {
            List<SettingKey> keys = sections.get(entry.key());
            if (keys == null) {
                String hint = DidYouMean.hint(
                        sections.keySet(), entry.key(), "; known are " + String.join(", ", sections.keySet()));
                problems.add(new Problem(source, entry.line(), "unknown section '" + entry.key() + "'" + hint));
            } else if (entry.value() instanceof Mapping mapping) {
                section(entry.key(), mapping, keys, source);
            } else if (!(entry.value() instanceof Scalar scalar && scalar.isNull())) {
                problems.add(new Problem(
                        source,
                        entry.line(),
                        entry.key() + " (" + entry.value().shown()
                                + ") must be a section; write its settings indented below it: "
                                + names(keys)));
            }
        }
    }

    private void section(String section, Mapping mapping, List<SettingKey> keys, String source) {
        List<String> names = keys.stream().map(SettingKey::name).toList();
        for (Entry entry : mapping.entries()) {
            String path = section + "." + entry.key();
            if (names.contains(entry.key())) {
                given.put(path, new Given(entry.value(), source, entry.line()));
            } else {
                problems.add(new Problem(
                        source, entry.line(), "unknown setting '" + path + "'" + hint(path, entry.key(), names)));
            }
        }
    }

    /** A neighbour in the same section, or the same name in another one, or the list of what there is. */
    private static String hint(String path, String name, List<String> siblings) {
        String section = path.substring(0, path.lastIndexOf('.') + 1);
        return DidYouMean.among(siblings, name)
                .map(near -> "; did you mean " + section + near + "?")
                .orElseGet(() -> SettingKey.ALL.values().stream()
                        .filter(key -> key.name().equals(name))
                        .findFirst()
                        .map(key -> "; did you mean " + key.path() + "?")
                        .orElse("; known are " + String.join(", ", siblings)));
    }

    private static String names(Collection<SettingKey> keys) {
        return String.join(", ", keys.stream().map(SettingKey::name).toList());
    }

    private void environment(Map<String, String> environment) {
        Map<String, String> pathByVariable = new HashMap<>();
        for (SettingKey key : SettingKey.ALL.values()) {
            pathByVariable.put(key.environmentVariable(), key.path());
        }
        AWS_VARIABLES.forEach((path, variable) -> {
            String value = environment.get(variable);
            if (value != null && !value.isBlank()) {
                give(path, value, variable);
            }
        });
        for (Map.Entry<String, String> variable : new TreeMap<>(environment).entrySet()) {
            String name = variable.getKey();
            if (!name.startsWith(SettingKey.ENVIRONMENT_PREFIX) || name.equals(CONFIG_FILE_VARIABLE)) {
                continue;
            }
            String path = pathByVariable.get(name);
            if (path == null) {
                String hint = DidYouMean.hint(pathByVariable.keySet(), name, "; see 'config show' for every setting");
                problems.add(new Problem("environment", 0, "unknown variable " + name + hint));
            } else {
                give(path, variable.getValue(), name);
            }
        }
    }

    private void overrides(Map<String, String> overrides) {
        for (Map.Entry<String, String> override : new TreeMap<>(overrides).entrySet()) {
            if (SettingKey.ALL.containsKey(override.getKey())) {
                give(override.getKey(), override.getValue(), "--set");
            } else {
                String hint = DidYouMean.hint(
                        SettingKey.ALL.keySet(), override.getKey(), "; see 'config show' for every setting");
                problems.add(new Problem("--set", 0, "unknown setting '" + override.getKey() + "'" + hint));
            }
        }
    }

    private void give(String path, String text, String source) {
        SettingKey key = SettingKey.ALL.get(path);
        boolean list = key != null && List.class.isAssignableFrom(key.type());
        // A list is written as it would be in the file, [{name: hour, size: 1h, slide: 1h}]; anything else is taken
        // literally.
        YamlNode node = list ? YamlText.value(text, source, problems) : new Scalar(text, true, 0);
        given.put(path, new Given(node, source, 0));
    }

    private Result build() {
        List<Record> sections = new ArrayList<>();
        Map<String, String> origins = new HashMap<>();
        for (RecordComponent section : Settings.class.getRecordComponents()) {
            List<@Nullable Object> values = new ArrayList<>();
            for (SettingKey key : SettingKey.of(section.getType(), SettingKey.snake(section.getName()) + ".")) {
                values.add(value(key, origins));
            }
            sections.add(SettingKey.instantiate(section.getType(), values));
        }
        SettingsRules.violations(sections).forEach(this::add);
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
        Record settings = SettingKey.instantiate(Settings.class, new ArrayList<@Nullable Object>(sections));
        return new Result((Settings) settings, origins);
    }

    private @Nullable Object value(SettingKey key, Map<String, String> origins) {
        Given found = given.get(key.path());
        if (found != null) {
            try {
                Object value = SettingValue.read(key, found.node);
                origins.put(key.path(), found.source + (found.line > 0 ? ":" + found.line : ""));
                return value;
            } catch (BadValueException e) {
                unusable.add(key.path());
                problems.add(new Problem(found.source, found.line, e.about(key.path(), found.node.shown())));
            }
        }
        try {
            YamlNode byDefault = YamlText.value(key.about().value(), "default of " + key.path(), problems);
            return SettingValue.read(key, byDefault);
        } catch (BadValueException e) {
            throw new IllegalStateException(
                    e.about("the default of " + key.path(), key.about().value()), e);
        }
    }

    /** A broken rule is shown where the first of its settings was given; one that rests on an unreadable value says nothing new. */
    private void add(Violation violation) {
        if (violation.paths().stream().anyMatch(unusable::contains)) {
            return;
        }
        Given at = violation.paths().stream()
                .map(given::get)
                .filter(g -> g != null)
                .findFirst()
                .orElse(new Given(new Scalar("", false, 0), "defaults", 0));
        problems.add(new Problem(at.source, at.line, violation.message()));
    }
}
