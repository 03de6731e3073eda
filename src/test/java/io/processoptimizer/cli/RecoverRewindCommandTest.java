package io.processoptimizer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecoverRewindCommandTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    @Test
    void saysWhatToGiveWhereNothingOrTooMuchIsGiven() {
        CommandRun nothing = CommandRun.in(directory, "recover", "rewind");
        assertThat(nothing.exitCode()).isEqualTo(ExitCode.BAD_USAGE.code());
        assertThat(nothing.err()).contains("give one of --to, --resume and --undo");
        CommandRun both = CommandRun.in(directory, "recover", "rewind", "--to", "2h", "--undo");
        assertThat(both.exitCode()).isEqualTo(ExitCode.BAD_USAGE.code());
    }
}
