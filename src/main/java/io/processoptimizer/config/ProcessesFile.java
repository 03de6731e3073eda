package io.processoptimizer.config;

import io.processoptimizer.config.ConfiguredProcesses.Version;
import io.processoptimizer.config.YamlNode.Entry;
import io.processoptimizer.config.YamlNode.Mapping;
import io.processoptimizer.config.YamlNode.Scalar;
import io.processoptimizer.config.YamlNode.Sequence;
import io.processoptimizer.event.ProcessDefinition;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads {@code processes.yaml}: a list of definitions under {@code processes}, each with what it matches. Every problem is
 * reported at once.
 */
public final class ProcessesFile {
    private final ProcessDefinition defaults;
    private final String source;
    private final long paneMillis;
    private final List<Problem> problems = new ArrayList<>();
    private final Map<String, Integer> firstLines = new HashMap<>();

    private ProcessesFile(ProcessDefinition defaults, String source, long paneMillis) {
        this.defaults = defaults;
        this.source = source;
        this.paneMillis = paneMillis;
    }

    /**
     * Reads a file.
     *
     * @param defaults what holds where a definition says nothing
     * @param shownAs its name in messages
     * @param pane of the windows: calendars keep to its edges
     * @throws ConfigurationException with every problem
     */
    public static ConfiguredProcesses read(Path file, ProcessDefinition defaults, String shownAs, Duration pane) {
        return parse(ConfigFiles.text(file, shownAs), defaults, shownAs, pane);
    }

    /** The same where windows have the default pane. */
    public static ConfiguredProcesses read(Path file, ProcessDefinition defaults, String shownAs) {
        return read(file, defaults, shownAs, Settings.DEFAULTS.window().pane());
    }

    /** Reads the text of a file where windows have the default pane; see the other. */
    public static ConfiguredProcesses parse(String yaml, ProcessDefinition defaults, String source) {
        return parse(yaml, defaults, source, Settings.DEFAULTS.window().pane());
    }

    /**
     * Reads the text of a file.
     *
     * @param defaults what holds where a definition says nothing
     * @param source its name in messages
     * @param pane of the windows: calendars keep to its edges
     * @throws ConfigurationException with every problem
     */
    public static ConfiguredProcesses parse(String yaml, ProcessDefinition defaults, String source, Duration pane) {
        ProcessesFile file = new ProcessesFile(defaults, source, pane.toMillis());
        List<Version> versions = file.versions(YamlText.document(yaml, source, file.problems));
        if (!file.problems.isEmpty()) {
            throw new ConfigurationException(file.problems);
        }
        return new ConfiguredProcesses(versions, defaults);
    }

    /**
     * The text of a file, of any content.
     *
     * @param shownAs its name in messages
     * @throws ConfigurationException where it is no text, too long, or cannot be read
     */
    public static String text(Path file, String shownAs) {
        return ConfigFiles.text(file, shownAs);
    }

    /** Whether a file holds process definitions rather than settings: its {@code processes} is a list, not a section. */
    public static boolean isOne(Path file, String shownAs) {
        Mapping document = YamlText.document(ConfigFiles.text(file, shownAs), shownAs, new ArrayList<>());
        return document.entries().stream()
                .anyMatch(entry -> entry.key().equals("processes") && entry.value() instanceof Sequence);
    }

    private List<Version> versions(Mapping document) {
        List<Version> versions = new ArrayList<>();
        for (Entry entry : document.entries()) {
            if (!entry.key().equals("processes")) {
                problem(
                        entry.line(),
                        "unknown key '" + entry.key() + "'; the list of definitions stands under 'processes:'");
            } else if (entry.value() instanceof Sequence sequence) {
                for (YamlNode item : sequence.items()) {
                    if (item instanceof Mapping mapping) {
                        version(mapping, versions);
                    } else {
                        problem(
                                item.line(),
                                "a definition (" + item.shown() + ") must be a mapping; begin it with '- match: ID'");
                    }
                }
            } else if (!(entry.value() instanceof Scalar scalar && scalar.isNull())) {
                problem(
                        entry.line(),
                        "processes (" + entry.value().shown() + ") must be a list; begin each with '- match: ID'");
            }
        }
        return versions;
    }

    private void version(Mapping mapping, List<Version> versions) {
        int before = problems.size();
        DefinitionReader reader = new DefinitionReader(defaults, source, problems, paneMillis);
        Version version = reader.read(mapping);
        if (problems.size() > before) {
            return;
        }
        String key = version.match() + "\n" + version.effectiveFromMillis();
        Integer first = firstLines.putIfAbsent(key, mapping.line());
        if (first != null) {
            problem(
                    mapping.line(),
                    "'" + version.match() + "' is defined twice for the same time (first in line " + first
                            + "); remove one, or give it another effective_from");
            return;
        }
        versions.add(version);
    }

    private void problem(int line, String message) {
        problems.add(new Problem(source, line, message));
    }
}
