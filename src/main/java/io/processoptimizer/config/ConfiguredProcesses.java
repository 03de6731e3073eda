package io.processoptimizer.config;

import io.processoptimizer.event.ProcessDefinition;
import io.processoptimizer.event.ProcessDefinitions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Process definitions out of a file: a process takes the definition that names it exactly, else the first pattern that matches;
 * of several versions the one that is in force at the event time asked for. Before its first version a rule does not exist.
 * Safe for use by several threads.
 */
public final class ConfiguredProcesses implements ProcessDefinitions {
    /** Processes whose rules are remembered: all of a busy worker's; a lookup that is not is only slower. */
    private static final int MAX_REMEMBERED = 100_000;

    private final ProcessDefinition defaults;
    private final Map<String, Rule> exact = new HashMap<>();
    private final List<Rule> patterns = new ArrayList<>();
    private final Map<String, List<Rule>> remembered = new ConcurrentHashMap<>();

    /**
     * One entry of the file.
     *
     * @param match process id, or a pattern in which * stands for any text and ? for one character
     * @param effectiveFromMillis event time from which it holds; {@link Long#MIN_VALUE}: always
     */
    record Version(String match, long effectiveFromMillis, ProcessDefinition definition) {
        boolean isPattern() {
            return match.indexOf('*') >= 0 || match.indexOf('?') >= 0;
        }
    }

    private record Rule(String match, Pattern pattern, NavigableMap<Long, ProcessDefinition> versions) {}

    ConfiguredProcesses(List<Version> versions, ProcessDefinition defaults) {
        this.defaults = defaults;
        Map<String, Rule> rules = new LinkedHashMap<>();
        for (Version version : versions) {
            rules.computeIfAbsent(version.match, match -> {
                        Rule rule = new Rule(match, glob(match), new TreeMap<>());
                        if (version.isPattern()) {
                            patterns.add(rule);
                        } else {
                            exact.put(match, rule);
                        }
                        return rule;
                    })
                    .versions
                    .put(version.effectiveFromMillis, version.definition);
        }
    }

    private static Pattern glob(String match) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < match.length(); i++) {
            char c = match.charAt(i);
            regex.append(
                    switch (c) {
                        case '*' -> ".*";
                        case '?' -> ".";
                        default -> Pattern.quote(String.valueOf(c));
                    });
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }

    @Override
    public ProcessDefinition of(String processId, long atMillis) {
        for (Rule rule : rules(processId)) {
            Map.Entry<Long, ProcessDefinition> inForce = rule.versions.floorEntry(atMillis);
            if (inForce != null) {
                return inForce.getValue();
            }
        }
        return defaults;
    }

    private List<Rule> rules(String processId) {
        List<Rule> known = remembered.get(processId);
        if (known != null) {
            return known;
        }
        List<Rule> rules = new ArrayList<>();
        Rule named = exact.get(processId);
        if (named != null) {
            rules.add(named);
        }
        for (Rule rule : patterns) {
            if (rule.pattern.matcher(processId).matches()) {
                rules.add(rule);
            }
        }
        if (remembered.size() < MAX_REMEMBERED) {
            remembered.put(processId, List.copyOf(rules));
        }
        return rules;
    }

    /** These for the processes that they name; for any other what {@code others} say of it by name, then all patterns, these first. */
    public ConfiguredProcesses before(ConfiguredProcesses others) {
        ConfiguredProcesses both = new ConfiguredProcesses(List.of(), others.defaults);
        both.exact.putAll(others.exact);
        both.exact.putAll(exact);
        both.patterns.addAll(patterns);
        both.patterns.addAll(others.patterns);
        return both;
    }

    /** Which versions hold where, in words that are the same in every run: those by name, then the patterns in the order of the file. */
    String versions() {
        StringBuilder text = new StringBuilder();
        new TreeMap<>(exact).forEach((match, rule) -> append(match, rule, text));
        patterns.forEach(rule -> append(rule.pattern.pattern(), rule, text));
        return text.append(defaults.version()).toString();
    }

    private static void append(String match, Rule rule, StringBuilder text) {
        rule.versions.forEach((from, definition) -> text.append(match)
                .append('\n')
                .append(from)
                .append(' ')
                .append(definition.version())
                .append('\n'));
    }

    /** By match, all versions by their beginning; the matches sorted. */
    SortedMap<String, NavigableMap<Long, ProcessDefinition>> byMatch() {
        SortedMap<String, NavigableMap<Long, ProcessDefinition>> all = new TreeMap<>();
        exact.forEach((match, rule) -> all.put(match, rule.versions));
        patterns.forEach(rule -> all.put(rule.match, rule.versions));
        return all;
    }

    /** The matches that are patterns, in the order in which they are tried. */
    List<String> patternsInOrder() {
        return patterns.stream().map(Rule::match).toList();
    }

    ProcessDefinition defaults() {
        return defaults;
    }

    /** Only the versions that begin before an instant: what was known before the others were added. */
    public ConfiguredProcesses beginningBefore(long millis) {
        return with(version -> version.effectiveFromMillis < millis ? version.definition : null);
    }

    /**
     * The same with definitions put in the place of others.
     *
     * @param definition null for a version that is left out
     */
    ConfiguredProcesses with(Function<Version, @Nullable ProcessDefinition> definition) {
        return new ConfiguredProcesses(versions(definition), defaults);
    }

    private List<Version> versions(Function<Version, @Nullable ProcessDefinition> definition) {
        List<Version> kept = new ArrayList<>();
        for (Rule rule :
                Stream.concat(exact.values().stream(), patterns.stream()).toList()) {
            rule.versions.forEach((from, old) -> {
                ProcessDefinition now = definition.apply(new Version(rule.match, from, old));
                if (now != null) {
                    kept.add(new Version(rule.match, from, now));
                }
            });
        }
        return kept;
    }

    /** Event times from {@code millis} on at which a version begins. */
    public SortedSet<Long> beginningsFrom(long millis) {
        SortedSet<Long> beginnings = new TreeSet<>();
        byMatch()
                .values()
                .forEach(versions ->
                        beginnings.addAll(versions.tailMap(millis, true).keySet()));
        return beginnings;
    }

    /** How many different matches the file has. */
    public int size() {
        return exact.size() + patterns.size();
    }
}
