package io.processoptimizer.recover;

import io.processoptimizer.kinesis.ShardProbe;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where an application stands, and whether all is well.
 *
 * @param application its name, which is the lease table's
 * @param seen what was seen
 * @param expected what it was judged by
 * @param findings what there is to say of it, the worst first
 */
public record ApplicationStanding(String application, Sighting seen, Expectations expected, List<Finding> findings) {
    public ApplicationStanding {
        findings = findings.stream().sorted(Comparator.comparing(Finding::kind)).toList();
    }

    public boolean isWell() {
        return problems().isEmpty();
    }

    public List<Finding> problems() {
        return findings.stream().filter(finding -> finding.kind().isProblem()).toList();
    }

    /** What is said although all may be well. */
    public List<Finding> notes() {
        return findings.stream().filter(finding -> !finding.kind().isProblem()).toList();
    }

    /** Workers whose leases move, by name. */
    public List<String> workingWorkers() {
        return seen.unfinished().stream()
                .filter(shard -> shard.isRenewed(expected))
                .map(ShardStanding::processor)
                .filter(Objects::nonNull)
                .distinct()
                .sorted()
                .toList();
    }

    /** The longest that a shard's state is behind, ms; null where that is known of none. */
    public @Nullable Long longestBehindMillis() {
        return seen.unfinished().stream()
                .map(ShardStanding::lag)
                .filter(Objects::nonNull)
                .map(ShardProbe.Lag::behindMillis)
                .max(Comparator.naturalOrder())
                .orElse(null);
    }

    /** Records that the states lack, of the shards that were counted; null where none was. */
    public ShardProbe.@Nullable Count records() {
        List<ShardProbe.Count> counts = seen.unfinished().stream()
                .map(ShardStanding::count)
                .filter(Objects::nonNull)
                .toList();
        return counts.isEmpty()
                ? null
                : new ShardProbe.Count(
                        counts.stream().mapToLong(ShardProbe.Count::records).sum(),
                        counts.stream().anyMatch(ShardProbe.Count::more));
    }
}
