package io.processoptimizer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How the tests start a jar of target/: as a person does, but without the optimizing compiler, which pays off later than they end. */
public final class BuiltJar {
    private BuiltJar() {}

    /**
     * A list that may be added to.
     *
     * @param jar its name
     * @param arguments a command and its options
     */
    public static List<String> command(String jar, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xmx600m",
                "-jar",
                Path.of("target", jar).toAbsolutePath().toString()));
        command.addAll(List.of(arguments));
        return command;
    }
}
