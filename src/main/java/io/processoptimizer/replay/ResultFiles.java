package io.processoptimizer.replay;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The NDJSON files of a replay: windows, advice, adjustments, dead letters. */
final class ResultFiles implements ReplayConsumer, Closeable {
    static final String WINDOWS = "windows.ndjson";
    static final String ADVICE = "advice.ndjson";
    static final String ADJUSTMENTS = "adjustments.ndjson";
    static final String DEAD_LETTERS = "dead-letters.ndjson";

    private final boolean revisions;
    private final List<LineFile> files = new ArrayList<>();
    private final LineFile windows;
    private final LineFile advice;
    private final LineFile adjustments;
    private final LineFile deadLetters;

    /** @param revisions whether earlier results of a window are written too, before its last */
    ResultFiles(Path directory, boolean revisions) throws IOException {
        this.revisions = revisions;
        Files.createDirectories(directory);
        windows = open(directory.resolve(WINDOWS));
        advice = open(directory.resolve(ADVICE));
        adjustments = open(directory.resolve(ADJUSTMENTS));
        deadLetters = open(directory.resolve(DEAD_LETTERS));
    }

    private LineFile open(Path file) throws IOException {
        LineFile opened = new LineFile(file);
        files.add(opened);
        return opened;
    }

    @Override
    public void window(int variant, WindowDigest digest, Slice line, int editions) throws IOException {
        if (variant == 0) {
            write(windows, line);
        }
    }

    @Override
    public void superseded(Slice line) throws IOException {
        if (revisions) {
            write(windows, line);
        }
    }

    @Override
    public void advice(Slice line) throws IOException {
        write(advice, line);
    }

    @Override
    public void adjustment(int variant, String processId, Slice line) throws IOException {
        if (variant == 0) {
            write(adjustments, line);
        }
    }

    @Override
    public void deadLetter(Slice line) throws IOException {
        write(deadLetters, line);
    }

    private static void write(LineFile file, Slice line) throws IOException {
        file.write(line.bytes(), line.from(), line.length());
    }

    @Override
    public void close() throws IOException {
        IOException failure = null;
        for (LineFile file : files) {
            try {
                file.close();
            } catch (IOException e) {
                failure = failure == null ? e : failure;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
