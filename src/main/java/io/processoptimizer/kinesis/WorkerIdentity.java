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
 * temporary directory sees to that: the second worker of a host gets the host's name with -2, and so on.
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
     * @param directory where the locks are: shared by the workers of a host
     * @param application separates applications from each other
     * @param name the host's name, or the one that a setting gives
     * @throws IOException where no lock can be taken, with the remedy
     */
    public static WorkerIdentity acquire(Path directory, String application, String name) throws IOException {
        for (int number = 1; number <= MAX_WORKERS; number++) {
            String workerId = number == 1 ? name : name + "-" + number;
            Path path = directory.resolve((application + "-" + workerId).replaceAll("[^A-Za-z0-9._-]", "_") + ".lock");
            FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (lock(file) != null) {
                return new WorkerIdentity(workerId, file);
            }
            file.close();
        }
        throw new IOException("all " + MAX_WORKERS + " worker names of " + name + " are taken (locks in " + directory
                + "); stop other workers, or set application.worker_id");
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

    /** Where the workers of a host find each other's locks. */
    public static Path sharedDirectory() throws IOException {
        return Files.createDirectories(Path.of(System.getProperty("java.io.tmpdir"), "process-optimizer"));
    }
}
