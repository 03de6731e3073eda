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

    /** @param shownAs the name of the file in messages */
    static String text(Path file, String shownAs) {
        try {
            if (Files.isDirectory(file)) {
                throw problem(shownAs, "is a directory; name a file");
            }
            if (Files.size(file) > MAX_BYTES) {
                throw problem(shownAs, "is longer than " + Quantities.bytesText(MAX_BYTES) + "; is it the right file?");
            }
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw problem(shownAs, "does not exist; check the name, or leave it out to use the defaults");
        } catch (CharacterCodingException e) {
            throw problem(shownAs, "is not UTF-8 text; save it as UTF-8");
        } catch (IOException e) {
            throw problem(shownAs, "cannot be read (" + e + "); check its permissions");
        }
    }

    private static ConfigurationException problem(String shownAs, String message) {
        return new ConfigurationException(List.of(new Problem(shownAs, 0, "the file " + message)));
    }
}
