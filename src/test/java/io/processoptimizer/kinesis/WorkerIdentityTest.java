package io.processoptimizer.kinesis;

import static org.assertj.core.api.Assertions.assertThat;

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
}
