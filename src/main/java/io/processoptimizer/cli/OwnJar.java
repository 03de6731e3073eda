package io.processoptimizer.cli;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Commands of this very program, for processes of their own. */
final class OwnJar {
    /** A third of 2,000 processes' windows, and the rest of them while another worker is away. */
    static final String WORKER_HEAP = "-Xmx768m";

    /** The records and the tables of a rehearsal. */
    static final String AWS_HEAP = "-Xmx3g";

    private OwnJar() {}

    /**
     * How to start it, with the {@code -XX} options of this one.
     *
     * @param heap option of Java
     * @param command one of {@link Main}
     */
    static List<String> command(String heap, String command, List<String> arguments) {
        List<String> all = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), heap));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> option.startsWith("-XX:"))
                .forEach(all::add);
        all.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName(), command));
        all.addAll(arguments);
        return all;
    }
}
