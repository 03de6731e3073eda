package io.processoptimizer.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.event.ProcessSnapshot;
import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.event.RejectReason;
import io.processoptimizer.event.TelemetryEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RedriveMarkTest {
    private static final RedriveMark MARK =
            new RedriveMark(RejectReason.LATE, "shardId-000000000007", new RecordPosition("4957", 2), 0, 1_000, true);

    private final List<String> heard = new ArrayList<>();

    @Test
    void aMarkedRecordGivesItsMarkAndThenItself() {
        decode(MARK.mark(bytes("{\"process_id\":\"P\",\"timestamp\":1700000000000,\"good\":1}")));
        assertThat(heard).containsExactly(MARK.toString(), "event P 1700000000000");
    }

    @Test
    void theInputMayBeAnything() {
        SplittableRandom random = new SplittableRandom(4);
        for (int i = 0; i < 500; i++) {
            byte[] input = new byte[random.nextInt(40)];
            random.nextBytes(input);
            byte[] record = MARK.mark(input);
            int from = RedriveMark.bodyFrom(record, 0, record.length);
            assertThat(RedriveMark.read(record, 0, record.length)).isEqualTo(MARK);
            assertThat(java.util.Arrays.copyOfRange(record, from, record.length))
                    .isEqualTo(input);
            heard.clear();
            decode(record);
            assertThat(heard).hasSize(2).first().isEqualTo(MARK.toString());
        }
    }

    @Test
    void aSnapshotWithoutATimeIsDatedByItsFirstArrival() {
        decode(MARK.mark(bytes("{\"process_id\":\"P\",\"process_data\":{\"availability\":0.5}}")));
        assertThat(heard).containsExactly(MARK.toString(), "snapshot P 1000");
    }

    @Test
    void aDamagedMarkIsRefused() {
        String line = new String(MARK.mark(new byte[0]), StandardCharsets.UTF_8);
        for (String damaged : List.of(
                line.strip(),
                line.replace("4957", "x"),
                line.replace("late", "never"),
                line.replace("shardId-", "shard\\u0000"),
                line.replace("\"index\":0", "\"index\":-1"))) {
            heard.clear();
            decode(bytes(damaged + "{}"));
            assertThat(heard).singleElement().asString().startsWith("malformed");
        }
    }

    @Test
    void aRecordMayBeAsLongAsOneWithoutMark() {
        byte[] input = bytes("{\"process_id\":\"P\",\"timestamp\":1700000000000,\"good\":1}");
        new EventDecoder(input.length).decode(MARK.mark(input), 0, MARK.mark(input).length, 9, new Heard());
        assertThat(heard).last().isEqualTo("event P 1700000000000");
    }

    private void decode(byte[] record) {
        new EventDecoder().decode(record, 0, record.length, 2_000, new Heard());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private final class Heard implements DecodedInput {
        @Override
        public void redriven(RedriveMark mark, int bodyFrom) {
            heard.add(mark.toString());
        }

        @Override
        public void event(TelemetryEvent event) {
            heard.add("event " + event.processId + " " + event.timestampMillis);
        }

        @Override
        public void snapshot(ProcessSnapshot snapshot) {
            heard.add("snapshot " + snapshot.processId() + " " + snapshot.timestampMillis());
        }

        @Override
        public void rejected(RejectReason reason, String detail) {
            heard.add(reason.label());
        }
    }
}
