package io.processoptimizer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import software.amazon.awssdk.core.exception.SdkClientException;

class MainTest {
    @TempDir
    private Path directory;

    private Surroundings surroundings(boolean terminal, Map<String, String> environment) {
        return new Surroundings(
                environment,
                directory,
                new ByteArrayInputStream(new byte[0]),
                OutputStream.nullOutputStream(),
                terminal);
    }

    @Test
    void aHostThatNobodyKnowsIsNamedWithWhatToLookAt() {
        SdkClientException thrown = SdkClientException.create(
                "Received an UnknownHostException",
                new UnknownHostException("nowhere.invalid: Name or service not known"));

        assertThat(Main.message(new CompletionException(thrown)))
                .contains("no host of the name nowhere.invalid is known here", "aws.endpoint");
    }

    @Test
    void helpListsEveryCommandWithWhatItDoes() {
        CommandRun run = CommandRun.in(directory, "--help");

        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEmpty();
        String unwrapped = run.out().replaceAll("\\s+", " ");
        commandLine()
                .getSubcommands()
                .forEach((name, command) -> assertThat(unwrapped)
                        .contains(" " + name + " "
                                + command.getCommandSpec().usageMessage().description()[0]));
    }

    @Test
    void theHelpOfEveryCommandDescribesItsOptionsExamplesAndExitCodes() {
        for (List<String> path : paths(commandLine(), List.of())) {
            List<String> args = new ArrayList<>(path);
            args.add("--help");
            CommandRun run = CommandRun.in(directory, args.toArray(String[]::new));

            assertThat(run.exitCode()).as("%s", path).isZero();
            assertThat(run.out())
                    .as("help of %s", path)
                    .startsWith("Usage: process-optimizer" + (path.isEmpty() ? "" : " " + String.join(" ", path)))
                    .contains("Examples:", "java -jar target/", "Exit codes:", "  2   Bad usage or configuration.");
            assertThat(run.out().lines()).as("width of the help of %s", path).allMatch(line -> line.length() <= 120);
        }
    }

    @Test
    void everyOptionIsDescribed() {
        for (List<String> path : paths(commandLine(), List.of())) {
            CommandLine command = path.stream()
                    .reduce(
                            commandLine(),
                            (parent, name) -> Objects.requireNonNull(
                                    parent.getSubcommands().get(name)),
                            (a, b) -> b);
            assertThat(command.getCommandSpec().args())
                    .as("arguments of %s", path)
                    .allSatisfy(arg -> assertThat(arg.description()).isNotEmpty());
        }
    }

    @Test
    void withoutACommandTheHelpIsShownAsAnError() {
        CommandRun run = CommandRun.in(directory);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("Usage: process-optimizer").contains("config");
    }

    @Test
    void anUnknownCommandOrOptionIsAnErrorWithAHint() {
        CommandRun command = CommandRun.in(directory, "confg");
        CommandRun option = CommandRun.in(directory, "config", "show", "--chnged");

        assertThat(command.exitCode()).isEqualTo(2);
        assertThat(command.err()).contains("confg", "Did you mean: ", "config");
        assertThat(option.exitCode()).isEqualTo(2);
        assertThat(option.err()).contains("--chnged", "--changed", "See 'process-optimizer config show --help'.");
    }

