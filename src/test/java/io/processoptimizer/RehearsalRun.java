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

/** A rehearsal in a process of its own, as a person runs it, with short pauses of KCL; and what it says in the end. */
final class RehearsalRun {
    /** A minute or two on two cores that do nothing else. */
    private static final Duration PATIENCE = Duration.ofMinutes(8);

    private static final Pattern ROW = Pattern.compile(
            "(?m)^(results|adjustments|dead letters) +([0-9,]+) +([0-9,]+) +([0-9,]+) +([0-9,]+) +([0-9,]+) +[0-9,]+$");

    private RehearsalRun() {}

    /** @return what it said, where it found nothing wrong and left nothing behind */
    static String rehearse(Path directory, String... arguments) throws IOException, InterruptedException {
        Path said = directory.resolve("rehearsal.txt");
        List<String> command = BuiltJar.command("process-optimizer-local.jar", "recover", "rehearse");
        command.addAll(List.of(arguments));
        for (String setting : List.of(
                "kcl.lease_assignment_interval=500ms",
                "kcl.failover=5s",
                "kcl.leader_lock=6s",
                "kcl.leader_heartbeat=1s",
                "kcl.dynamodb_request_timeout=2s")) {
            command.addAll(List.of("--set", setting));
        }
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

    /** These kinds of output were compared, all of each, and nothing is wrong with any. */
    static void assertAgrees(String text, List<String> kinds) {
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
}
