package io.processoptimizer.window;

import static org.assertj.core.api.Assertions.fail;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The engine against the naive model, over histories drawn from seeds. {@code -Dfuzz.histories=100000} plays more of them,
 * {@code -Dfuzz.seed=N} begins with seed N.
 */
class WindowsFuzzTest {
    private static final int HISTORIES = Integer.getInteger("fuzz.histories", 1_500);
    private static final long FIRST_SEED = Long.getLong("fuzz.seed", 1);

    @Test
    void engineSaysWhatTheNaiveModelSays() {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + HISTORIES; seed++) {
            History history = seed % 2 == 0 ? HostileHistories.of(seed) : HostileHistories.corrected(seed);
            if (difference(history) != null) {
                History small = smallest(history);
                fail("seed " + seed + " (again: mvn test -Dtest=WindowsFuzzTest -Dfuzz.seed=" + seed
                        + " -Dfuzz.histories=1)\n" + difference(small) + "\n" + small);
            }
        }
    }

    private static @Nullable String difference(History history) {
        try {
            return Transcript.difference(history.playNaively(), history.play());
        } catch (RuntimeException e) {
            return e + " at " + java.util.Arrays.toString(e.getStackTrace());
        }
    }

    /** Leaves out what can be left out without the difference going away. */
    private static History smallest(History history) {
        History small = history;
        for (int length = history.moments().size() / 2; length > 0; length /= 2) {
            for (int from = 0; from + length <= small.moments().size(); ) {
                List<History.Moment> rest = new ArrayList<>(small.moments());
                rest.subList(from, from + length).clear();
                History shorter = small.withMoments(rest);
                if (difference(shorter) != null) {
                    small = shorter;
                } else {
                    from += length;
                }
            }
        }
        return small;
    }
}
