package io.processoptimizer.cli;

import io.processoptimizer.config.ConfigurationException;
import io.processoptimizer.config.Problem;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

/** Runs one command and ends with its {@link ExitCode}: the composition root. */
@Command(
        name = "process-optimizer",
        versionProvider = Main.Version.class,
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "Continuous OEE, losses and bottlenecks from manufacturing telemetry on Amazon Kinesis.",
            "",
            "COMMAND --help explains a command, with examples."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  See it work, without an AWS account:",
            "    java -jar target/process-optimizer-local.jar run --local --simulate",
            "  Analyse one snapshot record:",
            "    java -jar target/process-optimizer.jar analyze record.json",
            "  Every setting with its meaning and default:",
            "    java -jar target/process-optimizer.jar config show --defaults"
        },
        subcommands = {
            RunCommand.class,
            LocalCommand.class,
            ForwardCommand.class,
            SimulateCommand.class,
            RecordCommand.class,
            ReplayCommand.class,
            RecoverCommand.class,
            ProvisionCommand.class,
            DoctorCommand.class,
            ModelCommand.class,
            AnalyzeCommand.class,
            ConfigCommand.class
        })
public final class Main {
    private static final int HELP_WIDTH = 116;

    @Option(
            names = {"-v", "--verbose"},
            scope = ScopeType.INHERIT,
            description = "Log what happens (level info), and add the trace to an error.")
    private boolean verbose;

    /** Starts the process. */
    public static void main(String[] args) {
        // UTF-8 whatever the locale says: containers rarely set one, and the output holds more than ASCII.
        StandardOutput standard = new StandardOutput(new FileOutputStream(FileDescriptor.out));
        PrintWriter out = new PrintWriter(standard, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        System.setErr(new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8));
        int exitCode = commandLine(Surroundings.ofProcess(), out, err).execute(args);
        out.flush();
        int told = standard.ended(exitCode, err);
        err.flush();
        System.exit(told);
    }

    /** All commands, ready to be executed. */
    static CommandLine commandLine(Surroundings surroundings, PrintWriter out, PrintWriter err) {
        Main main = new Main();
        CommandLine commandLine = new CommandLine(main, new Commands(surroundings))
                .setOut(out)
                .setErr(err)
                .setUsageHelpWidth(HELP_WIDTH)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setAbbreviatedOptionsAllowed(false)
                .setColorScheme(Help.defaultColorScheme(surroundings.colours() ? Help.Ansi.ON : Help.Ansi.OFF))
                .setExecutionStrategy(parsed -> {
                    Logging.configure(main.verbose);
                    return new CommandLine.RunLast().execute(parsed);
                })
                .setParameterExceptionHandler((e, args) -> badUsage(e))
                .setExecutionExceptionHandler((e, command, parsed) -> failed(e, command, main.verbose));
        describeExitCodes(commandLine);
        return commandLine;
    }

    private static void describeExitCodes(CommandLine command) {
        command.getCommandSpec()
                .usageMessage()
                .exitCodeListHeading("%nExit codes:%n")
                .exitCodeList(ExitCode.meanings());
        command.getSubcommands().values().forEach(Main::describeExitCodes);
    }

    private static int badUsage(ParameterException e) {
        CommandLine command = e.getCommandLine();
        PrintWriter err = command.getErr();
        if (e.getClass() == ParameterException.class
                && !command.getSubcommands().isEmpty()) {
            // A command of commands was named without one: what there is helps more than that it is missing.
            command.usage(err);
            return ExitCode.BAD_USAGE.code();
        }
        err.println(e.getMessage());
        CommandLine.UnmatchedArgumentException.printSuggestions(e, err);
        err.println("See '" + command.getCommandSpec().qualifiedName() + " --help'.");
        return ExitCode.BAD_USAGE.code();
    }

