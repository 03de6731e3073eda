package io.processoptimizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small rehearsal as a person runs it: three kills, a stop and a table that writes but says it does not, and nothing is lost or doubled. */
class RehearseIT {
    /** About two minutes on two cores that do nothing else. */
    private static final Duration PATIENCE = Duration.ofMinutes(8);

    /** A stop, a kill, a fault of the table of states, two kills. */
    private static final String SEED = "12";

    private static final Pattern ROW = Pattern.compile(
            "(?m)^(results|adjustments|dead letters) +([0-9,]+) +([0-9,]+) +([0-9,]+) +([0-9,]+) +([0-9,]+) +[0-9,]+$");

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    @Test
    void whatWorkersLeaveEqualsAReplayWhateverEndsThem() throws IOException, InterruptedException {
        Path said = directory.resolve("rehearsal.txt");
        Process rehearsal = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-jar",
                        Path.of("target", "process-optimizer-local.jar")
                                .toAbsolutePath()
                                .toString(),
                        "recover",
                        "rehearse",
                        "crashes",
                        "--no-reshard",
                        "--seed",
                        SEED,
                        "--disturbances",
                        "5",
                        "--processes",
                        "60",
                        "--time-factor",
                        "15",
                        "--output",
                        "evidence")
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        boolean ended = rehearsal.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        rehearsal.destroyForcibly();
        String text = Files.readString(said);
        System.out.println(text);

        assertThat(ended).as("ended within %s: %s", PATIENCE, text).isTrue();
        assertThat(rehearsal.exitValue()).as(text).isZero();
        assertThat(text.split("kill -9 of", -1)).as("three kills").hasSize(4);
        assertThat(text.split("SIGTERM of rehearsal", -1)).as("a stop").hasSize(2);
        List<String> compared = new ArrayList<>();
        for (Matcher row = ROW.matcher(text); row.find(); ) {
            compared.add(row.group(1));
            assertThat(row.group(2)).as("%s that were compared", row.group(1)).isNotEqualTo("0");
            for (int column = 3; column <= 6; column++) {
                assertThat(row.group(column)).as(row.group()).isEqualTo("0");
            }
        }
        assertThat(compared).containsExactly("results", "adjustments", "dead letters");
        assertThat(directory.resolve("evidence")).doesNotExist();
    }
}
