package io.processoptimizer.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.processoptimizer.checkpoint.Snapshot;
import io.processoptimizer.event.RecordPosition;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StartingStateTest {
    /** a was split into b and c; c and d were merged into e. */
    private static final List<RecordedShard> STREAM =
            List.of(shard("a"), shard("b", "a"), shard("c", "a"), shard("d"), shard("e", "c", "d"));

    private static RecordedShard shard(String id, String... parents) {
        return new RecordedShard(id, BigInteger.ZERO, BigInteger.TEN, Arrays.asList(parents), false);
    }

    private static Map<String, Snapshot> choose(String... withStates) {
        List<String> have = Arrays.asList(withStates);
        return StartingState.choose(
                STREAM,
                id -> have.contains(id)
                        ? List.of(
                                new Snapshot(id, new RecordPosition("7", 1), 1, 1, 0),
                                new Snapshot("older", null, 1, 1, 0))
                        : List.of());
    }

    @Test
    void childrenReplaceTheirParents() {
        Map<String, Snapshot> chosen = choose("a", "b", "c", "d", "e");
        assertThat(chosen).containsOnlyKeys("b", "e");
        assertThat(chosen.get("b")).extracting(Snapshot::id).isEqualTo("b");
        assertThat(StartingState.readFrom(STREAM, STREAM.get(1), chosen))
                .isEqualTo(new ReadFrom.After(new RecordPosition("7", 1)));
        assertThat(StartingState.readFrom(STREAM, STREAM.get(0), chosen)).isNull();
        assertThat(StartingState.readFrom(STREAM, STREAM.get(2), chosen)).isNull();
    }

    @Test
    void childrenThatCameLaterAreReadFromTheirBeginning() {
        Map<String, Snapshot> chosen = choose("a", "d");
        assertThat(chosen).containsOnlyKeys("a", "d");
        assertThat(StartingState.readFrom(STREAM, STREAM.get(4), chosen)).isEqualTo(new ReadFrom.TrimHorizon());
    }

    @Test
    void aTimeInTheMiddleOfAReshardIsRefused() {
        assertThatThrownBy(() -> choose("a", "b", "d"))
                .hasMessageContaining("shard c")
                .hasMessageContaining("another time");
        assertThatThrownBy(() -> choose("a")).hasMessageContaining("shard d");
    }
}
