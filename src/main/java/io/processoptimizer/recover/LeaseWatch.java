package io.processoptimizer.recover;

import io.processoptimizer.kinesis.LeaseRows;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How long leases have stood still. KCL's rows hold no time: all that tells a lease that is renewed from one that is not is its counter,
 * read again after a while. So every time here is one of watching: a lease that has not moved yet has stood still for at least that long.
 */
public final class LeaseWatch {
    private final Map<String, Seen> seen = new HashMap<>();

    /**
     * What watching a lease has shown.
     *
     * @param movedMillisAgo when its counter was last seen to have moved; null: it has not, as long as it was watched
     * @param watchedMillis for how long its counter was watched, ≥ 0
     * @param handingOverMillis for how long the present hand-over was seen to wait, ≥ 0; 0 where there is none
     */
    public record Age(@Nullable Long movedMillisAgo, long watchedMillis, long handingOverMillis) {
        /** Whether it was seen to move, and has not stood still for as long as that since. */
        boolean isRenewed(long staleMillis) {
            return movedMillisAgo != null && movedMillisAgo < staleMillis;
        }

        /** How long it has stood still, at least. */
        public long stillMillis() {
            return movedMillisAgo == null ? watchedMillis : movedMillisAgo;
        }
    }

    private static final class Seen {
        private final long firstMillis;
        private long counter;
        private @Nullable Long movedMillis;
        private @Nullable String handingOver;
        private long handingOverSince;

        Seen(long firstMillis) {
            this.firstMillis = firstMillis;
        }
    }

    /** Takes what was read at a time, epoch milliseconds; leases that are gone are forgotten. */
    public void observe(LeaseRows.Rows rows, long nowMillis) {
        for (LeaseRows.Lease row : rows.leases()) {
            Seen lease = seen.get(row.shardId());
            if (lease == null) {
                lease = new Seen(nowMillis);
                seen.put(row.shardId(), lease);
            } else if (lease.counter != row.lease().counter()) {
                lease.movedMillis = nowMillis;
            }
            lease.counter = row.lease().counter();
            if (row.checkpointOwner() == null || !row.checkpointOwner().equals(lease.handingOver)) {
                lease.handingOverSince = nowMillis;
            }
            lease.handingOver = row.checkpointOwner();
        }
        seen.keySet().removeIf(shardId -> rows.lease(shardId) == null);
    }

    /** What is known of a lease now; null where it was never seen. */
    public @Nullable Age age(String shardId, long nowMillis) {
        Seen lease = seen.get(shardId);
        if (lease == null) {
            return null;
        }
        return new Age(
                lease.movedMillis == null ? null : nowMillis - lease.movedMillis,
                nowMillis - lease.firstMillis,
                lease.handingOver == null ? 0 : nowMillis - lease.handingOverSince);
    }
}
