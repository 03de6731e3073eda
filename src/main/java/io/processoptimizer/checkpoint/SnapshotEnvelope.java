package io.processoptimizer.checkpoint;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * How a state is stored: a header of 20 bytes (magic, format version, length, CRC-32C of the state), then the state deflated, cut
 * into chunks that fit the store's items. Packing a state of n bytes costs O(n).
 */
public final class SnapshotEnvelope {
    /** "POSS": tells a state from anything else that an operator may have put there. */
    private static final int MAGIC = 0x504F5353;

    /** The newest envelope that this version writes and reads. */
    private static final int VERSION = 1;

    /** Beyond it a version is damage, not the future. */
    private static final int LAST_PLAUSIBLE_VERSION = 1_000;

    private static final int HEADER_BYTES = 4 + 4 + 8 + 4;

    /** A state longer than this is refused: it is beyond what a worker's memory should hold of one shard. */
    static final int MAX_STATE_BYTES = 1 << 30;

    private static final int BUFFER_BYTES = 64 * 1024;

    private SnapshotEnvelope() {}

    /**
     * @param maxChunkBytes > 0
     * @return at least one chunk, each of at most that many bytes
     */
    public static List<byte[]> pack(byte[] state, int maxChunkBytes) {
        byte[] packed = deflate(state);
        List<byte[]> chunks = new ArrayList<>(packed.length / maxChunkBytes + 1);
        for (int from = 0; from < packed.length; from += maxChunkBytes) {
            int length = Math.min(maxChunkBytes, packed.length - from);
            byte[] chunk = new byte[length];
            System.arraycopy(packed, from, chunk, 0, length);
            chunks.add(chunk);
        }
        return chunks;
    }

    /**
     * @param name names the state in an error message
     * @throws UnreadableSnapshotException where the chunks are not a whole, undamaged state
     * @throws NewerSnapshotException where a newer version wrote it
     */
    public static byte[] unpack(String name, List<byte[]> chunks) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] chunk : chunks) {
            joined.writeBytes(chunk);
        }
        ByteBuffer packed = ByteBuffer.wrap(joined.toByteArray());
        if (packed.remaining() < HEADER_BYTES || packed.getInt() != MAGIC) {
            throw new UnreadableSnapshotException(name + " is not a state of this product");
        }
        int version = packed.getInt();
        if (version < 1 || version > LAST_PLAUSIBLE_VERSION) {
            throw new UnreadableSnapshotException(name + " is damaged: it claims format " + version);
        }
        if (version > VERSION) {
            throw new NewerSnapshotException(name, version, VERSION);
        }
        long length = packed.getLong();
        int checksum = packed.getInt();
        if (length < 0 || length > MAX_STATE_BYTES) {
            throw new UnreadableSnapshotException(name + " is damaged: it claims a length of " + length + " bytes");
        }
        byte[] state = inflate(name, packed, (int) length);
        if (checksum(state) != checksum) {
            throw new UnreadableSnapshotException(name + " is damaged: its checksum does not match");
        }
        return state;
    }

    private static byte[] deflate(byte[] state) {
        if (state.length > MAX_STATE_BYTES) {
            throw new IllegalArgumentException(
                    "a state of " + state.length + " bytes exceeds the limit of " + MAX_STATE_BYTES + " bytes");
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(state.length / 4 + HEADER_BYTES);
        out.writeBytes(ByteBuffer.allocate(HEADER_BYTES)
                .putInt(MAGIC)
                .putInt(VERSION)
                .putLong(state.length)
                .putInt(checksum(state))
                .array());
        Deflater deflater = new Deflater(Deflater.BEST_SPEED);
        try {
            deflater.setInput(state);
            deflater.finish();
            byte[] buffer = new byte[BUFFER_BYTES];
            while (!deflater.finished()) {
                out.write(buffer, 0, deflater.deflate(buffer));
            }
        } finally {
            deflater.end();
        }
        return out.toByteArray();
    }

    private static byte[] inflate(String name, ByteBuffer packed, int length) {
        byte[] state = new byte[length];
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(packed);
            int at = 0;
            while (at < length) {
                int read = inflater.inflate(state, at, length - at);
                if (read == 0) {
                    throw new UnreadableSnapshotException(
                            name + " is damaged: it ends after " + at + " of " + length + " bytes");
                }
                at += read;
            }
            return state;
        } catch (DataFormatException e) {
            throw new UnreadableSnapshotException(name + " is damaged: " + e.getMessage());
        } finally {
            inflater.end();
        }
    }

    private static int checksum(byte[] state) {
        CRC32C crc = new CRC32C();
        crc.update(state, 0, state.length);
        return (int) crc.getValue();
    }
}
