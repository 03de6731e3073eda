package io.processoptimizer.cli;

import io.processoptimizer.config.Configuration;
import io.processoptimizer.config.ConfigurationException;
import io.processoptimizer.config.MappingFiles;
import io.processoptimizer.config.Problem;
import io.processoptimizer.config.ProcessesFile;
import io.processoptimizer.config.Settings;
import io.processoptimizer.config.SettingsReader;
import io.processoptimizer.config.SettingsYaml;
import io.processoptimizer.decode.InputMapping;
import io.processoptimizer.event.ProcessDefinition;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows and checks the configuration. */
@Command(
        name = "config",
        description = "Shows and checks the configuration.",
        synopsisSubcommandLabel = "(show | check)",
        footerHeading = "%nExamples:%n",
        footer = {
            "  java -jar target/process-optimizer.jar config show",
            "  java -jar target/process-optimizer.jar config check config/process-optimizer.yaml"
        },
        subcommands = {ConfigCommand.Show.class, ConfigCommand.Check.class})
final class ConfigCommand {
    /** Prints the settings in force. */
    @Command(
            name = "show",
            description = {
                "Prints the settings as YAML that can be used as a settings file.",
                "",
                "A value that is not the default says where it came from: the file and line, the environment variable, or --set."
            },
            footerHeading = "%nExamples:%n",
            footer = {
                "  What a run would use here, now:",
                "    java -jar target/process-optimizer.jar config show",
                "  What an environment variable does:",
                "    PO_WINDOW_SLIDE=5m java -jar target/process-optimizer.jar config show --changed",
                "  Every setting with its meaning, range and default, as a start for a file of your own:",
                "    java -jar target/process-optimizer.jar config show --defaults > my.yaml"
            })
    static final class Show implements Callable<Integer> {
        private final Surroundings surroundings;

        @Mixin
        private ConfigOptions config = new ConfigOptions();

        @ArgGroup
        private Form form = new Form();

        @Spec
        @SuppressWarnings("NullAway.Init") // picocli sets it
        private CommandSpec spec;

        Show(Surroundings surroundings) {
            this.surroundings = surroundings;
        }

        static final class Form {
            @Option(names = "--effective", description = "Every setting in force (this is the default).")
            @SuppressWarnings("unused") // what is printed where none of the others is given
            private boolean effective;

            @Option(names = "--changed", description = "Only the settings that differ from the defaults.")
            private boolean changed;

            @Option(
                    names = "--defaults",
                    description = "The built-in defaults, with meanings and ranges; reads no file.")
            private boolean defaults;
        }

        @Override
        public Integer call() {
            PrintWriter out = spec.commandLine().getOut();
            if (form.defaults) {
                out.print(SettingsYaml.commented(Settings.DEFAULTS));
            } else {
                Configuration configuration = config.load(surroundings);
                out.println("# settings: " + shown(configuration.file(), "no file, built-in defaults"));
                out.println(
                        "# process definitions: " + shown(configuration.definitionsFile(), "none, defaults for all"));
                String model = LocalEfficiency.identity(
                        configuration.settings().advice().efficiencyModel(), surroundings);
                out.println("# configuration: " + configuration.fingerprint(model)
                        + ", as 'recover status' and 'recover rewind --new-config' name it");
                out.print(
                        form.changed
                                ? SettingsYaml.changed(configuration.settings(), configuration.origins())
                                : SettingsYaml.effective(configuration.settings(), configuration.origins()));
            }
            out.flush();
            return ExitCode.DONE.code();
        }

        private static String shown(@org.jspecify.annotations.Nullable Path file, String otherwise) {
            return file == null ? otherwise : file.toString();
        }
    }

    /** Finds what is wrong. */
    @Command(
            name = "check",
            description = {
                "Checks settings and process definitions, and names every problem with its file, line, value and remedy.",
                "",
                "Without FILE: what a run would use here, now, with the environment. With FILE: each file for itself.",
                "With --sample: shows how each record of that file would be read, field by field and from where, and what of it is"
                        + " ignored. Ends with 3 where a record is refused."
            },
            footerHeading = "%nExamples:%n",
            footer = {
                "  java -jar target/process-optimizer.jar config check",
                "  java -jar target/process-optimizer.jar config check config/process-optimizer.yaml config/processes.yaml",
                "  java -jar target/process-optimizer.jar config check config/mappings/sitewise.yaml",
                "  How records of another system would be read, with a mapping that is not configured yet:",
                "    java -jar target/process-optimizer.jar config check --mapping sitewise"
                        + " --sample config/mappings/samples/sitewise.ndjson"
            })
    static final class Check implements Callable<Integer> {
        private final Surroundings surroundings;

