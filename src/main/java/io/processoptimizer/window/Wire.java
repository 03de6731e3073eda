package io.processoptimizer.window;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** How values stand in a snapshot: most numbers in it are small, and there are many of them. */
final class Wire {
    private static final int GROUP_BITS = 7;
    private static final int MORE = 1 << GROUP_BITS;

    private Wire() {}

    /** Writes something. */
    @FunctionalInterface
    interface Writing {
        void to(DataOutput out) throws IOException;
    }

    /** How many bytes something takes. */
    static long lengthOf(Writing writing) {
        try (DataOutputStream counted = new DataOutputStream(OutputStream.nullOutputStream())) {
            writing.to(counted);
            return counted.size();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to nowhere cannot fail", e);
        }
    }

    /** A name; null is told from the empty one. */
    static void writeName(DataOutput out, @Nullable String name) throws IOException {
        out.writeBoolean(name != null);
        if (name != null) {
            out.writeUTF(name);
        }
    }

    static @Nullable String readName(DataInput in) throws IOException {
        return in.readBoolean() ? in.readUTF() : null;
    }

    /** A number ≥ 0. */
    static void writeCount(DataOutput out, int count) throws IOException {
        writeGroups(out, count);
    }

    static int readCount(DataInput in) throws IOException {
        long count = readGroups(in);
        if (count < 0 || count > Integer.MAX_VALUE) {
            throw new IOException("a count of " + count + " in the snapshot: it is damaged");
        }
        return (int) count;
    }

    /** A number of either sign, small ones short: the sign goes to the lowest bit. */
    static void writeNumber(DataOutput out, long number) throws IOException {
        writeGroups(out, (number << 1) ^ (number >> (Long.SIZE - 1)));
    }

    static long readNumber(DataInput in) throws IOException {
        long folded = readGroups(in);
        return (folded >>> 1) ^ -(folded & 1);
    }

    /** Seven bits a byte, the lowest first; the top bit says that more follow. */
    private static void writeGroups(DataOutput out, long bits) throws IOException {
        long rest = bits;
        while ((rest & -MORE) != 0) {
            out.writeByte(((int) rest & (MORE - 1)) | MORE);
            rest >>>= GROUP_BITS;
        }
        out.writeByte((int) rest);
    }

    private static long readGroups(DataInput in) throws IOException {
        long bits = 0;
        for (int shift = 0; shift < Long.SIZE; shift += GROUP_BITS) {
            byte group = in.readByte();
            bits |= (group & (MORE - 1L)) << shift;
            if (group >= 0) {
                return bits;
            }
        }
        throw new IOException("a number of more than 64 bits in the snapshot: it is damaged");
    }
}
