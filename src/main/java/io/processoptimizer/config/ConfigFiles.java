package io.processoptimizer.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** Reads configuration files, and says in one sentence why one cannot be read. */
final class ConfigFiles {
    /** Some 100,000 process definitions; a wrong file (a recording, a heap dump) shall not fill the memory. */
    private static final long MAX_BYTES = 64L << 20;

    private ConfigFiles() {}

    static String text(Path file) {
        try {
            if (Files.isDirectory(file)) {
                throw problem(file, "is a directory; name a file");
            }
            if (Files.size(file) > MAX_BYTES) {
                throw problem(file, "is longer than " + Quantities.bytesText(MAX_BYTES) + "; is it the right file?");
            }
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw problem(file, "does not exist; check the name, or leave it out to use the defaults");
        } catch (CharacterCodingException e) {
            throw problem(file, "is not UTF-8 text; save it as UTF-8");
        } catch (IOException e) {
            throw problem(file, "cannot be read (" + e.getMessage() + "); check its permissions");
        }
    }

    private static ConfigurationException problem(Path file, String message) {
        return new ConfigurationException(List.of(new Problem(file.toString(), 0, "the file " + message)));
    }
}
