package io.processoptimizer.replay;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Results that come in any order, put into that of {@code windows.ndjson} on the disk. */
public final class CollectedResults implements Closeable {
    private static final int MEMORY_BYTES = 16 << 20;

    private final Path directory;
    private final SpillSorter sorter;

    /** @param directory made and deleted by this */
    public CollectedResults(Path directory) {
        this.directory = directory;
        sorter = new SpillSorter(directory.resolve("runs"), MEMORY_BYTES);
    }

    /** @param line one result as a JSON object with the fields of {@code windows.ndjson}, in any order */
    public void add(byte[] line) throws IOException {
        byte[] key = EarlierResults.keyOf(line);
        try {
            sorter.add(Slice.of(key), Slice.of(line), Slice.EMPTY);
        } catch (IOException e) {
            throw new OutputFailedException(String.valueOf(e.getMessage()), e);
        }
    }

    /** All that were added, in order; to be called once. */
    public EarlierResults sorted(String name) throws IOException {
        Files.createDirectories(directory);
        try (LineFile file = new LineFile(directory.resolve(ResultFiles.WINDOWS))) {
            SpillSorter.merge(List.of(sorter), entry -> file.write(entry.value, 0, entry.valueLength));
        }
        return new ResultFileLines(directory, name);
    }

    @Override
    public void close() throws IOException {
        sorter.close();
        Files.deleteIfExists(directory.resolve("runs"));
        Files.deleteIfExists(directory.resolve(ResultFiles.WINDOWS));
        Files.deleteIfExists(directory);
    }
}
