package io.processoptimizer.replay;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Makes writes durable: the port to the disk, behind which a test can crash. An interrupt never tears a write. */
class Disk {
    /** Writes at the file's position, and returns when it is on the disk. */
    void append(RandomAccessFile file, byte[] bytes) throws IOException {
        file.write(bytes);
        file.getFD().sync();
    }

    /** Replaces a file by another content: a reader, or a start after a crash, sees the one or the other. */
    void replace(Path file, byte[] content) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".next");
        try (FileOutputStream out = new FileOutputStream(next.toFile())) {
            out.write(content);
            out.getFD().sync();
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
