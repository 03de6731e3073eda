package io.processoptimizer.replay;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A disk that does not wait: thousands of writes a test. A test's crash takes the process, never the power. */
class UnsyncedDisk extends Disk {
    @Override
    void append(RandomAccessFile file, byte[] bytes) throws IOException {
        file.write(bytes);
    }

    @Override
    void replace(Path file, byte[] content) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".next");
        Files.write(next, content);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
