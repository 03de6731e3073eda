package io.processoptimizer.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.pipeline.InputRecord;
import io.processoptimizer.pipeline.ShardRange;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RecordBlockTest {
    @Test
    void shortRecordsAreMoreThanABlockUsuallyHas() {
        RecordBlock block = new RecordBlock();
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
}