    @Test
    void versionNamesTheProductAndJava() {
        CommandRun run = CommandRun.in(directory, "--version");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).startsWith("process-optimizer ").contains("Java " + Runtime.version());
    }

    @Test
    void thereAreColoursOnATerminalOnlyAndNotWhereTheyAreUnwanted() {
        assertThat(CommandRun.in(surroundings(true, Map.of()), "--help").out()).contains("\u001b[");
        assertThat(CommandRun.in(surroundings(true, Map.of("NO_COLOR", "1")), "--help")
                        .out())
                .doesNotContain("\u001b");
        assertThat(CommandRun.in(surroundings(false, Map.of()), "--help").out()).doesNotContain("\u001b");
    }

    @Test
    void verboseAddsTheTrace() {
        CommandRun quiet = CommandRun.in(directory, "config", "show", "--config", "nowhere.yaml");
        CommandRun verbose = CommandRun.in(directory, "config", "show", "--config", "nowhere.yaml", "--verbose");
        System.clearProperty(Logging.OURS);

        assertThat(quiet.err().lines()).hasSize(1);
        assertThat(verbose.err()).startsWith(quiet.err()).contains("\tat io.processoptimizer.");
    }

    @Test
    void aFileOutOfReachIsASentenceWhateverCommandMeetsIt() {
        assertFileProblem(new NoSuchFileException("/a/b"), "a file cannot be used: /a/b does not exist");
        assertFileProblem(new AccessDeniedException("/a/b"), "a file cannot be used: no permission to use /a/b");
        assertFileProblem(
                new UncheckedIOException(new FileSystemException("/a/b", null, "Is a directory")),
                "a file cannot be used: /a/b: Is a directory");
    }

    private void assertFileProblem(Exception thrown, String said) {
        StringWriter err = new StringWriter();
        CommandLine line = Main.commandLine(
                surroundings(false, Map.of()),
                new PrintWriter(Writer.nullWriter()),
                new PrintWriter(Writer.nullWriter()));
        line.addSubcommand("fails", new Fails(thrown)).setErr(new PrintWriter(err));
        assertThat(line.execute("fails")).isEqualTo(2);
        assertThat(err.toString()).startsWith(said).hasLineCount(1);
    }

    @CommandLine.Command(name = "fails")
    private record Fails(Exception thrown) implements Callable<Integer> {
        @Override
        public Integer call() throws Exception {
            throw thrown;
        }
    }

    @Test
    void optionsOfALocalRunAreCheckedWithTheRemedy() {
        assertBadUsage(
                "--port (99999) is not a port; use 1 to 65535, or 0 for any free one", "local", "--port", "99999");
        assertBadUsage("--local-port (99999) is not a port;", "run", "--local", "--local-port", "99999");
        assertBadUsage("processes is 0; use 1 to 100000", "run", "--local", "--simulate", "--processes", "0");
        assertBadUsage("processes is -3; use", "run", "--local", "--simulate", "--processes=-3");
        assertBadUsage("time factor is 0.0; use 1 to 10000", "run", "--local", "--simulate", "--time-factor", "0");
        assertBadUsage("time factor is NaN; use", "run", "--local", "--simulate", "--time-factor", "NaN");
    }

    @Test
    void aPortInUseIsBadUsageOfLocalToo() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = String.valueOf(taken.getLocalPort());
            assertBadUsage("port " + port + " is in use", "local", "--port", port);
            assertBadUsage("port " + port + " is in use", "run", "--local", "--local-port", port);
            assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .doesNotContain("dynamodb-local-start");
        }
    }

    private void assertBadUsage(String message, String... args) {
        PrintStream before = System.err;
        CommandRun run = CommandRun.in(directory, args);
        System.setErr(before); // a run makes the log calm

        assertThat(run.err()).startsWith(message).hasLineCount(1);
        assertThat(run.exitCode()).isEqualTo(2);
    }

    @Test
    void withoutTheEmbeddedAwsTheOtherJarIsNamed() {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(
                ClassLoader.getPlatformClassLoader()); // sees none of ours, as in the production jar
        try {
            CommandRun run = CommandRun.in(directory, "local", "--port", "0");

            assertThat(run.exitCode()).isEqualTo(2);
            assertThat(run.err()).hasLineCount(1).contains("java -jar target/process-optimizer-local.jar");
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private CommandLine commandLine() {
        return Main.commandLine(
                surroundings(false, Map.of()),
                new PrintWriter(java.io.Writer.nullWriter()),
                new PrintWriter(java.io.Writer.nullWriter()));
    }

    private static List<List<String>> paths(CommandLine command, List<String> path) {
        List<List<String>> paths = new ArrayList<>(List.of(path));
        command.getSubcommands().forEach((name, sub) -> {
            List<String> longer = new ArrayList<>(path);
            longer.add(name);
            paths.addAll(paths(sub, longer));
        });
        return paths;
    }
}
