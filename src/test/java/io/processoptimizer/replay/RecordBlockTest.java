package io.processoptimizer.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.pipeline.InputRecord;
import io.processoptimizer.pipeline.ShardRange;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RecordBlockTest {
    @Test
    void shortRecordsAreMoreThanABlockUsuallyHas() {
        RecordBlock block = new RecordBlock(new RecordBlock.Spare());
        ShardRange shard = ShardRange.whole("shard");
        int records = 0;
        while (!block.isFull()) {
            byte[] data = ("{\"n\":" + records + "}").getBytes(StandardCharsets.UTF_8);
            RecordPosition position = new RecordPosition(Integer.toString(records), 0);
            block.add(data, 0, data.length, new RecordBlock.Envelope(shard, position, "P", 1, null));
            records++;
        }

        assertThat(block.count()).isEqualTo(records).isGreaterThan(100_000);
        for (int i = 0; i < records; i += 997) {
            InputRecord record = block.record(i);
            assertThat(record.position().sequenceNumber()).isEqualTo(Integer.toString(i));
            assertThat(new String(record.buffer(), record.offset(), record.length(), StandardCharsets.UTF_8))
                    .isEqualTo("{\"n\":" + i + "}");
        }
    }

    @Test
    void assignedRecordsStandByWorkerAndWithinAProcessInTheOrderOfTheInput() {
        RecordBlock block = new RecordBlock(new RecordBlock.Spare());
        ShardRange file = ShardRange.whole("file");
        // Filled twice: the second time into arrays that the first has left behind.
        for (int round = 0; round < 2; round++) {
            block.clear();
            for (int i = 0; i < 40_000; i++) {
                byte[] data = "{\"process_id\":\"P-%d\",\"n\":%d}"
                        .formatted(i % 700, i)
                        .getBytes(StandardCharsets.UTF_8);
                block.addLine(data, 0, data.length, file, i);
            }
            block.assignTo(3);

            assertThat(block.firstOf(0)).isZero();
            assertThat(block.firstOf(3)).isEqualTo(40_000);
            long[] lastOf = new long[700];
            Arrays.fill(lastOf, -1);
            for (int worker = 0; worker < 3; worker++) {
                for (int i = block.firstOf(worker); i < block.firstOf(worker + 1); i++) {
                    InputRecord record = block.record(i);
                    int line = Integer.parseInt(record.position().sequenceNumber());
                    int process = line % 700;
                    assertThat(new String(record.buffer(), record.offset(), record.length(), StandardCharsets.UTF_8))
                            .isEqualTo("{\"process_id\":\"P-%d\",\"n\":%d}".formatted(process, line));
                    assertThat(ProcessPeek.ownerOf("P-" + process, 3)).isEqualTo(worker);
                    assertThat((long) line).isGreaterThan(lastOf[process]);
                    lastOf[process] = line;
                }
            }
        }
    }
}
