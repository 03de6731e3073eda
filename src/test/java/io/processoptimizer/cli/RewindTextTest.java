package io.processoptimizer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.recover.rewind.RewindOperation;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RewindTextTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final RewindText text =
            new RewindText(new PrintWriter(out, true), new PrintWriter(err, true), new Style(false), false, false);

    @Test
    void workersThatTakeAShardAndGiveItBackForTheirConfigurationAreSaidOnce() {
        text.moved(operation("cea3a3b325b6", null));
        for (int look = 0; look < 6; look++) {
            text.reprocessing(1, 2, look % 2);
        }
        assertThat(err)
                .hasToString("1 of 2 shards are where they were; the others wait for a worker with the configuration"
                        + " cea3a3b325b6" + System.lineSeparator());
    }

    @Test
    void shardsThatNobodyHasTakenAreSaid() {
        text.moved(operation(null, null));
        text.reprocessing(0, 2, 0);
        text.reprocessing(0, 2, 1);
        assertThat(err.toString().lines())
                .containsExactly(
                        "0 of 2 shards are where they were; no worker has taken the others yet",
                        "0 of 2 shards are where they were");
    }

    @Test
    void anUndoSaysThatItIsDoneAndWhatTheStatesBeforeItAreCalled() {
        text.moved(operation(null, operation(null, null)));
        assertThat(out.toString()).contains("Done.", "'before rewind r7 was taken back'");
    }

    private static RewindOperation operation(@Nullable String configuration, @Nullable RewindOperation undoes) {
        return new RewindOperation(
                "r7",
                "ann@plant",
                0,
                "2h",
                1,
                Set.of(),
                false,
                configuration,
                List.of(),
                null,
                undoes,
                RewindOperation.Phase.REPROCESSING);
    }
}
