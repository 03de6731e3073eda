package io.processoptimizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small night: two kills, a stop and a table that writes but says it does not, and nothing is lost or doubled. */
class RehearseCrashesIT {
    /** A stop, a kill, a fault of the table of states, a kill. */
    private static final String SEED = "12";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    @Test
    void whatWorkersLeaveEqualsAReplayWhateverEndsThem() throws IOException, InterruptedException {
        String text = RehearsalRun.rehearse(
                directory,
                "crashes",
                "--no-reshard",
                "--seed",
                SEED,
                "--disturbances",
                "4",
                "--workers",
                "2",
                "--processes",
                "40",
                "--time-factor",
                "15");

        assertThat(text.split("kill -9 of", -1)).as("two kills").hasSize(3);
        assertThat(text.split("SIGTERM of rehearsal", -1)).as("a stop").hasSize(2);
        RehearsalRun.assertAgrees(text, List.of("results", "adjustments", "dead letters"));
    }
}
