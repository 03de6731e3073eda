package io.processoptimizer.kinesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerIdentityTest {
    @TempDir
    private Path directory = Path.of("");

    @Test
    void theNameIsKeptOverARestartAndNeverSharedByTwo() throws Exception {
        try (WorkerIdentity first = WorkerIdentity.acquire(directory, "app", "host");
                WorkerIdentity second = WorkerIdentity.acquire(directory, "app", "host");
                WorkerIdentity other = WorkerIdentity.acquire(directory, "other-app", "host")) {
            assertThat(first.workerId()).isEqualTo("host");
            assertThat(second.workerId()).isEqualTo("host-2");
            assertThat(other.workerId()).isEqualTo("host");
        }
        try (WorkerIdentity again = WorkerIdentity.acquire(directory, "app", "host")) {
            assertThat(again.workerId()).isEqualTo("host");
        }
    }

    @Test
    void aLockThatCannotBeOpenedIsToldWithTheRemedy() {
        assertThatThrownBy(() -> WorkerIdentity.acquire(directory.resolve("missing"), "app", "host"))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll(
                        "app-host.lock", "cannot be opened (NoSuchFileException)", "-Djava.io.tmpdir=DIR");
    }

    @Test
    void usersOfOneHostShareNeitherTheLocksNorTheName() throws IOException {
        Path one = WorkerIdentity.directoryOf("test/one");
        Path other = WorkerIdentity.directoryOf("test two");
        assertThat(one.getFileName()).hasToString("process-optimizer-test_one");
        assertThat(other).isNotEqualTo(one);
        Files.delete(one);
        Files.delete(other);
        assertThat(WorkerIdentity.nameOn("host", "one")).isEqualTo("host-one");
    }
}
