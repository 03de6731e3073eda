package io.processoptimizer.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The configuration cannot be used; carries every problem that was found, not only the first. */
public final class ConfigurationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    public ConfigurationException(List<Problem> problems) {
        super(sorted(problems).stream().map(Problem::toString).collect(Collectors.joining("\n")));
        if (problems.isEmpty()) {
            throw new IllegalArgumentException("a configuration exception needs a problem");
        }
        this.problems = sorted(problems);
    }

    /** File by file as they were read, and from top to bottom, as a person mends them. */
    private static List<Problem> sorted(List<Problem> problems) {
        Map<String, List<Problem>> bySource = new LinkedHashMap<>();
        for (Problem problem : problems) {
            bySource.computeIfAbsent(problem.source(), source -> new ArrayList<>())
                    .add(problem);
        }
        return bySource.values().stream()
                .flatMap(ofOne -> ofOne.stream().sorted(Comparator.comparingInt(Problem::line)))
                .toList();
    }

    /** At least one: source by source, by line. */
    public List<Problem> problems() {
        return problems;
    }
}
