package io.processoptimizer.recover.rewind;

import io.processoptimizer.aws.Supersession.Stretch;
import io.processoptimizer.pipeline.StateContents;
import io.processoptimizer.window.ProcessContents;
import io.processoptimizer.window.WindowDefinition;
import io.processoptimizer.window.WindowPolicy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which event time of which process is computed again: from where it stood in the state that its shard goes back to, until where it stood
 * before. Of a process that was not in that state all time is, if the state was whole; if records before it are missing, only windows
 * that begin after the loss can be complete, and only those replace anything.
 */
final class RecomputedTime {
    private final WindowPolicy windows;
    private final Map<String, Long> from = new TreeMap<>();
    private long completeFrom = Long.MIN_VALUE;

    RecomputedTime(WindowPolicy windows) {
        this.windows = windows;
    }

    /** A state that a shard goes back to. */
    RecomputedTime goesOnFrom(StateContents state) {
        state.processes().forEach(process -> from.merge(process.processId(), process.watermark(), Math::min));
        return this;
    }

    /**
     * A shard goes on without a state.
     *
     * @param firstArrival when the first record that is read again arrived, epoch milliseconds; null: nothing is read again
     */
    RecomputedTime isMissingBefore(@Nullable Long firstArrival) {
        completeFrom = Math.max(
                completeFrom, firstArrival == null ? Long.MAX_VALUE : firstArrival + windows.maxFutureMillis());
        return this;
    }

    /**
     * The stretches, by process.
     *
     * @param until states of the shards that are read again: until where
     * @param processes whose results are replaced; empty: all
     */
    List<Stretch> until(Collection<StateContents> until, Set<String> processes) {
        Map<String, Long> ends = new TreeMap<>();
        for (StateContents state : until) {
            for (ProcessContents process : state.processes()) {
                if (processes.isEmpty() || processes.contains(process.processId())) {
                    ends.merge(process.processId(), process.watermark(), Math::max);
                }
            }
        }
        List<Stretch> stretches = new ArrayList<>();
        ends.forEach((processId, end) -> {
            Long begin = from.get(processId);
            long afterEnd = begin == null ? 0 : Math.max(0, begin);
            long fromStart = begin == null ? Math.max(0, completeFrom) : 0;
            if (end > afterEnd) {
                stretches.addAll(stretches(processId, afterEnd, fromStart, end));
            }
        });
        return stretches;
    }

    private List<Stretch> stretches(String processId, long afterEnd, long fromStart, long untilEnd) {
        List<Stretch> stretches = new ArrayList<>();
        for (WindowDefinition window : windows.windows()) {
            String name = window.equals(windows.defaultWindow()) ? "" : window.name();
            stretches.add(new Stretch(processId, name, afterEnd, fromStart, untilEnd));
        }
        return stretches;
    }
}
