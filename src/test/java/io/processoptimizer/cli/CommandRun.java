package io.processoptimizer.cli;

import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/** Runs a command in given surroundings and keeps what it said. */
record CommandRun(int exitCode, String out, String err) {
    /** In a directory, without environment or input, not on a terminal. */
    static CommandRun in(Path workingDirectory, String... args) {
        return in(
                new Surroundings(
                        Map.of(),
                        workingDirectory,
                        new ByteArrayInputStream(new byte[0]),
                        OutputStream.nullOutputStream(),
                        false),
                args);
    }

    /** With standard input. */
    static CommandRun piped(Path workingDirectory, String input, String... args) {
        byte[] bytes = input.getBytes(StandardCharsets.UTF_8);
        return in(
                new Surroundings(
                        Map.of(),
                        workingDirectory,
                        new ByteArrayInputStream(bytes),
                        OutputStream.nullOutputStream(),
                        false),
                args);
    }

    static CommandRun in(Surroundings surroundings, String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = Main.commandLine(surroundings, new PrintWriter(out), new PrintWriter(err))
                .execute(args);
        return new CommandRun(exitCode, out.toString(), err.toString());
    }
}
