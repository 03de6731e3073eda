package io.processoptimizer.cli;

import io.processoptimizer.config.Configuration;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of every command that reads the configuration. */
public final class ConfigOptions {
    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description =
                    "Settings file. Default: $PO_CONFIG, else config/process-optimizer.yaml if it exists, else the"
                            + " built-in defaults.")
    private @Nullable Path file;

    @Option(
            names = "--set",
            paramLabel = "NAME=VALUE",
            description =
                    "Sets one setting, like window.size=10m; may be repeated. Comes before PO_... variables and the file.")
    private Map<String, String> overrides = new LinkedHashMap<>();

    /**
     * Reads the configuration.
     *
     * @throws io.processoptimizer.config.ConfigurationException with every problem
     */
    public Configuration load(Surroundings surroundings) {
        return load(surroundings, file, Map.of(), null);
    }

    /**
     * The same options for another process in the same environment and directory.
     *
     * @param changes settings by path, which come before --set
     */
    List<String> arguments(Map<String, String> changes) {
        List<String> arguments = new ArrayList<>();
        if (file != null) {
            arguments.addAll(List.of("--config", file.toString()));
        }
        Map<String, String> all = new LinkedHashMap<>(overrides);
        all.putAll(changes);
        all.forEach((name, value) -> arguments.addAll(List.of("--set", name + "=" + value)));
        return arguments;
    }

    /**
     * Reads another configuration under the same environment and options.
     *
     * @param settingsFile instead of the one that --config names, or null
     * @param changes settings by path, which come before --set
     * @param ownDefinitions process definitions that came with the data, or null
     */
    Configuration load(
            Surroundings surroundings,
            @Nullable Path settingsFile,
            Map<String, String> changes,
            @Nullable Path ownDefinitions) {
        Map<String, String> all = new LinkedHashMap<>(overrides);
        all.putAll(changes);
        return Configuration.load(new Configuration.Request(
                settingsFile == null ? file : settingsFile,
                surroundings.environment(),
                all,
                surroundings.workingDirectory(),
                ownDefinitions));
    }
}
