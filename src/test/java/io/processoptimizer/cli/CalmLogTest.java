package io.processoptimizer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.config.LogSettings.Format;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class CalmLogTest {
    private static final String TRACE = """
            2026-11-23T02:48:05.658Z ERROR Scheduler - Worker.run caught exception, sleeping for 250 milli seconds!
            software.amazon.awssdk.core.exception.SdkClientException: Connection refused: /127.0.0.1:4701
            \tat software.amazon.awssdk.core.exception.SdkClientException.build(SdkClientException.java:130)
            \tSuppressed: software.amazon.awssdk.core.exception.SdkClientException: Request attempt 1 failure
            Caused by: java.net.ConnectException: Connection refused
            \t... 3 more
            """;

    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
    private long now = 1_000_000;
    private final PrintStream log = new PrintStream(
            new CalmLog(
                    new PrintStream(shown, true, StandardCharsets.UTF_8),
                    Format.TEXT,
                    false,
                    () -> Instant.ofEpochMilli(now)),
            true,
            StandardCharsets.UTF_8);

    @Test
    void aTraceBecomesTheLineAndItsException() {
        log.print(TRACE);
        assertThat(shown()).isEqualTo("""
                        2026-11-23T02:48:05.658Z ERROR Scheduler - Worker.run caught exception, sleeping for 250 milli seconds! | software.amazon.awssdk.core.exception.SdkClientException: Connection refused: /127.0.0.1:4701
                        """);
    }

    @Test
    void theSameAgainIsHeldBackAndCounted() {
        log.print(TRACE);
        log.print(TRACE.replace("250", "500"));
        log.print(TRACE);
        assertThat(shown().lines()).hasSize(1);
        now += 30_000;
        log.print(TRACE);
        assertThat(shown().lines().toList().get(1)).contains("(and 2 times more before) | software");
    }

    @Test
    void otherLinesPassUntouchedAtOnce() {
        log.print(TRACE);
        log.print("Stopping: last results, state, leases …\n");
        log.print("2026-11-23T02:48:06.000Z WARN ShardProcessor - another thing\n");
        assertThat(shown()).contains("Stopping: last results, state, leases …\n", "another thing\n");
    }

    /** As slf4j-simple writes, and nothing in between is taken for an end. */
    @Test
    void theLoggerItselfEndsAnEvent() {
        PrintStream over = CalmLog.over(new PrintStream(shown, true, StandardCharsets.UTF_8), Format.JSON, true);
        over.println("2026-11-23T02:48:06.000Z ERROR Commits - shardId-000000000003 failed");
        new IllegalStateException("first\nsecond", new IllegalArgumentException("why")).printStackTrace(over);
        assertThat(shown()).isEmpty();
        over.flush();
        over.println("a line of a command");
        assertThat(shown().lines()).hasSize(2);
        assertThat(shown())
                .contains(
                        "\"shard\":\"shardId-000000000003\"",
                        "IllegalStateException: first",
                        "IllegalArgumentException: why")
                .endsWith("}\na line of a command\n");
    }

    private String shown() {
        return shown.toString(StandardCharsets.UTF_8);
    }
}
