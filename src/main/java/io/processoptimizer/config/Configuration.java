package io.processoptimizer.config;

import io.processoptimizer.decode.InputMappings;
import io.processoptimizer.event.ProcessDefinition;
import io.processoptimizer.event.ProcessDefinitions;
import io.processoptimizer.pipeline.PipelineSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that a run is configured by, and where it came from.
 *
 * @param settings valid
 * @param origins by path, of the settings that are not defaults; see {@link SettingsReader.Result}
 * @param file the settings file that was read, or null
 * @param definitions process definitions; the defaults where there is no file of them
 * @param definitionsFile the file of process definitions that was read, or null
 * @param mappings how records of foreign shapes are read
 */
public record Configuration(
        Settings settings,
        Map<String, String> origins,
        @Nullable Path file,
        ProcessDefinitions definitions,
        @Nullable Path definitionsFile,
        InputMappings mappings) {
    /** Where the settings are looked for when nobody names a file. */
    public static final Path DEFAULT_FILE = Path.of("config", "process-optimizer.yaml");

    private static final String DEFINITIONS_NAME = "processes.yaml";
    private static final String MAPPINGS_FOLDER = "mappings";

    public Configuration {
        origins = Map.copyOf(origins);
    }

    /**
     * Where to look.
     *
     * @param file the settings file that was asked for, or null: that of PO_CONFIG, else {@link #DEFAULT_FILE} if it exists
     * @param environment all environment variables
     * @param overrides values by path, from the command line
     * @param workingDirectory what relative names are relative to
     * @param ownDefinitions process definitions that came with the data, or null: they hold unless {@code processes.file} names others
     */
    public record Request(
            @Nullable Path file,
            Map<String, String> environment,
            Map<String, String> overrides,
            Path workingDirectory,
            @Nullable Path ownDefinitions) {
        private @Nullable Path settingsFile() {
            String named = environment.get(SettingsReader.CONFIG_FILE_VARIABLE);
            if (file != null) {
                return file;
            }
            if (named != null && !named.isBlank()) {
                return Path.of(named);
            }
            return Files.exists(workingDirectory.resolve(DEFAULT_FILE)) ? DEFAULT_FILE : null;
        }
    }

    /**
     * Reads everything.
     *
     * @throws ConfigurationException with every problem of the settings and of the process definitions
     */
    public static Configuration load(Request request) {
        List<Problem> problems = new ArrayList<>();
        Path file = request.settingsFile();
        SettingsReader.Result result = new SettingsReader.Result(Settings.DEFAULTS, Map.of());
        try {
            String yaml =
                    file == null ? null : ConfigFiles.text(request.workingDirectory.resolve(file), file.toString());
            result = SettingsReader.read(yaml, String.valueOf(file), request.environment, request.overrides);
        } catch (ConfigurationException e) {
            problems.addAll(e.problems());
        }
        Path definitionsFile = definitionsFile(result.settings(), file, request);
        ProcessDefinition defaults = result.settings().processDefaults();
        ProcessDefinitions definitions = (processId, atMillis) -> defaults;
        if (definitionsFile != null) {
            try {
                definitions = ProcessesFile.read(
                        request.workingDirectory.resolve(definitionsFile),
                        defaults,
                        definitionsFile.toString(),
                        result.settings().window().pane());
            } catch (ConfigurationException e) {
                problems.addAll(e.problems());
            }
        }
        InputMappings mappings = InputMappings.NONE;
        try {
            mappings = new MappingFiles(request.workingDirectory, mappingsFolder(file))
                    .named(result.settings().input().mappings());
        } catch (ConfigurationException e) {
            problems.addAll(e.problems());
        }
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
        return new Configuration(result.settings(), result.origins(), file, definitions, definitionsFile, mappings);
    }

    /** The definitions as a file of them says it; where there is none, as an empty one would. */
    public ConfiguredProcesses configuredProcesses() {
        return definitions instanceof ConfiguredProcesses configured
                ? configured
                : new ConfiguredProcesses(List.of(), settings.processDefaults());
    }

    /** Where a file of process definitions is, or would be looked for at the next start. */
    public Path definitionsPlace() {
        return definitionsFile != null
                ? definitionsFile
                : (file == null ? DEFAULT_FILE : file).resolveSibling(DEFINITIONS_NAME);
    }

    private static Path mappingsFolder(@Nullable Path file) {
        return (file == null ? DEFAULT_FILE : file).resolveSibling(MAPPINGS_FOLDER);
    }

    /** Finds mappings as this configuration does. */
    public MappingFiles mappingFiles(Path workingDirectory) {
        return new MappingFiles(workingDirectory, mappingsFolder(file));
    }

    /** What the pipeline of a shard works by. */
    public PipelineSettings pipelineSettings() {
        return settings.pipelineSettings().mapping(mappings);
    }

    /** The values that differ from the defaults, by path, as they would be written in the file. */
    public Map<String, String> changedValues() {
        return SettingsYaml.changedValues(settings);
    }

    /**
     * Names what of it can change a result: 12 hexadecimal digits, see {@link ConfigurationFingerprint}.
     *
     * @param model names the content of the model of efficiency, null where none is named
     */
    public String fingerprint(@Nullable String model) {
        return ConfigurationFingerprint.of(settings, definitions, mappings, model);
    }

    private static @Nullable Path definitionsFile(Settings settings, @Nullable Path file, Request request) {
        String named = settings.processes().file();
        if (!named.equals(Settings.AUTO)) {
            return Path.of(named);
        }
        if (request.ownDefinitions != null) {
            return request.ownDefinitions;
        }
        Path beside = (file == null ? DEFAULT_FILE : file).resolveSibling(DEFINITIONS_NAME);
        return Files.exists(request.workingDirectory.resolve(beside)) ? beside : null;
    }
}
