package io.processoptimizer.replay;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file of lines that holds whole lines only, whatever goes wrong: where a write fails, what it left behind is cut off. */
final class LineFile implements Closeable {
    private static final int BUFFER_BYTES = 1 << 20;

    private final Path file;
    private final FileChannel channel;
    private ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    private long written;
    private boolean failed;

    /** Creates the file, or empties it. */
    LineFile(Path file) throws IOException {
        this.file = file;
        channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
    }

    void write(byte[] bytes, int from, int length) throws IOException {
        if (buffer.remaining() < length + 1) {
            flush();
            if (buffer.capacity() < length + 1) {
                buffer = ByteBuffer.allocate(length + 1);
            }
        }
        buffer.put(bytes, from, length).put((byte) '\n');
    }

    private void flush() throws IOException {
        buffer.flip();
        try {
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            written = channel.position();
        } catch (IOException e) {
            failed = true;
            try {
                channel.truncate(written);
            } catch (IOException again) {
                e.addSuppressed(again);
            }
            throw new OutputFailedException(
                    "writing " + file + " failed: " + e.getMessage() + "; its " + written
                            + " bytes so far are whole lines. Make room, and run again",
                    e);
        } finally {
            buffer.clear();
        }
    }

    @Override
    public void close() throws IOException {
        try {
            if (!failed) {
                flush();
            }
        } finally {
            channel.close();
        }
    }
}
