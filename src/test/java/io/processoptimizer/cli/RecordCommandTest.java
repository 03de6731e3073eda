package io.processoptimizer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordCommandTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    @Test
    void mistakesInOptionsAreNamedWithTheRemedy() {
        CommandRun unnamed = CommandRun.in(directory, "record", "-o", "");
        assertThat(unnamed.err()).startsWith("--output is empty; name a folder").hasLineCount(1);
        assertThat(unnamed.exitCode()).isEqualTo(2);
        assertBadUsage(
                "--from (noon) is neither one of trim_horizon, latest nor a time with an offset; write it like"
                        + " 2026-01-01T00:00:00Z",
                "--from",
                "noon");
        assertBadUsage("--from (2999-01-01T00:00:00Z) is in the future", "--from", "2999-01-01T00:00:00Z");
        assertBadUsage("--until (then) is neither one of now, never nor a time", "--until", "then");
        assertBadUsage(
                "--until (2026-01-01T00:00:00Z) is not after --from (2026-01-01T00:00:00Z)",
                "--from",
                "2026-01-01T00:00:00Z",
                "--until",
                "2026-01-01T00:00:00Z");
        assertBadUsage("--for (5) has no unit; write 5s or 5m", "--for", "5");
        assertBadUsage("--records is 0; use 1 or more", "--records", "0");
    }

    @Test
    void anAddressWithoutAnybodyIsSaidInOneLineAtOnce() {
        CommandRun run = CommandRun.in(directory, "record", "-o", "r", "--set", "aws.endpoint=http://127.0.0.1:1");

        assertThat(run.err())
                .startsWith("AWS call failed: ")
                .contains("is aws.endpoint right")
                .hasLineCount(1);
        assertThat(run.exitCode()).isEqualTo(4);
        assertThat(directory.resolve("r")).doesNotExist();
    }

    private void assertBadUsage(String message, String... options) {
        List<String> args = new ArrayList<>(List.of("record", "-o", "r"));
        args.addAll(List.of(options));
        CommandRun run = CommandRun.in(directory, args.toArray(String[]::new));

        assertThat(run.err()).startsWith(message).hasLineCount(1);
        assertThat(run.exitCode()).isEqualTo(2);
    }
}
