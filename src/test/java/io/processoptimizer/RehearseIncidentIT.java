package io.processoptimizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small incident: a wrong configuration is taken back as if it had never been there. */
class RehearseIncidentIT {
    private static final Pattern PLAN = Pattern.compile("([0-9,]+) stored results and ([0-9,]+) adjustments of");
    private static final Pattern DONE = Pattern.compile("Done\\. Of that time ([0-9,]+) results are of generation 1,"
            + " ([0-9,]+) did not come again and are marked as superseded, ([0-9,]+) adjustments were not decided again,"
            + " ([0-9,]+) new ones were withheld; the plan said ([0-9,]+) results");
    private static final Pattern OUTBOX = Pattern.compile("superseded=([0-9]+)(?:, withheld=([0-9]+))?}");

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    @Test
    void anIncidentEndsAsIfTheWrongConfigurationHadNeverBeenThereAndThePlanSaidHow()
            throws IOException, InterruptedException {
        String text = RehearsalRun.rehearse(
                directory, "--seed", "5", "--processes", "5", "--time-factor", "60", "--workers", "1", "--shards", "2");

        assertThat(text)
                .contains("Every result in the table is that of a replay which never had the wrong configuration");
        RehearsalRun.assertAgrees(text, List.of("results"));
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
        // What the right target decides, the one that is too high decides, too, where it had come so far.
        String withheld = outbox.group(2);
        assertThat(withheld == null ? "0" : withheld).as("withheld").isEqualTo(done.group(4));
    }

    private static long number(String said) {
        return Long.parseLong(said.replace(",", ""));
    }
}
