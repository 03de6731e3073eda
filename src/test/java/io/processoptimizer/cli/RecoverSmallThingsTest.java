package io.processoptimizer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the recovery commands say of their options, before they look at anything. */
class RecoverSmallThingsTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    @Test
    void anAgeIsATimeOfARedrive() {
        Clock noon = Clock.fixed(Instant.parse("2026-01-01T12:00:00Z"), ZoneOffset.UTC);
        assertThat(StreamTimes.timeOrAge("--from", "1h30m", noon))
                .isEqualTo(Instant.parse("2026-01-01T10:30:00Z").toEpochMilli());
        assertThat(StreamTimes.timeOrAge("--from", "2026-01-01T10:30:00Z", noon))
                .isEqualTo(Instant.parse("2026-01-01T10:30:00Z").toEpochMilli());
        refused("--from (noon) is neither an age like 2h nor a time with an offset", "redrive", "--from", "noon");
        refused("--from (5) has no unit; write 5s or 5m", "redrive", "--from", "5");
    }

    @Test
    void limitsNameTheirValueAndTheRemedy() {
        refused("--limit is 0; use 1 or more, or leave it out for 10000", "redrive", "--limit", "0");
        refused("--rate is 0; use 1 or more records a second", "redrive", "--rate", "0");
    }

    @Test
    void aNameThatIsNoneIsRefusedWithTheRule() {
        refused(
                "--to-application (a b) must be 3 to 242 letters, digits, -, _ or .",
                "clone",
                "--to-application",
                "a b",
                "--to-state-table",
                "green-state");
        refused(
                "--to-state-table (g) must be 3 to 255 letters",
                "clone",
                "--to-application",
                "green",
                "--to-state-table",
                "g");
    }

    @Test
    void wordsThatMeanAnotherStateTomorrowAreNotDeleted() {
        refused("delete takes no 'latest'", "savepoints", "delete", "latest");
        refused("delete takes no 'present'", "savepoints", "delete", "present", "--apply");
    }

    @Test
    void oneIsOne() {
        assertThat(Plural.of(1, "shard")).isEqualTo("1 shard");
        assertThat(Plural.of(0, "letter")).isEqualTo("0 letters");
    }

    private void refused(String message, String... args) {
        String[] all = new String[args.length + 1];
        all[0] = "recover";
        System.arraycopy(args, 0, all, 1, args.length);
        CommandRun run = CommandRun.in(directory, all);
        assertThat(run.err()).startsWith(message).hasLineCount(1);
        assertThat(run.exitCode()).isEqualTo(2);
    }
}
