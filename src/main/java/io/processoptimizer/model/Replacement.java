package io.processoptimizer.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Replaces files of a model's folder in one step each: whoever looks sees the old one or the new one, whatever ends the training. */
final class Replacement {
    /** Writing a model takes seconds: what is older belongs to a training that was ended in the middle. */
    private static final Duration LEFT_AFTER = Duration.ofMinutes(10);

    private static final String TEMPORARY = ".training-tmp";
    private static final Pattern LEFT = Pattern.compile(
            "\\..*-[0-9a-f-]{36}\\.training-tmp|model\\.json\\.[0-9a-f-]{36}\\.tmp|[a-z_]+-[0-9a-f]{16}\\.forest");

    private Replacement() {}

    static void write(Path file, byte[] bytes) throws IOException {
        Path written = file.resolveSibling("." + file.getFileName() + "-" + UUID.randomUUID() + TEMPORARY);
        try {
            Files.write(written, bytes);
            Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            try {
                Files.deleteIfExists(written);
            } catch (IOException left) {
                e.addSuppressed(left);
            }
            throw e;
        }
    }

    /**
     * Removes what trainings that were killed have left in a folder. Another that writes there now keeps its files.
     *
     * @param kept files of the present model
     */
    static void removeLeft(Path folder, java.util.Set<Path> kept, Instant now) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                if (LEFT.matcher(file.getFileName().toString()).matches()
                        && !kept.contains(file)
                        && Files.getLastModifiedTime(file).toInstant().isBefore(now.minus(LEFT_AFTER))) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }
}
