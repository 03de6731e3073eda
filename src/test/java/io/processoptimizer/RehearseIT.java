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
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Small rehearsals as a person runs them: a wrong configuration that is taken back as if it had never been there; three kills, a stop and a
 * table that writes but says it does not, and nothing is lost or doubled.
 */
class RehearseIT {
    /** One to two minutes on two cores that do nothing else. */
    private static final Duration PATIENCE = Duration.ofMinutes(8);

    /** A stop, a kill, a fault of the table of states, two kills. */
    private static final String SEED = "12";

    private static final Pattern ROW = Pattern.compile(
            "(?m)^(results|adjustments|dead letters) +([0-9,]+) +([0-9,]+) +([0-9,]+) +([0-9,]+) +([0-9,]+) +[0-9,]+$");

    private static final Pattern PLAN = Pattern.compile("([0-9,]+) stored results and ([0-9,]+) adjustments of");
    private static final Pattern DONE = Pattern.compile("Done\\. Of that time ([0-9,]+) results are of generation 1,"
            + " ([0-9,]+) did not come again and are marked as superseded, ([0-9,]+) adjustments were not decided again,"
            + " ([0-9,]+) new ones were withheld; the plan said ([0-9,]+) results");
    private static final Pattern OUTBOX = Pattern.compile("superseded=([0-9]+), withheld=([0-9]+)}");

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    @Test
    void anIncidentEndsAsIfTheWrongConfigurationHadNeverBeenThereAndThePlanSaidHow()
            throws IOException, InterruptedException {
        String text =
                rehearse("--seed", "5", "--processes", "5", "--time-factor", "60", "--workers", "1", "--shards", "2");

        assertThat(text)
                .contains("Every result in the table is that of a replay which never had the wrong configuration");
        assertAgrees(text, List.of("results"));
        Matcher plan = PLAN.matcher(text);
        assertThat(plan.results().count())
                .as("the plan, and again with --apply")
                .isEqualTo(2);
        Matcher done = DONE.matcher(text);
        assertThat(done.find()).as(text).isTrue();
        // The worker goes on between the plan and the move.
        assertThat(number(done.group(1))).as("computed again").isGreaterThanOrEqualTo(number(done.group(5)));
        assertThat(done.group(2)).as("that did not come again").isEqualTo("0");
        Matcher outbox = OUTBOX.matcher(text);
        assertThat(outbox.find()).as(text).isTrue();
        assertThat(outbox.group(1))
                .as("sent by mistake")
                .isEqualTo(done.group(3))
                .isNotEqualTo("0");
        assertThat(outbox.group(2)).as("withheld").isEqualTo(done.group(4)).isNotEqualTo("0");
    }

    @Test
    void whatWorkersLeaveEqualsAReplayWhateverEndsThem() throws IOException, InterruptedException {
        String text = rehearse(
                "crashes",
                "--no-reshard",
                "--seed",
                SEED,
                "--disturbances",
                "5",
                "--processes",
                "60",
                "--time-factor",
                "15");

        assertThat(text.split("kill -9 of", -1)).as("three kills").hasSize(4);
        assertThat(text.split("SIGTERM of rehearsal", -1)).as("a stop").hasSize(2);
        assertAgrees(text, List.of("results", "adjustments", "dead letters"));
    }

    private String rehearse(String... arguments) throws IOException, InterruptedException {
        Path said = directory.resolve("rehearsal.txt");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                Path.of("target", "process-optimizer-local.jar")
                        .toAbsolutePath()
                        .toString(),
                "recover",
                "rehearse"));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--output", "evidence"));
        Process rehearsal = new ProcessBuilder(command)
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
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left).as("all evidence is cleared away").containsExactly(said);
        }
        return text;
    }

    private static void assertAgrees(String text, List<String> kinds) {
        List<String> compared = new ArrayList<>();
        for (Matcher row = ROW.matcher(text); row.find(); ) {
            compared.add(row.group(1));
            assertThat(row.group(2)).as("%s that were compared", row.group(1)).isNotEqualTo("0");
            for (int column = 3; column <= 6; column++) {
                assertThat(row.group(column)).as(row.group()).isEqualTo("0");
            }
        }
        assertThat(compared).isEqualTo(kinds);
    }

    private static long number(String said) {
        return Long.parseLong(said.replace(",", ""));
    }
}
