package io.processoptimizer.recover.redrive;

import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.config.Settings;
import io.processoptimizer.decode.FieldSource;
import io.processoptimizer.decode.InputMapping;
import io.processoptimizer.decode.InputMappings;
import io.processoptimizer.decode.MappedField;
import io.processoptimizer.decode.MappedUnit;
import io.processoptimizer.decode.Pointer;
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
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class TrialTest {
    private static final ShardRange ALL = new ShardRange(
            "shard", BigInteger.ZERO, BigInteger.ONE.shiftLeft(128).subtract(BigInteger.ONE));
    private static final long NOON = 1_800_000_000_000L;

    @Test
    void aLetterOnWhichProcessingFailsIsSaidToBeAndTheNextIsTriedOnANewCopy() {
        AtomicBoolean broken = new AtomicBoolean();
        ProcessDefinitions fault = (processId, atMillis) -> {
            if (processId.equals("FAULT") && broken.get()) {
                throw new IllegalStateException("a fault of this product");
            }
            return ProcessDefinition.DEFAULT;
        };
        Trial trial = new Trial(Settings.DEFAULTS.pipelineSettings(), fault, List.of(ALL), shard -> null, 1_000_000);

        assertThat(offered(trial, "FAULT", 0).kind()).isEqualTo(Kind.UNKNOWN);
        assertThat(offered(trial, "FAULT", 0).kind()).isEqualTo(Kind.DUPLICATE);
        broken.set(true);
        Outlook failing = offered(trial, "FAULT", 10);
        assertThat(failing.kind()).isEqualTo(Kind.REFUSED);
        assertThat(failing.detail()).contains("unprocessable", "a fault of this product");
        assertThat(offered(trial, "FINE", 10).kind()).isEqualTo(Kind.UNKNOWN);
        broken.set(false);
        assertThat(offered(trial, "FAULT", 0).kind()).as("of a new copy").isEqualTo(Kind.UNKNOWN);
    }

    @Test
    void whatTheStreamDoesNotTakeWithItsMarkIsSaid() {
        Trial trial = new Trial(
                Settings.DEFAULTS.pipelineSettings(), ProcessDefinitions.DEFAULTS, List.of(ALL), shard -> null, 200);
        Outlook outlook = offered(trial, "P", 0);
        assertThat(outlook.kind()).isEqualTo(Kind.IMPOSSIBLE);
        assertThat(outlook.detail()).contains("the stream takes 200");
    }

    @Test
    void aRecordOfSeveralObservationsThatWasRefusedAsAWholeIsNotPutAsItsFirstOnly() {
        InputMapping lines = new InputMapping(
                "lines",
                "1",
                List.of(new FieldSource.Condition(at("/line"), null, false)),
                List.of(Pointer.parse("/parts/*")),
                Map.of(
                        MappedField.PROCESS_ID, source("/line", MappedUnit.NONE),
                        MappedField.TIMESTAMP, source("/time", MappedUnit.MS),
                        MappedField.GOOD, source("0", MappedUnit.NONE)),
                List.of(),
                null);
        Trial trial = new Trial(
                Settings.DEFAULTS.pipelineSettings().mapping(new InputMappings(List.of(lines))),
                ProcessDefinitions.DEFAULTS,
                List.of(ALL),
                shard -> null,
                1_000_000);
        String record = "{\"line\":\"L\",\"time\":" + NOON + ",\"parts\":%s}";

        Outlook whole = trial.of(
                letter("1", RejectReason.MISSING_FIELD, "process_id is missing"), bytes(record, "[1,2]"), NOON);
        assertThat(whole.kind()).isEqualTo(Kind.IMPOSSIBLE);
        assertThat(whole.detail()).contains("holds 2 observations");
        assertThat(trial.of(
                                letter("2", RejectReason.MISSING_FIELD, "process_id is missing"),
                                bytes(record, "[1]"),
                                NOON)
                        .kind())
                .isEqualTo(Kind.UNKNOWN);
        String one = "mapping lines, observation 0: good is \"x\"; expected a whole number";
        assertThat(trial.of(letter("3", RejectReason.BAD_VALUE, one), bytes(record, "[1,2]"), NOON)
                        .kind())
                .isEqualTo(Kind.UNKNOWN);
    }

    private static FieldSource.At at(String pointer) {
        return new FieldSource.At(List.of(Pointer.parse(pointer)), null);
    }

    private static List<FieldSource> source(String pointer, MappedUnit unit) {
        return List.of(new FieldSource(List.of(), at(pointer), Set.of(), null, unit, null));
    }

    private static byte[] bytes(String record, String parts) {
        return record.formatted(parts).getBytes(StandardCharsets.UTF_8);
    }

    private static DeadLetter letter(String sequence, RejectReason reason, String detail) {
        return new DeadLetter(reason, detail, "shard", new RecordPosition(sequence, 0), 0, "key", NOON, new byte[0]);
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
