package io.processoptimizer.replay;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The folder of a recording, held by one recorder at a time. */
final class RecordingFolder implements AutoCloseable {
    private static final String LOCK_NAME = ".lock";

    private final Path folder;
    private final Disk disk;
    private final RandomAccessFile lockFile;
    private final @Nullable RecordingManifest found;

    private RecordingFolder(Path folder, Disk disk, RandomAccessFile lockFile, @Nullable RecordingManifest found) {
        this.folder = folder;
        this.disk = disk;
        this.lockFile = lockFile;
        this.found = found;
    }

    /**
     * Makes the folder where it is missing, and reads its manifest.
     *
     * @throws RecordingException where it cannot be written, another recorder holds it, or it holds something else
     * @throws IOException where its manifest is damaged
     */
    static RecordingFolder open(Path folder, Disk disk) throws IOException {
        RandomAccessFile lockFile;
        try {
            Files.createDirectories(folder);
            lockFile = new RandomAccessFile(folder.resolve(LOCK_NAME).toFile(), "rw");
        } catch (IOException e) {
            throw unwritable(folder, e);
        }
        try {
            if (!lock(lockFile)) {
                throw new RecordingException(
                        folder + " is being recorded into by another process; stop that one, or use another folder");
            }
            return new RecordingFolder(folder, disk, lockFile, manifestOf(folder));
        } catch (IOException | RuntimeException e) {
            lockFile.close();
            throw e;
        }
    }

    private static boolean lock(RandomAccessFile file) throws IOException {
        try {
            FileLock lock = file.getChannel().tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private static @Nullable RecordingManifest manifestOf(Path folder) throws IOException {
        Path file = folder.resolve(RecordingManifest.FILE_NAME);
        try {
            return RecordingManifest.parse(Files.readAllBytes(file), file);
        } catch (NoSuchFileException e) {
            try (Stream<Path> files = Files.list(folder)) {
                if (files.anyMatch(each -> String.valueOf(each.getFileName()).contains(".ndjson"))) {
                    throw new RecordingException(folder + " holds .ndjson files but no " + RecordingManifest.FILE_NAME
                            + " that tells where they end; use another folder");
                }
            }
            return null;
        }
    }

    /** The manifest as it was when the folder was opened; null where the recording starts. */
    @Nullable
    RecordingManifest found() {
        return found;
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    /** Replaces the manifest. */
    void save(RecordingManifest manifest) {
        replace(folder.resolve(RecordingManifest.FILE_NAME), manifest.toBytes());
    }

    /**
     * Copies the process definitions, so that the recording can be replayed as it was. Earlier ones that differ are kept beside them.
     *
     * @param nowMillis names the earlier ones
     */
    void keepDefinitions(Path definitions, long nowMillis) {
        Path copy = folder.resolve(RecordingManifest.DEFINITIONS_NAME);
        try {
            byte[] content = Files.readAllBytes(definitions);
            if (Files.exists(copy)) {
                byte[] before = Files.readAllBytes(copy);
                if (Arrays.equals(before, content)) {
                    return;
                }
                replace(folder.resolve("processes-until-" + nowMillis + ".yaml"), before);
            }
            replace(copy, content);
        } catch (IOException e) {
            throw unwritable(copy, e);
        }
    }

    private void replace(Path file, byte[] content) {
        try {
            disk.replace(file, content);
        } catch (IOException e) {
            throw unwritable(file, e);
        }
    }

    /** What to tell a person whose disk does not take it. */
    static RecordingException unwritable(Path file, IOException e) {
        return new RecordingException(
                file + " cannot be written (" + reason(e)
                        + "); make room or choose another folder, then run the same command again: it goes on after the last"
                        + " complete record",
                e);
    }

    private static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof NoSuchFileException) {
            return "no such file or directory";
        }
        if (e instanceof FileAlreadyExistsException) {
            return "a file is in its place";
        }
        if (e instanceof FileSystemException system && system.getReason() != null) {
            return system.getReason();
        }
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        // java.io repeats the name and puts the reason in parentheses.
        return message.replaceAll("^.*\\((.*)\\)$", "$1");
    }

    @Override
    public void close() throws IOException {
        lockFile.close();
    }
}
