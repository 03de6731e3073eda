package io.processoptimizer.replay;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Looks at the places that a replay is to write to before it begins, since it writes when it ends. */
final class Destinations {
    private Destinations() {}

    /**
     * Makes the output folder.
     *
     * @param inputs files that are read
     * @throws IllegalArgumentException where a place cannot be written to, or writing would destroy an input
     */
    static void prepare(Replay.Request request, List<Path> inputs) throws IOException {
        Path output = request.output();
        List<Path> written = new ArrayList<>();
        if (output != null) {
            makeFolder(output);
            ReplayInput.OUTPUTS.forEach(name -> written.add(output.resolve(name)));
        }
        Path report = request.report();
        if (report != null) {
            checkReport(report);
            for (Path file : written) {
                if (isSame(file, report)) {
                    throw new IllegalArgumentException(
                            "--report (" + report + ") is a file of --output; name another file");
                }
            }
            written.add(report);
        }
        for (Path file : written) {
            refuseInput(file, inputs);
            if (Files.exists(file) && !Files.isWritable(file)) {
                throw new IllegalArgumentException(
                        file + " may not be written; change its permissions, or write to another place");
            }
        }
    }

    /** Removes what an earlier replay left in the folder and this one might not replace. */
    static void removeEarlier(Path output) throws IOException {
        for (String name : List.of(SummaryJson.FILE, DifferenceFile.COMPARISON, DifferenceFile.BASELINE)) {
            Path earlier = output.resolve(name);
            if (Files.isRegularFile(earlier)) {
                Files.delete(earlier);
            }
        }
    }

    private static void makeFolder(Path output) throws IOException {
        try {
            Files.createDirectories(output);
        } catch (FileAlreadyExistsException e) {
            throw new IllegalArgumentException("--output (" + output + ") is a file; name a folder", e);
        } catch (AccessDeniedException e) {
            throw new IllegalArgumentException(
                    "--output (" + output + ") may not be made here; name another folder", e);
        }
        if (!Files.isWritable(output)) {
            throw new IllegalArgumentException(
                    "--output (" + output + ") may not be written to; change its permissions, or name another folder");
        }
    }

    private static void checkReport(Path report) {
        if (Files.isDirectory(report)) {
            throw new IllegalArgumentException(
                    "--report (" + report + ") is a folder; name a file in it, like " + report.resolve("report.html"));
        }
        Path folder = report.toAbsolutePath().getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            throw new IllegalArgumentException(
                    "--report (" + report + ") is in no folder that exists; make " + folder + ", or name another file");
        }
        if (!Files.exists(report) && folder != null && !Files.isWritable(folder)) {
            throw new IllegalArgumentException(
                    "--report (" + report + ") may not be written; change its permissions, or name another file");
        }
    }

    private static void refuseInput(Path file, List<Path> inputs) throws IOException {
        for (Path input : inputs) {
            if (isSame(file, input)) {
                throw new IllegalArgumentException(
                        file + " is an input, and the results would overwrite it; write them to another place");
            }
        }
    }

    private static boolean isSame(Path one, Path other) throws IOException {
        boolean exist = Files.exists(one) && Files.exists(other);
        return exist
                ? Files.isSameFile(one, other)
                : one.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize());
    }
}
