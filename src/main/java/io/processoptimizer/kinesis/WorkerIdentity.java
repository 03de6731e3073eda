package io.processoptimizer.kinesis;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The name of a worker on its host: stable over a restart, since a worker takes its own leases back at once and those of another only
 * when they have run out; and never held by two processes, which would both process every shard of it. A locked file in the
 * temporary directory sees to that: a user's second worker of a host gets the first one's name with -2, and so on.
 */
public final class WorkerIdentity implements AutoCloseable {
    /** More workers than this on one host are a mistake. */
    private static final int MAX_WORKERS = 64;

    private final String workerId;
    private final FileChannel file;

    private WorkerIdentity(String workerId, FileChannel file) {
        this.workerId = workerId;
        this.file = file;
    }

    /**
     * Takes the first free name.
     *
     * @param directory where the locks are: shared by the workers of a user on a host
     * @param application separates applications from each other
     * @param name what {@link #nameOn} gives, or a setting
     * @throws IOException where no lock can be taken, with the remedy
     */
    public static WorkerIdentity acquire(Path directory, String application, String name) throws IOException {
        for (int number = 1; number <= MAX_WORKERS; number++) {
            String workerId = number == 1 ? name : name + "-" + number;
            Path path = directory.resolve(plain(application + "-" + workerId) + ".lock");
            FileChannel file = open(path);
            if (lock(file) != null) {
                return new WorkerIdentity(workerId, file);
            }
            file.close();
        }
        throw new IOException("all " + MAX_WORKERS + " worker names of " + name + " are taken (locks in " + directory
                + "); stop other workers, or set application.worker_id");
    }

    private static FileChannel open(Path path) throws IOException {
        try {
            return FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new IOException(
                    "the lock of this worker, " + path + ", cannot be opened ("
                            + e.getClass().getSimpleName()
                            + "); give this user a temporary directory that it may write to: java -Djava.io.tmpdir=DIR",
                    e);
        }
    }

    private static @Nullable FileLock lock(FileChannel file) throws IOException {
        try {
            return file.tryLock();
        } catch (OverlappingFileLockException e) {
            // Held within this very process.
            return null;
        }
    }

    public String workerId() {
        return workerId;
    }

    /** Lets go of the name; the file stays for the next. */
    @Override
    public void close() throws IOException {
        file.close();
    }

    /**
     * Where the workers that a user runs on this host find each other's locks: what one user made another may not write to.
     *
     * @throws IOException where it cannot be made, with the remedy
     */
    public static Path directoryOf(String user) throws IOException {
        Path directory = Path.of(System.getProperty("java.io.tmpdir"), "process-optimizer-" + plain(user));
        try {
            return Files.createDirectories(directory);
        } catch (IOException e) {
            throw new IOException(
                    "the directory of worker locks, " + directory + ", cannot be made ("
                            + e.getClass().getSimpleName()
                            + "); give this user a temporary directory that it may write to: java -Djava.io.tmpdir=DIR",
                    e);
        }
    }

    /** The name of a user's workers on a host: workers of two users do not see each other's locks, so they must not share a name. */
    public static String nameOn(String host, String user) {
        return host + "-" + plain(user);
    }

    private static String plain(String name) {
        return name.replaceAll("[^A-Za-z0-9._-]", "_");
    }
}
