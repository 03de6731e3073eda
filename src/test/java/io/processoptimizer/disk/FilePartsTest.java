package io.processoptimizer.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.processoptimizer.checkpoint.SnapshotParts;
import io.processoptimizer.checkpoint.SnapshotPartsContract;
import io.processoptimizer.checkpoint.SnapshotStoreException;
import io.processoptimizer.checkpoint.UnreadableSnapshotException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilePartsTest extends SnapshotPartsContract {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set before each test
    Path parent;

    @Override
    protected SnapshotParts parts() {
        try {
            return FileParts.in(folder());
        } catch (FileSystemException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path folder() {
        return parent.resolve("made").resolve("state");
    }

    @Test
    void nothingIsWrittenOutsideTheFolder() throws IOException {
        for (String name : List.of("..", "../..", "/tmp/x", "a/../../b")) {
            parts().put(name, name, List.of(noise(10, 1)));
            assertThat(parts().ids(name)).containsExactly(name);
        }
        try (Stream<Path> files = Files.walk(parent)) {
            assertThat(files.filter(Files::isRegularFile)).hasSize(4).allMatch(file -> file.startsWith(folder()));
        }
    }

    @Test
    void whatACrashLeftOfAPutDoesNotCountAndIsDeletedWithItsState() throws IOException {
        parts().put("shard", "0001-0001", List.of(noise(10, 1)));
        Files.write(folder().resolve("shard").resolve("0001-0002.0000.new"), noise(5, 2));
        Files.write(folder().resolve("shard").resolve("notes.txt.bak"), noise(5, 2));
        assertThatThrownBy(() -> parts().get("shard", "0001-0002", 1))
                .isInstanceOf(UnreadableSnapshotException.class)
                .hasMessageContaining("state.folder")
                .hasMessageContaining("another host");
        assertThat(parts().ids("shard")).startsWith("0001-0001", "0001-0002");
        parts().delete("shard", "0001-0002");
        assertThat(folder().resolve("shard")).isDirectoryNotContaining("glob:**.new");
        assertThat(folder().resolve("shard").resolve("notes.txt.bak")).exists();
    }

    @Test
    void aPutOverWhatACrashLeftIsWhole() throws IOException {
        Files.createDirectories(folder().resolve("shard"));
        Files.write(folder().resolve("shard").resolve("0001-0001.0000.new"), noise(500, 2));
        parts().put("shard", "0001-0001", List.of(noise(10, 1)));
        assertThat(parts().get("shard", "0001-0001", 1).get(0)).isEqualTo(noise(10, 1));
        assertThat(folder().resolve("shard")).isDirectoryNotContaining("glob:**.new");
    }

    @Test
    void aFileInTheFoldersPlaceIsSaidWithTheSettingAndTheRemedy() throws IOException {
        Files.createDirectories(folder().getParent());
        Files.writeString(folder(), "not a folder");
        assertThatThrownBy(() -> FileParts.in(folder()))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining(folder().toString())
                .hasMessageContaining("state.folder cannot be written (a file is in its place)")
                .hasMessageContaining("name another folder with state.folder");
    }

    @Test
    void aFolderThatTakesNothingMoreIsAFailureThatMayPass() throws IOException {
        SnapshotParts parts = parts();
        Files.writeString(folder().resolve("shard"), "in the place of the shard's folder");
        assertThatThrownBy(() -> parts.put("shard", "0001-0001", List.of(noise(10, 1))))
                .isInstanceOf(SnapshotStoreException.class)
                .hasMessageContaining("writing the state of shard")
                .hasMessageContaining("state.folder")
                .hasMessageContaining("a file is in its place; make room");
    }
}
