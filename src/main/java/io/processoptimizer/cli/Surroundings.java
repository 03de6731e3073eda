package io.processoptimizer.cli;

import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a command finds around it, as data, so that tests can give their own.
 *
 * @param environment all environment variables
 * @param workingDirectory what relative file names are relative to
 * @param in standard input
 * @param out standard output, for a command whose output is bytes
 * @param terminal whether standard output is a terminal: then colours (unless NO_COLOR is set) and live drawing are welcome
 */
public record Surroundings(
        Map<String, String> environment, Path workingDirectory, InputStream in, OutputStream out, boolean terminal) {
    /** Those of this Java process. */
    static Surroundings ofProcess() {
        return new Surroundings(
                System.getenv(), Path.of(""), System.in, new FileOutputStream(FileDescriptor.out), isTerminal());
    }

    /** Up to Java 21 there is a console only where input and output are a terminal; from 22 on there is one, and it says so. */
    @SuppressWarnings("SystemConsoleNull") // told apart by the version
    private static boolean isTerminal() {
        Console console = System.console();
        if (console == null || Runtime.version().feature() < 22) {
            return console != null;
        }
        try {
            return Boolean.TRUE.equals(Console.class.getMethod("isTerminal").invoke(console));
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }

    /** Whether to print in colour. */
    public boolean colours() {
        return terminal && environment.getOrDefault("NO_COLOR", "").isEmpty();
    }

    /** A file as it is named on the command line. */
    public Path resolve(Path file) {
        return workingDirectory.resolve(file);
    }
}
