package io.processoptimizer.config;

import io.processoptimizer.decode.InputMapping;
import io.processoptimizer.decode.InputMappings;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Finds mappings by their names: in the folder beside the settings file, else among those that are built in. */
public final class MappingFiles {
    /** What is built in. */
    public static final List<String> BUILT_IN = List.of("m2c2", "mtconnect", "packml", "sitewise", "sparkplug", "umh");

    /** More shapes than any stream carries; each is tried for every record before it. */
    private static final int MAX_MAPPINGS = 50;

    private static final String ENDING = ".yaml";

    private final Path workingDirectory;
    private final Path folder;

    MappingFiles(Path workingDirectory, Path folder) {
        this.workingDirectory = workingDirectory;
        this.folder = folder;
    }

    /**
     * Reads the mappings of the setting.
     *
     * @throws ConfigurationException with every problem
     */
    InputMappings named(String setting) {
        if (setting.strip().equals(Settings.NO_MAPPINGS)) {
            return InputMappings.NONE;
        }
        List<String> names =
                Arrays.stream(setting.split(",", -1)).map(String::strip).toList();
        List<Problem> problems = new ArrayList<>();
        List<InputMapping> mappings = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        if (names.size() > MAX_MAPPINGS) {
            throw problem(
                    "input.mappings",
                    "input.mappings names " + names.size() + " mappings; at most " + MAX_MAPPINGS
                            + " are tried, so put related shapes into one stream each");
        }
        for (String name : names) {
            try {
                InputMapping mapping = read(name);
                if (!seen.add(mapping.name())) {
                    problems.add(new Problem(
                            "input.mappings", 0, "input.mappings names " + mapping.name() + " twice; remove one"));
                }
                mappings.add(mapping);
            } catch (ConfigurationException e) {
                problems.addAll(e.problems());
            }
        }
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
        return new InputMappings(mappings);
    }

    /**
     * Reads one mapping.
     *
     * @param name as in the setting: a name or a file
     * @throws ConfigurationException with every problem of its file
     */
    public InputMapping read(String name) {
        if (name.contains("/") || name.endsWith(ENDING)) {
            Path file = Path.of(name);
            String plain = String.valueOf(file.getFileName());
            String shortName = plain.endsWith(ENDING) ? plain.substring(0, plain.length() - ENDING.length()) : plain;
            return MappingReader.read(ConfigFiles.text(workingDirectory.resolve(file), name), shortName, name);
        }
        Path beside = folder.resolve(name + ENDING);
        if (!name.isEmpty() && Files.exists(workingDirectory.resolve(beside))) {
            return MappingReader.read(
                    ConfigFiles.text(workingDirectory.resolve(beside), beside.toString()), name, beside.toString());
        }
        if (!BUILT_IN.contains(name)) {
            throw problem(
                    "input.mappings",
                    "mapping (" + name + ") is neither a file " + beside + " nor built in"
                            + DidYouMean.hint(
                                    BUILT_IN,
                                    name,
                                    "; built in are " + String.join(", ", BUILT_IN)
                                            + ", and a file elsewhere is given with its ending, like ./my" + ENDING));
        }
        return MappingReader.read(builtIn(name), name, "built-in mapping " + name);
    }

    /** Whether a file holds a mapping rather than settings or process definitions: it has a section that only mappings have. */
    public static boolean isOne(Path file, String shownAs) {
        return YamlText.document(ConfigFiles.text(file, shownAs), shownAs, new ArrayList<>()).entries().stream()
                .anyMatch(entry -> MappingReader.OWN_KEYS.contains(entry.key()));
    }

    /**
     * Reads a file for its problems.
     *
     * @throws ConfigurationException with every problem
     */
    public static void check(Path file, String shownAs) {
        MappingReader.read(ConfigFiles.text(file, shownAs), shownAs, shownAs);
    }

    private static String builtIn(String name) {
        try (InputStream in = MappingFiles.class.getResourceAsStream("mappings/" + name + ENDING)) {
            if (in == null) {
                throw new IllegalStateException("the mapping " + name + " is missing in this build");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("the built-in mapping " + name + " cannot be read", e);
        }
    }

    private static ConfigurationException problem(String source, String message) {
        return new ConfigurationException(List.of(new Problem(source, 0, message)));
    }
}
