package io.processoptimizer.replay;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes files that are of no use in part: where a write fails, nothing is left. */
final class WholeFile {
    private WholeFile() {}

    /** Writes all of a file to the stream, which it need not close. */
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    static void write(Path file, Content content) throws OutputFailedException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            content.writeTo(out);
        } catch (IOException e) {
            OutputFailedException failure = new OutputFailedException(
                    "writing " + file + " failed: " + e.getMessage()
                            + "; make room or name another place, and run again",
                    e);
            removeRemains(file, failure);
            throw failure;
        }
    }

    private static void removeRemains(Path file, IOException failure) {
        try {
            if (Files.isRegularFile(file)) {
                Files.delete(file);
            }
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }
}
