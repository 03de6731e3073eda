package io.processoptimizer.recover.rehearse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private static final Map<String, RecordingEnd> OPEN = Map.of("shard-1", new RecordingEnd("20", false));
    private static final Map<String, RecordingEnd> CLOSED = Map.of("shard-1", new RecordingEnd("20", true));

    @Test
    void allIsCommittedFromTheLastRecordOn() {
        assertThat(Progress.behind(OPEN, Map.of("shard-1", "19"))).hasSize(1);
        assertThat(Progress.behind(OPEN, Map.of("shard-1", "20"))).isEmpty();
        assertThat(Progress.behind(OPEN, Map.of("shard-1", "TRIM_HORIZON"))).hasSize(1);
        assertThat(Progress.behind(CLOSED, Map.of("shard-1", "SHARD_END"))).isEmpty();
    }

    @Test
    void theLeaseOfAClosedShardMayBeGoneOnceItsChildrenHaveTheirs() {
        assertThat(Progress.behind(CLOSED, Map.of("shard-2", "5"))).isEmpty();
        assertThat(Progress.behind(OPEN, Map.of("shard-2", "5"))).hasSize(1);
    }

    @Test
    void beforeTheWorkersHaveMadeTheirLeasesNothingIsCommitted() {
        assertThat(Progress.behind(CLOSED, Map.of())).hasSize(1);
    }
}
