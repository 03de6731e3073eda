package io.processoptimizer.replay;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** One file of input, compressed or not, and how far it is read. */
final class InputFile implements Closeable {
    private static final int BUFFER_BYTES = 1 << 17;
    private static final int GZIP_FIRST = 0x1F;
    private static final int GZIP_SECOND = 0x8B;
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final String name;
    private final long bytesTotal;
    private final Counted counted;
    private final Lines lines;

    private InputFile(String name, long bytesTotal, InputStream in) throws IOException {
        this.name = name;
        this.bytesTotal = bytesTotal;
        counted = new Counted(in);
        lines = new Lines(plain(counted));
    }

    /** @param shownAs its name in messages and dead letters */
    static InputFile open(Path file, String shownAs) throws InputDamagedException {
        try {
            return new InputFile(shownAs, Files.size(file), Files.newInputStream(file));
        } catch (NoSuchFileException e) {
            throw new InputDamagedException(shownAs + " does not exist; check --input", e);
        } catch (AccessDeniedException e) {
            throw new InputDamagedException(shownAs + " may not be read; check its permissions", e);
        } catch (IOException e) {
            throw unreadable(shownAs, e);
        }
    }

    private static InputDamagedException unreadable(String shownAs, IOException e) {
        return e instanceof EOFException
                ? new InputDamagedException(shownAs + " is cut off: its gzip ends in its first bytes; copy it again", e)
                : new InputDamagedException(
                        shownAs + " cannot be read: " + e.getMessage() + "; give a file of lines, plain or gzipped", e);
    }

    /** Standard input, or another stream whose length is not known. */
    static InputFile of(InputStream in, String name) throws InputDamagedException {
        try {
            return new InputFile(name, 0, in);
        } catch (IOException e) {
            throw unreadable(name, e);
        }
    }

    /** Told by the first bytes, not by the name. */
    private static InputStream plain(InputStream in) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(in, BUFFER_BYTES);
        buffered.mark(2);
        boolean gzip = buffered.read() == GZIP_FIRST && buffered.read() == GZIP_SECOND;
        buffered.reset();
        InputStream text = gzip ? new GZIPInputStream(buffered, BUFFER_BYTES) : buffered;
        // No buffer around the decompressor: one that fails as it fills itself forgets what it has.
        byte[] first = text.readNBytes(BYTE_ORDER_MARK.length);
        if (Arrays.equals(first, BYTE_ORDER_MARK)) {
            return text;
        }
        PushbackInputStream whole = new PushbackInputStream(text, BYTE_ORDER_MARK.length);
        whole.unread(first);
        return whole;
    }

    String name() {
        return name;
    }

    Lines lines() {
        return lines;
    }

    /** Moves to the next line; false at the end. */
    boolean next() throws InputDamagedException {
        try {
            return lines.next();
        } catch (EOFException e) {
            throw new InputDamagedException(
                    name + " is cut off: its gzip ends early, after line " + lines.number()
                            + "; the lines before were read. Copy it again, or go on with what there is",
                    e);
        } catch (ZipException e) {
            throw new InputDamagedException(
                    name + " is damaged after line " + lines.number() + ": " + e.getMessage()
                            + "; the lines before were read",
                    e);
        } catch (IOException e) {
            throw new InputDamagedException(
                    name + " cannot be read after line " + lines.number() + ": " + e.getMessage(), e);
        }
    }

    long bytesRead() {
        return counted.bytes;
    }

    /** 0 where it is not known. */
    long bytesTotal() {
        return bytesTotal;
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }

    private static final class Counted extends FilterInputStream {
        private long bytes;

        Counted(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int read = super.read();
            bytes += read < 0 ? 0 : 1;
            return read;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int read = super.read(target, offset, length);
            bytes += Math.max(0, read);
            return read;
        }
    }
}
