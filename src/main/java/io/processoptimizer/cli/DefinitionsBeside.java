package io.processoptimizer.cli;

import java.nio.file.Path;

/** Where the process definitions of a file of telemetry are, if it came with any. */
final class DefinitionsBeside {
    private DefinitionsBeside() {}

    /** day.ndjson.gz → day.processes.yaml. */
    static Path of(Path file) {
        String name =
                String.valueOf(file.getFileName()).replaceAll("\\.gz$", "").replaceAll("\\.[^.]+$", "");
        return file.resolveSibling(name + ".processes.yaml");
    }
}
