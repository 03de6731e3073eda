package io.processoptimizer.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CommitCadenceTest {
    @Test
    void isDueAfterTheIntervalOrTheRecords() {
        CommitCadence cadence = new CommitCadence(60_000, 100, 1_000);
        assertThat(cadence.isDue(60_999)).isFalse();
        assertThat(cadence.isDue(61_000)).isTrue();
        cadence.begun(61_000);
        cadence.processed(99);
        assertThat(cadence.isDue(61_001)).isFalse();
        cadence.processed(1);
        assertThat(cadence.isDue(61_001)).isTrue();
        cadence.begun(61_001);
        assertThat(cadence.isDue(61_002)).isFalse();
    }

    @Test
    void aClockSetBackMakesACommitDueAtOnce() {
        assertThat(new CommitCadence(60_000, 100, 1_000_000).isDue(900_000)).isTrue();
    }
}
