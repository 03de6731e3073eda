package io.processoptimizer.replay;

import io.processoptimizer.emit.AdviceRecord;
import io.processoptimizer.emit.RecordedAdvice;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Advice that was recorded, to be looked up by process and id: a file of advice records, a line each, of which 20 bytes a record are kept
 * in memory. An open-addressing table (Knuth, The Art of Computer Programming 3, 6.4, algorithm L) leads from the hash of a key to
 * places in the file; what stands there decides whether it is the one. Where a key is there twice the first counts, as live. Thread safe
 * after it was opened.
 */
public final class AdviceArchive implements Closeable {
    /** Name of the file in the folder of a replay. */
    public static final String FILE = ResultFiles.ADVICE;

    /** A record has at most 400 kB, as an item of DynamoDB. */
    private static final int MAX_LINE_BYTES = 1 << 20;

    private static final int FIRST_CAPACITY = 1 << 10;

    private final String name;
    private final Path file;
    private final boolean temporary;
    private final FileChannel channel;
    private long[] hashes = new long[FIRST_CAPACITY];
    private long[] offsets = new long[FIRST_CAPACITY];

    /** 0 where the place of the table is free. */
    private int[] lengths = new int[FIRST_CAPACITY];

    private int size;

    private AdviceArchive(Path file, String name, boolean temporary, FileChannel channel) {
        this.file = file;
        this.name = name;
        this.temporary = temporary;
        this.channel = channel;
    }

    /**
     * Reads all of a file, so that what is wrong with it is said before the replay begins.
     *
     * @param name as a person knows it
     * @param temporary whether the file is deleted on close
     * @throws InputDamagedException where it cannot be read, holds no record, or anything else
     */
    public static AdviceArchive open(Path file, String name, boolean temporary) throws IOException {
        AdviceArchive archive =
                new AdviceArchive(file, name, temporary, FileChannel.open(file, StandardOpenOption.READ));
        try {
            archive.readAll();
            return archive;
        } catch (IOException | RuntimeException e) {
            archive.close();
            throw e;
        }
    }

    private void readAll() throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            long offset = 0;
            long number = 1;
            int next = in.read();
            while (next >= 0) {
                if (next != '\n') {
                    line.write(next);
                    if (line.size() > MAX_LINE_BYTES) {
                        throw damaged(number, "it is longer than " + MAX_LINE_BYTES + " bytes", null);
                    }
                } else {
                    take(line.toByteArray(), offset, number);
                    offset += line.size() + 1;
                    number++;
                    line.reset();
                }
                next = in.read();
            }
            take(line.toByteArray(), offset, number);
        }
        if (size == 0) {
            throw new InputDamagedException(
                    name
                            + " holds no advice records; name the output folder of a replay that had advice, or 'live' while"
                            + " the worker's table holds them",
                    null);
        }
    }

    private void take(byte[] line, long offset, long number) throws IOException {
        if (new String(line, java.nio.charset.StandardCharsets.UTF_8).isBlank()) {
            return;
        }
        RecordedAdvice read;
        try {
            read = RecordedAdvice.parse(line);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw damaged(number, "it is no JSON object", e);
        } catch (IOException e) {
            throw damaged(number, String.valueOf(e.getMessage()), e);
        }
        put(hash(read.processId(), read.id()), offset, line.length);
    }

    private InputDamagedException damaged(long number, String how, @Nullable Exception cause) {
        return new InputDamagedException(
                name + ", line " + number + ", is no advice record: " + how
                        + "; name the advice.ndjson that 'replay --output' wrote, or its folder, or copy it again",
                cause);
    }

    private void put(long hash, long offset, int length) {
        if (size >= hashes.length / 2) {
            grow();
        }
        place(hash, offset, length);
        size++;
    }

    private void place(long hash, long offset, int length) {
        int at = slot(hash);
        while (lengths[at] != 0) {
            at = (at + 1) & (hashes.length - 1);
        }
        hashes[at] = hash;
        offsets[at] = offset;
        lengths[at] = length;
    }

    private void grow() {
        if (hashes.length >= 1 << 30) {
            throw new IllegalStateException(name + " holds more than " + size + " advice records; split it");
        }
        long[] oldHashes = hashes;
        long[] oldOffsets = offsets;
        int[] oldLengths = lengths;
        hashes = new long[oldHashes.length * 2];
        offsets = new long[hashes.length];
        lengths = new int[hashes.length];
        // In the order of the file, so that the first of a key stays the first that is found.
        Integer[] order = new Integer[size];
        int filled = 0;
        for (int i = 0; i < oldHashes.length; i++) {
            if (oldLengths[i] != 0) {
                order[filled++] = i;
            }
        }
        Arrays.sort(order, (a, b) -> Long.compare(oldOffsets[a], oldOffsets[b]));
        for (int i : order) {
            place(oldHashes[i], oldOffsets[i], oldLengths[i]);
        }
    }

    private int slot(long hash) {
        return (int) (hash ^ hash >>> 32) & (hashes.length - 1);
    }

    /** FNV-1a over both, with an end between, then mixed. */
    private static long hash(String processId, String id) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < processId.length(); i++) {
            hash = (hash ^ processId.charAt(i)) * 0x100000001b3L;
        }
        hash = (hash ^ 0x1_0000) * 0x100000001b3L;
        for (int i = 0; i < id.length(); i++) {
            hash = (hash ^ id.charAt(i)) * 0x100000001b3L;
        }
        return hash ^ hash >>> 29;
    }

    /** What was recorded under the id of the given record of the same process; null where nothing was. */
    @Nullable
    RecordedAdvice find(AdviceRecord wanted) {
        String processId = wanted.result().processId();
        String id = wanted.id();
        long hash = hash(processId, id);
        for (int at = slot(hash); lengths[at] != 0; at = (at + 1) & (hashes.length - 1)) {
            if (hashes[at] == hash) {
                RecordedAdvice found = at(offsets[at], lengths[at]);
                if (found.processId().equals(processId) && found.id().equals(id)) {
                    return found;
                }
            }
        }
        return null;
    }

    private RecordedAdvice at(long offset, int length) {
        ByteBuffer line = ByteBuffer.allocate(length);
        try {
            while (line.hasRemaining()) {
                if (channel.read(line, offset + line.position()) < 0) {
                    throw new InputDamagedException(
                            name + " became shorter while it was read; leave it alone, and run again", null);
                }
            }
            return RecordedAdvice.parse(line.array());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int size() {
        return size;
    }

    public String name() {
        return name;
    }

    @Override
    public void close() throws IOException {
        channel.close();
        if (temporary) {
            Files.deleteIfExists(file);
        }
    }
}
