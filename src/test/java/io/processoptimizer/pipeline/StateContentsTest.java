package io.processoptimizer.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.event.ProcessDefinitions;
import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.window.ProcessContents;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class StateContentsTest {
    private static final ShardRange SHARD = ShardRange.whole("shardId-0");
    private static final long BEGIN = Instant.parse("2026-03-02T06:00:30Z").toEpochMilli();

    private final ShardPipeline pipeline = pipeline();

    @Test
    void tellsPositionAndWindowsOfEachProcess() {
        accept(1, "first", BEGIN);
        accept(2, "second", BEGIN + 60_000);
        accept(3, "second", BEGIN + 180_000);

        StateContents contents = pipeline.contents();

        assertThat(contents.readUpToMillis()).isEqualTo(BEGIN + 180_000);
        assertThat(contents.position("shardId-0")).isEqualTo(new RecordPosition("3", 0));
        assertThat(contents.position("shardId-1")).isNull();
        assertThat(contents.processes()).extracting(ProcessContents::processId).containsExactly("first", "second");
        ProcessContents first = contents.process("first").orElseThrow();
        assertThat(first.lastEventMillis()).isEqualTo(BEGIN);
        assertThat(first.watermark()).isEqualTo(BEGIN - 5_000);
        // Of five minutes by one: ends 06:01 to 06:05.
        assertThat(first.openWindows()).isEqualTo(5);
        assertThat(contents.openWindows()).isEqualTo(10);
        assertThat(contents.process("third")).isEmpty();
    }

    @Test
    void holdsNothingBeforeTheFirstRecord() {
        assertThat(pipeline.contents().processes()).isEmpty();
        assertThat(pipeline.contents().positions()).isEmpty();
    }

    @Test
    void isTheSameAfterARestore() {
        accept(1, "first", BEGIN);
        accept(2, "second", BEGIN + 1_000);
        ShardPipeline restored = pipeline();
        restored.restore(pipeline.snapshot());
        assertThat(restored.contents()).isEqualTo(pipeline.contents());
        assertThat(restored.contents().processes()).allMatch(process -> process.bytes() > 100);
    }

    private static ShardPipeline pipeline() {
        return new ShardPipeline(PipelineSettings.DEFAULT, ProcessDefinitions.DEFAULTS, new RecordedOutputs());
    }

    private void accept(int sequence, String process, long millis) {
        String json = "{\"process_id\":\"" + process + "\",\"step_id\":\"s\",\"timestamp\":" + millis
                + ",\"state\":\"RUNNING\"}";
        pipeline.accept(InputRecord.of(
                SHARD,
                new RecordPosition(String.valueOf(sequence), 0),
                process,
                millis,
                json.getBytes(StandardCharsets.UTF_8)));
    }
}