        @Mixin
        private ConfigOptions config = new ConfigOptions();

        @Option(
                names = "--sample",
                paramLabel = "FILE",
                description = "Records, one a line, or one record over several lines.")
        private @Nullable Path sample;

        @Option(
                names = "--mapping",
                paramLabel = "NAME",
                description = "With --sample: this mapping (a name or a file) instead of those of input.mappings.")
        private @Nullable String mapping;

        @Parameters(
                paramLabel = "FILE",
                arity = "0..*",
                description = "Files of settings, of process definitions or of a mapping.")
        private List<Path> files = new ArrayList<>();

        @Spec
        @SuppressWarnings("NullAway.Init") // picocli sets it
        private CommandSpec spec;

        Check(Surroundings surroundings) {
            this.surroundings = surroundings;
        }

        @Override
        public Integer call() {
            PrintWriter out = spec.commandLine().getOut();
            if (mapping != null && sample == null) {
                throw new CommandFailure(
                        ExitCode.BAD_USAGE, "--mapping is about --sample; add it, or name the mapping's file as FILE");
            }
            if (sample != null) {
                return checkSample(sample, out).code();
            }
            if (files.isEmpty()) {
                Configuration configuration = config.load(surroundings);
                int changed = configuration.origins().size();
                out.println("ok: " + (configuration.file() == null ? "no settings file" : configuration.file()) + ", "
                        + changed + (changed == 1 ? " value given" : " values given"));
                if (configuration.definitionsFile() != null) {
                    out.println("ok: " + configuration.definitionsFile());
                }
                for (InputMapping read : configuration.mappings().all()) {
                    out.println("ok: mapping " + read.name());
                }
                String model = configuration.settings().advice().efficiencyModel();
                if (model != null) {
                    LocalEfficiency.of(model, surroundings);
                    out.println("ok: efficiency model in " + model);
                }
                return ExitCode.DONE.code();
            }
            List<Problem> problems = new ArrayList<>();
            for (Path file : files) {
                try {
                    out.println("ok: " + file + ", " + check(file));
                } catch (ConfigurationException e) {
                    problems.addAll(e.problems());
                }
            }
            if (!problems.isEmpty()) {
                throw new ConfigurationException(problems);
            }
            return ExitCode.DONE.code();
        }

        private ExitCode checkSample(Path records, PrintWriter out) {
            if (!files.isEmpty()) {
                throw new CommandFailure(ExitCode.BAD_USAGE, "--sample checks records and FILE checks files; name one");
            }
            Configuration configuration = config.load(surroundings);
            InputMapping named = mapping == null
                    ? null
                    : configuration
                            .mappingFiles(surroundings.workingDirectory())
                            .read(mapping);
            return new SampleCheck(
                            SampleCheck.chosen(named, configuration.mappings()),
                            configuration.settings().input().maxRecordBytes(),
                            out)
                    .check(surroundings.resolve(records), records.toString());
        }

        private String check(Path file) {
            Path resolved = surroundings.resolve(file);
            if (MappingFiles.isOne(resolved, file.toString())) {
                MappingFiles.check(resolved, file.toString());
                return "a mapping";
            }
            if (ProcessesFile.isOne(resolved, file.toString())) {
                int size = ProcessesFile.read(resolved, ProcessDefinition.DEFAULT, file.toString())
                        .size();
                return size + (size == 1 ? " process definition" : " process definitions");
            }
            SettingsReader.Result read = SettingsReader.readFile(resolved, file.toString());
            try {
                LocalEfficiency.of(read.settings().advice().efficiencyModel(), surroundings);
            } catch (CommandFailure e) {
                throw new CommandFailure(e.exitCode(), file + ": " + e.getMessage(), e);
            }
            int given = read.origins().size();
            return given + (given == 1 ? " setting" : " settings");
        }
    }
}
