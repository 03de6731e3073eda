package io.processoptimizer.config;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Settings as YAML that reads back to the same settings. */
public final class SettingsYaml {
    private static final int COMMENT_WIDTH = 108;

    /** What YAML would read as something else, or as the start of something else, is put in quotes. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9/][A-Za-z0-9_./ -]*|\\[.*]");

    private static final String HEADER = """
            # yaml-language-server: $schema=process-optimizer.schema.json
            #
            # Every setting of process-optimizer with its meaning, range and default. The values below are the defaults: the
            # product runs the same without this file, and any line may be left out.
            #
            # An environment variable overrides a setting: PO_WINDOW_SIZE=10m for window.size. On the command line it is
            # --set window.size=10m. 'config show' prints what is in force and where it came from, 'config check' checks.
            #
            # Durations are whole numbers with a unit: 250ms, 90s, 5m, 1h30m, 7d. Sizes: 65536, 512KiB, 1MiB.
            """;

    private SettingsYaml() {}

    /** Everything with comments: for the defaults, this is the shipped file. */
    public static String commented(Settings settings) {
        StringBuilder out = new StringBuilder(HEADER);
        for (RecordComponent component : Settings.class.getRecordComponents()) {
            Section about = component.getType().getAnnotation(Section.class);
            out.append('\n');
            comment(out, "", about == null ? "" : about.value());
            out.append(SettingKey.snake(component.getName())).append(":\n");
            for (SettingKey key : keys(component)) {
                comment(out, "  ", key.about().about());
                out.append(String.format("%-42s # %s\n", line(key, settings), range(key)));
            }
        }
        return out.toString();
    }

    /**
     * Every value in force, without the meanings; a value that was given says where.
     *
     * @param origins by path, see {@link SettingsReader.Result}
     */
    public static String effective(Settings settings, Map<String, String> origins) {
        return plain(settings, origins, key -> true);
    }

    /** Values that differ from the defaults, by path. */
    static Map<String, String> changedValues(Settings settings) {
        return values(settings, key -> !isDefault(key, settings));
    }

    /** All values, by path. */
    static Map<String, String> values(Settings settings) {
        return values(settings, key -> true);
    }

    private static Map<String, String> values(Settings settings, Predicate<SettingKey> which) {
        Map<String, String> values = new TreeMap<>();
        for (SettingKey key : SettingKey.ALL.values()) {
            if (which.test(key)) {
                values.put(key.path(), SettingValue.text(key, key.valueIn(section(settings, key))));
            }
        }
        return values;
    }

    /** Like {@link #effective}, but only what differs from the defaults; empty where nothing does. */
    public static String changed(Settings settings, Map<String, String> origins) {
        return plain(settings, origins, key -> !isDefault(key, settings));
    }

    private static String plain(Settings settings, Map<String, String> origins, Predicate<SettingKey> which) {
        StringBuilder out = new StringBuilder();
        for (RecordComponent component : Settings.class.getRecordComponents()) {
            List<SettingKey> keys = keys(component).stream().filter(which).toList();
            if (!keys.isEmpty()) {
                out.append(SettingKey.snake(component.getName())).append(":\n");
            }
            for (SettingKey key : keys) {
                String line = line(key, settings);
                String origin = origins.get(key.path());
                out.append(origin == null ? line : String.format("%-42s # %s", line, origin))
                        .append('\n');
            }
        }
        return out.toString();
    }

    private static List<SettingKey> keys(RecordComponent section) {
        return SettingKey.of(section.getType(), SettingKey.snake(section.getName()) + ".");
    }

    private static String line(SettingKey key, Settings settings) {
        // A default is written as its author wrote it: 60s, where 1m would be the same.
        String value = isDefault(key, settings)
                ? key.about().value()
                : SettingValue.text(key, key.valueIn(section(settings, key)));
        return "  " + key.name() + ": " + (PLAIN.matcher(value).matches() ? value : quoted(value));
    }

    private static boolean isDefault(SettingKey key, Settings settings) {
        return Objects.equals(key.valueIn(section(settings, key)), key.valueIn(section(Settings.DEFAULTS, key)));
    }

    private static Record section(Settings settings, SettingKey key) {
        for (RecordComponent component : Settings.class.getRecordComponents()) {
            if (component.getType() == key.component().getDeclaringRecord()) {
                if (SettingKey.value(component, settings) instanceof Record section) {
                    return section;
                }
            }
        }
        throw new IllegalArgumentException("no section holds " + key.path());
    }

    private static String quoted(String value) {
        return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /** {@code default 60s; 1s to 1d}. */
    private static String range(SettingKey key) {
        Setting about = key.about();
        String bounds = about.min().isEmpty() ? "" : "; " + about.min() + " to " + about.max();
        boolean saidAlready = bounds.isEmpty() && about.value().equals("off");
        return "default " + about.value() + bounds + (about.orOff() && !saidAlready ? ", or off" : "");
    }

    private static void comment(StringBuilder out, String indent, String text) {
        List<String> lines = new ArrayList<>(List.of(""));
        for (String word : text.split(" ", -1)) {
            String last = lines.get(lines.size() - 1);
            if (last.length() + 1 + word.length() > COMMENT_WIDTH) {
                lines.add(" " + word);
            } else {
                lines.set(lines.size() - 1, last + " " + word);
            }
        }
        lines.forEach(line -> out.append(indent).append('#').append(line).append('\n'));
    }
}
