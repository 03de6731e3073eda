package io.processoptimizer.window;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The steps of one process, in the natural order of their ids. Most processes have a handful: the ids lie side by side and are compared
 * one by one, which reads one place in memory where a map reads three; a process of many steps has a map besides.
 */
final class Steps {
    /** From here on a map is faster. */
    private static final int FEW = 16;

    private String[] ids = {};
    private StepLog[] logs = {};
    private final Map<String, StepLog> many = new HashMap<>(0);

    @SuppressWarnings(
            "ReferenceEquality") // the names of one decoder are the same instances: a look at their characters is the
    // exception
    @Nullable
    StepLog find(String stepId) {
        if (ids.length > FEW) {
            return many.get(stepId);
        }
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] == stepId) {
                return logs[i];
            }
        }
        for (int i = 0; i < ids.length; i++) {
            if (ids[i].equals(stepId)) {
                return logs[i];
            }
        }
        return null;
    }

    /** Adds a step whose id is new, and returns it. */
    StepLog add(StepLog step) {
        int at = -Arrays.binarySearch(ids, step.stepId()) - 1;
        ids = inserted(Arrays.copyOf(ids, ids.length + 1), at, step.stepId());
        logs = inserted(Arrays.copyOf(logs, logs.length + 1), at, step);
        if (ids.length > FEW) {
            for (StepLog log : logs) {
                many.put(log.stepId(), log);
            }
        }
        return step;
    }

    private static <T> T[] inserted(T[] longer, int at, T element) {
        System.arraycopy(longer, at, longer, at + 1, longer.length - 1 - at);
        longer[at] = element;
        return longer;
    }

    /** All of them; to be read only. */
    StepLog[] inOrder() {
        return logs;
    }

    /** What is before is folded away of some step; the least time there is where of none. */
    long foldedTo() {
        long latest = Long.MIN_VALUE;
        for (StepLog log : logs) {
            latest = Math.max(latest, log.foldedTo());
        }
        return latest;
    }

    Set<String> ids() {
        return new HashSet<>(Arrays.asList(ids));
    }

    int size() {
        return ids.length;
    }

    void clear() {
        ids = new String[0];
        logs = new StepLog[0];
        many.clear();
    }
}
