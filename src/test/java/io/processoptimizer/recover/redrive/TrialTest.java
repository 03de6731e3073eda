package io.processoptimizer.recover.redrive;

import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.config.Settings;
import io.processoptimizer.emit.DeadLetter;
import io.processoptimizer.event.ProcessDefinition;
import io.processoptimizer.event.ProcessDefinitions;
import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.event.RejectReason;
import io.processoptimizer.pipeline.ShardRange;
import io.processoptimizer.recover.redrive.Outlook.Kind;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrialTest {
    private static final ShardRange ALL = new ShardRange(
            "shard", BigInteger.ZERO, BigInteger.ONE.shiftLeft(128).subtract(BigInteger.ONE));
    private static final long NOON = 1_800_000_000_000L;

    @Test
    void aLetterOnWhichProcessingFailsIsSaidToBeAndTheNextIsTriedOnANewCopy() {
        ProcessDefinitions fault = (processId, atMillis) -> {
            if (processId.equals("FAULT") && atMillis >= NOON && atMillis < NOON + 300_000) {
                throw new IllegalStateException("a fault of this product");
            }
            return ProcessDefinition.DEFAULT;
        };
        Trial trial = new Trial(Settings.DEFAULTS.pipelineSettings(), fault, List.of(ALL), shard -> null, 1_000_000);

        assertThat(offered(trial, "FAULT", 0).kind()).isEqualTo(Kind.UNKNOWN);
        // It closes a window.
        Outlook failing = offered(trial, "FAULT", 10);
        assertThat(failing.kind()).isEqualTo(Kind.REFUSED);
        assertThat(failing.detail()).contains("unprocessable", "a fault of this product");
        assertThat(offered(trial, "FINE", 10).kind()).isEqualTo(Kind.UNKNOWN);
        assertThat(offered(trial, "FAULT", 10).kind()).as("of a new copy").isEqualTo(Kind.UNKNOWN);
    }

    @Test
    void whatTheStreamDoesNotTakeWithItsMarkIsSaid() {
        Trial trial = new Trial(
                Settings.DEFAULTS.pipelineSettings(), ProcessDefinitions.DEFAULTS, List.of(ALL), shard -> null, 200);
        Outlook outlook = offered(trial, "P", 0);
        assertThat(outlook.kind()).isEqualTo(Kind.IMPOSSIBLE);
        assertThat(outlook.detail()).contains("the stream takes 200");
    }

    private static Outlook offered(Trial trial, String process, int minute) {
        byte[] data = String.format(
                        "{\"process_id\":\"%s\",\"step_id\":\"s\",\"timestamp\":%d,\"good\":1}",
                        process, NOON + minute * 60_000L)
                .getBytes(StandardCharsets.UTF_8);
        DeadLetter letter = new DeadLetter(
                RejectReason.UNPROCESSABLE,
                "",
                "shard",
                new RecordPosition("" + minute, 0),
                0,
                process,
                NOON,
                new byte[0]);
        return trial.of(letter, data, NOON + 3_600_000);
    }
}
