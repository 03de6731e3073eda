package io.processoptimizer.local.dynamodb;

import com.almworks.sqlite4java.SQLite;
import com.almworks.sqlite4java.SQLiteException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Loads the native SQLite library that DynamoDB Local stands on.
 *
 * <p>The library comes as a resource beside this package, because a JVM loads native code from files only and the directory of a
 * runnable jar is not ours to write to. It is copied to a temporary directory, loaded, and removed again where the operating
 * system permits.
 */
final class SqliteLibrary {
    private static final String RESOURCES = "/io/processoptimizer/local/native/";

    /** The setting by which sqlite4java is told where to look; one that the user has made is respected. */
    private static final String PATH_PROPERTY = "sqlite4java.library.path";

    /** Held, because java.util.logging forgets the level of a logger that nobody holds: sqlite4java tells every open at INFO. */
    private static final Logger LOGGER = Logger.getLogger("com.almworks.sqlite4java");

    private SqliteLibrary() {}

    /** Loads the library once per JVM; further calls return at once. Throws where this platform has none. */
    static synchronized void load() throws IOException {
        LOGGER.setLevel(Level.OFF);
        if (System.getProperty(PATH_PROPERTY) != null) {
            loadFromPath();
            return;
        }
        Path directory = Files.createTempDirectory("process-optimizer-sqlite");
        List<Path> copies =
                librariesOfThisPlatform().stream().map(directory::resolve).toList();
        try {
            for (Path copy : copies) {
                copyResource(copy);
            }
            System.setProperty(PATH_PROPERTY, directory.toString());
            loadFromPath();
        } finally {
            System.clearProperty(PATH_PROPERTY);
            for (Path copy : copies) {
                removeOrRemoveAtExit(copy);
            }
            removeOrRemoveAtExit(directory);
        }
    }

    private static void loadFromPath() throws IOException {
        try {
            SQLite.loadLibrary();
        } catch (SQLiteException e) {
            throw new IOException(
                    "DynamoDB Local has no SQLite library for " + System.getProperty("os.name") + " on "
                            + System.getProperty("os.arch") + ": run an x86-64 JDK here, set -D" + PATH_PROPERTY
                            + "=DIR to a directory with sqlite4java's library, or point the endpoint at another DynamoDB",
                    e);
        }
    }

    /** sqlite4java picks the one for the architecture by its name; all are small, so every one of the system is offered. */
    private static List<String> librariesOfThisPlatform() {
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        if (system.contains("win")) {
            return List.of("sqlite4java-win32-x64.dll", "sqlite4java-win32-x86.dll");
        }
        if (system.contains("mac")) {
            return List.of("libsqlite4java-osx.dylib", "libsqlite4java-osx-aarch64.dylib");
        }
        return List.of("libsqlite4java-linux-amd64.so", "libsqlite4java-linux-i386.so");
    }

    private static void copyResource(Path target) throws IOException {
        String resource = RESOURCES + target.getFileName();
        try (InputStream in = SqliteLibrary.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException("the build left out " + resource + ": run mvn process-resources");
            }
            Files.copy(in, target);
        }
    }

    private static void removeOrRemoveAtExit(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException heldByTheSystem) {
            path.toFile().deleteOnExit();
        }
    }
}
