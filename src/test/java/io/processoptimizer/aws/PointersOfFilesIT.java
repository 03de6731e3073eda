package io.processoptimizer.aws;

import io.processoptimizer.checkpoint.SnapshotParts;
import io.processoptimizer.disk.FileParts;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The same with the states in a folder. */
class PointersOfFilesIT extends PointerTableIT {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set before all tests
    static Path folder;

    @Override
    SnapshotParts states(AwsClients of, String table) throws IOException {
        return FileParts.in(folder);
    }
}
