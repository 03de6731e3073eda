package io.processoptimizer.replay;

import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.replay.RecordingManifest.Extent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The file of one shard. Records are collected in memory and reach the file in whole lines, several at once, as one gzip member or as
 * plain text; so only the last write can be torn, and opening cuts a torn one off. Not for use by several threads.
 */
final class ShardFile implements AutoCloseable {
    /** One read of the system per so much, where plain lines are looked through. */
    private static final int READ_BYTES = 1 << 16;

    private final Path path;
    private final boolean compressed;
    private final Disk disk;
    private @Nullable RandomAccessFile file;
    private final ByteArrayOutputStream buffer = new ByteArrayOutputStream();
    private final EnvelopeWriter writer = new EnvelopeWriter(buffer);
    private Extent durable;
    private long bufferedRecords;
    private @Nullable RecordPosition lastBuffered;
    private boolean failed;

    private ShardFile(Path path, boolean compressed, Disk disk, @Nullable RandomAccessFile file, Extent durable) {
        this.path = path;
        this.compressed = compressed;
        this.disk = disk;
        this.file = file;
        this.durable = durable;
    }

    /**
     * Opens the file where there is one, and cuts off what a crash left behind its last complete write.
     *
     * @param known what the file held at least when the manifest was written; what follows is read, not thrown away, because the stream
     *     may have dropped those records since
     * @throws RecordingException where it cannot be opened or written, or is missing
     */
    static ShardFile open(Path path, boolean compressed, Extent known, Disk disk) {
        if (!Files.exists(path)) {
            if (known.records() > 0) {
                throw new RecordingException(path + " is missing, though " + RecordingManifest.FILE_NAME
                        + " says that it holds " + known.records()
                        + " records; bring it back, or record into another folder");
            }
            return new ShardFile(path, compressed, disk, null, Extent.NONE);
        }
        try {
            RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
            try {
                // Shorter than it was: then only what can be read again counts.
                Extent start = file.length() < known.bytes() ? Extent.NONE : known;
                file.seek(start.bytes());
                Extent found = compressed ? membersFrom(file, start) : linesFrom(file, start);
                file.setLength(found.bytes());
                file.seek(found.bytes());
                if (found.bytes() == 0) {
                    file.close();
                    Files.delete(path);
                    return new ShardFile(path, compressed, disk, null, found);
                }
                return new ShardFile(path, compressed, disk, file, found);
            } catch (IOException | RuntimeException e) {
                file.close();
                throw e;
            }
        } catch (IOException e) {
            throw RecordingFolder.unwritable(path, e);
        }
    }

    private static Extent membersFrom(RandomAccessFile file, Extent start) throws IOException {
        Extent extent = start;
        while (true) {
            byte[] content = GzipMembers.next(file);
            RecordPosition last = content == null ? null : lastLine(content);
            if (content == null || last == null) {
                return extent;
            }
            long lines = 0;
            for (byte b : content) {
                lines += b == '\n' ? 1 : 0;
            }
            extent = new Extent(extent.records() + lines, file.getFilePointer(), last, extent.readUntilMillis());
        }
    }

    private static @Nullable RecordPosition lastLine(byte[] content) {
        if (content.length == 0 || content[content.length - 1] != '\n') {
            return null;
        }
        int start = content.length - 1;
        while (start > 0 && content[start - 1] != '\n') {
            start--;
        }
        return EnvelopePosition.of(content, start, content.length - start);
    }

    private static Extent linesFrom(RandomAccessFile file, Extent start) throws IOException {
        Extent extent = start;
        byte[] chunk = new byte[READ_BYTES];
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int read = file.read(chunk); read > 0; read = file.read(chunk)) {
            for (int i = 0; i < read; i++) {
                line.write(chunk[i]);
                if (chunk[i] != '\n') {
                    continue;
                }
                RecordPosition last = EnvelopePosition.of(line.toByteArray(), 0, line.size());
                if (last == null) {
                    return extent;
                }
                extent = new Extent(extent.records() + 1, extent.bytes() + line.size(), last, extent.readUntilMillis());
                line.reset();
            }
        }
        return extent;
    }

    void add(RecordedRecord record) {
        try {
            writer.write(record);
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory failed", e);
        }
        bufferedRecords++;
        lastBuffered = record.position();
    }

    /** Bytes that are not on the disk yet. */
    int bufferedBytes() {
        return buffer.size();
    }

    /** What is on the disk, in whole lines. */
    Extent durable() {
        return durable;
    }

    /**
     * Brings everything to the disk. Does nothing more once that has failed.
     *
     * @param readUntilMillis see {@link Extent}
     * @throws RecordingException where the disk does not take it; what was written before stays readable
     */
    void flush(long readUntilMillis) {
        if (failed) {
            return;
        }
        if (bufferedRecords == 0) {
            durable = new Extent(durable.records(), durable.bytes(), durable.last(), readUntilMillis);
            return;
        }
        byte[] content = buffer.toByteArray();
        byte[] bytes = compressed ? GzipMembers.compress(content) : content;
        try {
            if (file == null) {
                // Not before: a file of no bytes is not gzip.
                file = new RandomAccessFile(path.toFile(), "rw");
            }
            disk.append(file, bytes);
        } catch (IOException e) {
            failed = true;
            cutTornWrite(e);
            throw RecordingFolder.unwritable(path, e);
        }
        durable = new Extent(
                durable.records() + bufferedRecords, durable.bytes() + bytes.length, lastBuffered, readUntilMillis);
        buffer.reset();
        bufferedRecords = 0;
    }

    /** So that a reader need not wait for the next start, which would do it, too. */
    private void cutTornWrite(IOException why) {
        try {
            if (file != null) {
                file.setLength(durable.bytes());
                if (durable.bytes() == 0) {
                    Files.delete(path); // no bytes are not gzip
                }
            }
        } catch (IOException e) {
            why.addSuppressed(e);
        }
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }
}
