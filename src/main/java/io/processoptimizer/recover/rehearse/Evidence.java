package io.processoptimizer.recover.rehearse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The folder of a rehearsal: {@code recording/}, {@code replayed/} (what the replay gives), {@code live/} (what the tables held, and
 * the events as they came), {@code logs/}, the process definitions, and {@code journal.log}, a line an occurrence with its time.
 *
 * @param folder where it is
 */
public record Evidence(Path folder, Clock clock) {
    public Evidence {
        try {
            for (String inside : List.of("live", "logs")) {
                Files.createDirectories(folder.resolve(inside));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Path definitions() {
        return folder.resolve("processes.yaml");
    }

    public Path recording() {
        return folder.resolve("recording");
    }

    public Path replayed() {
        return folder.resolve("replayed");
    }

    Path live(String file) {
        return folder.resolve("live").resolve(file);
    }

    /** Of a process that the rehearsal started. */
    public Path log(String process) {
        return folder.resolve("logs").resolve(process + ".log");
    }

    Path temporary() {
        return folder.resolve(".sorting");
    }

    /** Writes a line into the journal. */
    void note(String line) {
        try {
            Files.writeString(
                    folder.resolve("journal.log"),
                    clock.instant().truncatedTo(ChronoUnit.MILLIS) + " " + line + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes the folder. */
    public void delete() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
