package io.processoptimizer.disk;

import io.processoptimizer.checkpoint.PartName;
import io.processoptimizer.checkpoint.SnapshotParts;
import io.processoptimizer.checkpoint.SnapshotStoreException;
import io.processoptimizer.checkpoint.UnreadableSnapshotException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/**
 * States as files {@code SHARD/ID.NNNN} of a folder (see {@link PartName}). A part is written under another name, forced to the disk,
 * renamed, and the folder forced after it: whenever the host dies, a name that is there holds the whole part. What a crash leaves
 * under the other name is deleted with its state.
 *
 * <p>Another host cannot read the folder: this is for a single host, whose worker is started again on it.
 */
public final class FileParts implements SnapshotParts {
    /** A file each up to here, so that a state is one file; the bound keeps one write, and one read, to some megabytes. */
    private static final int PART_BYTES = 16 * 1024 * 1024;

    /** No part has it: dots separate an id from the part's number, which ends the name. */
    private static final String UNFINISHED = ".new";

    /** Windows has no way to force a folder; its file system keeps the order of renames by itself. */
    private static final boolean FORCES_FOLDERS =
            !System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("win");

    private final Path folder;

    private FileParts(Path folder) {
        this.folder = folder;
    }

    /** For reading what is there: makes nothing, and a missing folder holds no states. */
    public static FileParts existing(Path folder) {
        return new FileParts(folder.toAbsolutePath().normalize());
    }

    /**
     * Makes the folder where it is missing.
     *
     * @throws FileSystemException where it cannot be written, naming the setting and the remedy
     */
    public static FileParts in(Path folder) throws FileSystemException {
        Path absolute = folder.toAbsolutePath().normalize();
        try {
            Files.createDirectories(absolute);
            Files.delete(Files.createTempFile(absolute, "try", UNFINISHED));
            return new FileParts(absolute);
        } catch (IOException e) {
            FileSystemException refused = new FileSystemException(
                    absolute.toString(),
                    null,
                    "state.folder cannot be written (" + reason(e)
                            + "); let this user write it, or name another folder with state.folder");
            refused.initCause(e);
            throw refused;
        }
    }

    @Override
    public int maxPartBytes() {
        return PART_BYTES;
    }

    @Override
    public void put(String shardId, String id, List<byte[]> parts) {
        try {
            Path shard = folder.resolve(PartName.shardFolder(shardId));
            boolean isNew = !Files.isDirectory(shard);
            Files.createDirectories(shard);
            for (int i = 0; i < parts.size(); i++) {
                write(shard.resolve(new PartName(id, i).file()), parts.get(i));
            }
            force(shard);
            if (isNew) {
                force(folder);
            }
        } catch (IOException e) {
            throw failed("writing the state of " + shardId, e);
        }
    }

    private static void write(Path part, byte[] bytes) throws IOException {
        Path unfinished = part.resolveSibling(part.getFileName() + UNFINISHED);
        // A stream, not a channel: an interrupt would close that one in the middle.
        try (FileOutputStream out = new FileOutputStream(unfinished.toFile())) {
            out.write(bytes);
            out.getFD().sync();
        }
        Files.move(unfinished, part, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void force(Path directory) throws IOException {
        if (FORCES_FOLDERS) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    @Override
    public List<byte[]> get(String shardId, String id, int count) {
        Path shard = folder.resolve(PartName.shardFolder(shardId));
        List<byte[]> parts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            String name = new PartName(id, i).file();
            try {
                parts.add(Files.readAllBytes(shard.resolve(name)));
            } catch (NoSuchFileException e) {
                throw new UnreadableSnapshotException("the state of " + shardId + " lacks its part " + name + " in "
                        + folder + " (state.folder; a state that another host wrote lies on that host)");
            } catch (IOException e) {
                throw failed("reading the state of " + shardId, e);
            }
        }
        return parts;
    }

    @Override
    public List<String> ids(String shardId) {
        TreeSet<String> ids = new TreeSet<>();
        for (Path file : files(shardId, "listing the states of " + shardId)) {
            String id = PartName.idOf(String.valueOf(file.getFileName()));
            if (id != null) {
                ids.add(id);
            }
        }
        return List.copyOf(ids);
    }

    @Override
    public void delete(String shardId, String id) {
        // Not forced: what a crash brings back is deleted once more.
        String what = "deleting an old state of " + shardId;
        for (Path file : files(shardId, what)) {
            if (String.valueOf(file.getFileName()).startsWith(PartName.prefix(id))) {
                try {
                    Files.deleteIfExists(file);
                } catch (IOException e) {
                    throw failed(what, e);
                }
            }
        }
    }

    /** As many as a shard has states: a day of savepoints, the present one, and what a crash left. */
    private List<Path> files(String shardId, String what) {
        List<Path> files = new ArrayList<>();
        Path shard = folder.resolve(PartName.shardFolder(shardId));
        try (DirectoryStream<Path> found = Files.newDirectoryStream(shard)) {
            found.forEach(files::add);
            return files;
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw failed(what, e);
        } catch (DirectoryIteratorException e) {
            throw failed(what, new IOException(e.getCause()));
        }
    }

    private SnapshotStoreException failed(String what, IOException e) {
        return new SnapshotStoreException(
                what + " in " + folder + " (state.folder) failed: " + reason(e)
                        + "; make room there, or let this user write it",
                e);
    }

    private static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof NoSuchFileException) {
            return "no such file or directory";
        }
        if (e instanceof FileAlreadyExistsException || e instanceof NotDirectoryException) {
            return "a file is in its place";
        }
        if (e instanceof FileSystemException system && system.getReason() != null) {
            return system.getReason();
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