    private static int failed(Exception e, CommandLine command, boolean verbose) {
        PrintWriter err = command.getErr();
        if (e instanceof ConfigurationException configuration) {
            for (Problem problem : configuration.problems()) {
                err.println(problem);
            }
        } else {
            err.println(message(e));
        }
        if (verbose) {
            e.printStackTrace(err);
        }
        return exitCode(e).code();
    }

    static String message(Exception e) {
        FileSystemException file = fileProblem(e);
        if (file != null) {
            return "a file cannot be used: " + FileProblem.why(file);
        }
        String message = e.getMessage() == null ? e.toString() : e.getMessage();
        String oneLine = message.strip().replaceAll("\\s*\\R\\s*", " ");
        return switch (exitCode(e)) {
            case UNEXPECTED ->
                "unexpected error: " + e.getClass().getSimpleName() + ": " + oneLine + " (--verbose shows the trace)";
            case AWS_FAILED -> e instanceof CommandFailure ? oneLine : awsMessage(oneLine, unknownHost(e));
            default -> oneLine;
        };
    }

    /** The host that nobody knows, or null where it is not that. */
    private static @Nullable String unknownHost(Exception e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnknownHostException unknown) {
                return String.valueOf(unknown.getMessage()).replaceFirst(":.*", "");
            }
        }
        return null;
    }

    /** The SDK's own words, and for the mistakes that everybody makes what to do about them. */
    private static String awsMessage(String said, @Nullable String unknownHost) {
        if (unknownHost != null) {
            return "AWS call failed: no host of the name " + unknownHost
                    + " is known here; is this machine on the network, and are"
                    + " aws.region and aws.endpoint right (--config, --set)?";
        }
        if (said.contains("Unable to load credentials")) {
            return "no AWS credentials were found: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, name a profile with"
                    + " AWS_PROFILE, or run with an instance or task role";
        }
        String nobody = "; is aws.endpoint right ('config show' tells it), and does something listen there?";
        if (said.contains("Acquire operation took longer")) {
            // The SDK's advice is about its pool; with the few calls of a command it is that nobody answers.
            return "AWS call failed: no connection in time" + nobody;
        }
        String remedy = said.contains("Connection refused") ? nobody : "";
        return "AWS call failed: " + said + remedy;
    }

    /** A file that no command expected to be out of reach. */
    private static @Nullable FileSystemException fileProblem(Exception e) {
        Throwable thrown = e instanceof UncheckedIOException ? e.getCause() : e;
        return thrown instanceof FileSystemException problem ? problem : null;
    }

    private static ExitCode exitCode(Exception e) {
        if (e instanceof ConfigurationException || fileProblem(e) != null) {
            return ExitCode.BAD_USAGE;
        }
        if (e instanceof CommandFailure failure) {
            return failure.exitCode();
        }
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            // By name: only the adapters may know the SDK's types.
            if (cause.getClass().getName().startsWith("software.amazon.")) {
                return ExitCode.AWS_FAILED;
            }
        }
        return e instanceof java.io.IOException || e instanceof UncheckedIOException
                ? ExitCode.BAD_INPUT
                : ExitCode.UNEXPECTED;
    }

    /** Makes commands, and gives those that ask for them their surroundings. */
    private record Commands(Surroundings surroundings) implements CommandLine.IFactory {
        @Override
        public <K> K create(Class<K> type) throws Exception {
            for (Constructor<?> constructor : type.getDeclaredConstructors()) {
                if (constructor.getParameterCount() == 1 && constructor.getParameterTypes()[0] == Surroundings.class) {
                    return type.cast(constructor.newInstance(surroundings));
                }
            }
            return CommandLine.defaultFactory().create(type);
        }
    }

    /** The version of the jar. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {product(), "Java " + Runtime.version()};
        }

        /** Name and version. */
        static String product() {
            String version = Main.class.getPackage().getImplementationVersion();
            return "process-optimizer " + (version == null ? "(not from a jar)" : version);
        }
    }
}
