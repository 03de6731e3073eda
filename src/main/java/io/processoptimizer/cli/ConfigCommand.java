package io.processoptimizer.cli;

import io.processoptimizer.config.Configuration;
import io.processoptimizer.config.ConfigurationException;
import io.processoptimizer.config.Problem;
import io.processoptimizer.config.ProcessesFile;
import io.processoptimizer.config.Settings;
import io.processoptimizer.config.SettingsReader;
import io.processoptimizer.config.SettingsYaml;
import io.processoptimizer.event.ProcessDefinition;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
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
                "Without FILE: what a run would use here, now, with the environment. With FILE: each file for itself."
            },
            footerHeading = "%nExamples:%n",
            footer = {
                "  java -jar target/process-optimizer.jar config check",
                "  java -jar target/process-optimizer.jar config check config/process-optimizer.yaml config/processes.yaml"
            })
    static final class Check implements Callable<Integer> {
        private final Surroundings surroundings;

        @Mixin
        private ConfigOptions config = new ConfigOptions();

        @Parameters(paramLabel = "FILE", arity = "0..*", description = "Files of settings or of process definitions.")
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
            if (files.isEmpty()) {
                Configuration configuration = config.load(surroundings);
                int changed = configuration.origins().size();
                out.println("ok: " + (configuration.file() == null ? "no settings file" : configuration.file()) + ", "
                        + changed + (changed == 1 ? " value given" : " values given"));
                if (configuration.definitionsFile() != null) {
                    out.println("ok: " + configuration.definitionsFile());
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

        private String check(Path file) {
            Path resolved = surroundings.resolve(file);
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
