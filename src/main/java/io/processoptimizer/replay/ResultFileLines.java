package io.processoptimizer.replay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The results of an earlier replay's output folder. */
public final class ResultFileLines implements EarlierResults {
    private final InputFile file;

    /**
     * @param shownAs the folder's name in messages
     * @throws InputDamagedException where it holds no windows.ndjson
     */
    public ResultFileLines(Path directory, String shownAs) throws InputDamagedException {
        Path windows = file(directory);
        if (!Files.exists(windows)) {
            throw new InputDamagedException(
                    "the baseline '" + shownAs + "' holds no " + ResultFiles.WINDOWS
                            + "; give the --output folder of an earlier replay, or 'live' for the table",
                    null);
        }
        file = InputFile.open(windows, shownAs + "/" + ResultFiles.WINDOWS);
    }

    private ResultFileLines(InputFile file) {
        this.file = file;
    }

    /**
     * The results of one file, gzipped or not.
     *
     * @throws InputDamagedException where it cannot be read
     */
    public static ResultFileLines of(Path file) throws InputDamagedException {
        return new ResultFileLines(InputFile.open(file, file.toString()));
    }

    /** The number of the last line, from 1. */
    public long line() {
        return file.lines().number();
    }

    /** The file of a folder that holds them. */
    public static Path file(Path directory) {
        return directory.resolve(ResultFiles.WINDOWS);
    }

    @Override
    public byte @Nullable [] next() throws IOException {
        do {
            if (!file.next()) {
                return null;
            }
        } while (file.lines().isBlank());
        Lines lines = file.lines();
        return Arrays.copyOfRange(lines.buffer(), lines.start(), lines.end());
    }

    @Override
    public String name() {
        return file.name();
    }

    @Override
    public String place() {
        return file.name() + ":" + file.lines().number();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
