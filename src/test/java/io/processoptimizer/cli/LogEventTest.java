package io.processoptimizer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.processoptimizer.config.LogSettings.Format;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogEventTest {
    private static final String FIRST =
            "2026-11-23T02:48:05.658Z WARN Commits - The state of shard shardId-000000000002 was not saved";
    private static final String ABOUT_A_WINDOW =
            "2026-11-23T02:48:05.658Z WARN Counsel - nova does not answer: [closed] [window=main process=\"Line \\\"7\\\"\""
                    + " end=2026-03-02T06:05:00Z]";

    @Test
    void anEventIsKeysWithValues() {
        LogEvent event = event(FIRST);
        event.add("io.processoptimizer.checkpoint.SnapshotStoreException: no \"room\"");
        event.add("\tat io.processoptimizer.X.y(X.java:1)");
        assertThat(event.line(Format.KEY_VALUE, 3, false))
                .isEqualTo(
                        "time=2026-11-23T02:48:05.658Z level=WARN logger=Commits shard=shardId-000000000002"
                                + " message=\"The state of shard shardId-000000000002 was not saved\""
                                + " error=\"io.processoptimizer.checkpoint.SnapshotStoreException: no \\\"room\\\"\" held_back=3");
        assertThat(event.line(Format.KEY_VALUE, 0, true)).endsWith("\\n\\tat io.processoptimizer.X.y(X.java:1)\"");
    }

    @Test
    void theWindowThatItIsAboutIsAField() throws Exception {
        JsonNode json = new ObjectMapper().readTree(event(ABOUT_A_WINDOW).line(Format.JSON, 0, false));
        assertThat(json.path("process").asText()).isEqualTo("Line \"7\"");
        assertThat(json.path("window").asText()).isEqualTo("main");
        assertThat(json.path("window_end").asText()).isEqualTo("2026-03-02T06:05:00Z");
        assertThat(json.path("message").asText()).isEqualTo("nova does not answer: [closed]");
        assertThat(json.has("shard")).isFalse();
        assertThat(event(ABOUT_A_WINDOW).line(Format.KEY_VALUE, 0, false))
                .contains(" process=\"Line \\\"7\\\"\" window=main ");
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void nothingMakesTwoLinesOfOne(Format format) {
        LogEvent event = event(FIRST + " because\rof \u001b[31m");
        event.add("2026-11-23 level=ERROR a second line");
        event.add("java.lang.IllegalStateException: x");
        event.add("\tat y");
        assertThat(event.line(format, 1, true).chars()).noneMatch(Character::isISOControl);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x-amz-security-token:IQoJb3JpZ2luX2VjEOb",
                "https://s3/x?X-Amz-Security-Token=IQoJb3JpZ2luX2VjEOb&a=b",
                "{\"SessionToken\": \"IQoJb3JpZ2luX2VjEOb\"}",
                "AWS_SECRET_ACCESS_KEY=IQoJb3JpZ2luX2VjEOb",
                "AWS_BEARER_TOKEN_BEDROCK=IQoJb3JpZ2luX2VjEOb",
                "Authorization: IQoJb3JpZ2luX2VjEOb",
                "Credential=AKIAIQoJb3JpZ2luX2VjEOb/x, Signature=IQoJb3JpZ2luX2VjEOb",
            })
    void credentialsAreBlottedOut(String text) {
        for (Format format : Format.values()) {
            LogEvent event = event(FIRST + ": " + text);
            event.add("software.amazon.awssdk.core.exception.SdkClientException: " + text.replace("AKIAIQ", ""));
            assertThat(event.line(format, 0, true))
                    .doesNotContain("Signature=IQoJb3", "IQoJb3JpZ2luX2VjEOb\"", ":IQoJb3", "=IQoJb3", " IQoJb3");
        }
        assertThat(event(FIRST + " for AKIAIOSFODNN7EXAMPLE").line(Format.TEXT, 0, false))
                .endsWith(" for AKIA***");
    }

    private static LogEvent event(String first) {
        return Objects.requireNonNull(LogEvent.beginning(first));
    }
}
