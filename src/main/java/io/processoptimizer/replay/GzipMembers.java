package io.processoptimizer.replay;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * A gzip file as a row of members (RFC 1952, 2.2), each complete in itself: what is on disk can be read at any time, and a torn end is
 * told from a whole one by the member's checksum.
 */
final class GzipMembers {
    private static final int HEADER_BYTES = 10;
    private static final int TRAILER_BYTES = 8;
    private static final int CHUNK_BYTES = 1 << 16;

    /** A member is written at some MiB at most; more than this is none of ours. */
    private static final int MAX_MEMBER_BYTES = 256 << 20;

    private GzipMembers() {}

    /** One member. */
    static byte[] compress(byte[] content) {
        ByteArrayOutputStream member = new ByteArrayOutputStream(content.length / 4 + 64);
        try (FastGzip gzip = new FastGzip(member)) {
            gzip.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // into memory: cannot happen
        }
        return member.toByteArray();
    }

    /** Telemetry repeats itself: the fastest level already shrinks it well, and keeps up with a stream. */
    private static final class FastGzip extends GZIPOutputStream {
        FastGzip(ByteArrayOutputStream out) throws IOException {
            super(out, CHUNK_BYTES);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }

    /**
     * Reads the member at the file's position, and leaves the position behind it.
     *
     * @return its content; null where no complete member stands there
     */
    static byte @Nullable [] next(RandomAccessFile file) throws IOException {
        long start = file.getFilePointer();
        Inflater inflater = new Inflater(true);
        try {
            byte[] header = new byte[HEADER_BYTES];
            file.readFully(header);
            if (header[0] != 0x1f || header[1] != (byte) 0x8b || header[2] != Deflater.DEFLATED || header[3] != 0) {
                return null;
            }
            byte[] content = inflate(file, inflater);
            if (content == null) {
                return null;
            }
            file.seek(start + HEADER_BYTES + inflater.getBytesRead());
            byte[] trailer = new byte[TRAILER_BYTES];
            file.readFully(trailer);
            CRC32 crc = new CRC32();
            crc.update(content);
            boolean whole = littleEndian(trailer, 0) == (int) crc.getValue()
                    && littleEndian(trailer, Integer.BYTES) == content.length;
            return whole ? content : null;
        } catch (EOFException | DataFormatException e) {
            return null;
        } finally {
            inflater.end();
        }
    }

    private static byte @Nullable [] inflate(RandomAccessFile file, Inflater inflater)
            throws IOException, DataFormatException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        byte[] in = new byte[CHUNK_BYTES];
        byte[] out = new byte[CHUNK_BYTES];
        while (!inflater.finished()) {
            if (inflater.needsInput()) {
                int read = file.read(in);
                if (read < 0) {
                    return null;
                }
                inflater.setInput(in, 0, read);
            }
            int inflated = inflater.inflate(out);
            content.write(out, 0, inflated);
            if (content.size() > MAX_MEMBER_BYTES || (inflated == 0 && inflater.needsDictionary())) {
                return null;
            }
        }
        return content.toByteArray();
    }

    private static int littleEndian(byte[] bytes, int offset) {
        return (bytes[offset] & 0xff)
                | (bytes[offset + 1] & 0xff) << 8
                | (bytes[offset + 2] & 0xff) << 16
                | (bytes[offset + 3] & 0xff) << 24;
    }
}
