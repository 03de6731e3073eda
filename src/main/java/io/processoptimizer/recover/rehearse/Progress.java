package io.processoptimizer.recover.rehearse;

import io.processoptimizer.kinesis.LeaseTable;
import io.processoptimizer.kinesis.ShardLease;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;

/** How far the workers are, as the lease table says. */
final class Progress {
    private static final long POLL_MILLIS = 500;
    private static final String SHARD_END = "SHARD_END";

    private final LeaseTable leases;

    Progress(LeaseTable leases) {
        this.leases = leases;
    }

    /**
     * Waits until everything is committed.
     *
     * @param ends where each shard that has records ends
     * @param patience how long without any checkpoint that moves
     * @return what is not committed; empty where all is
     */
    List<String> await(Map<String, RecordingEnd> ends, Duration patience) throws InterruptedException {
        Map<String, String> seen = Map.of();
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            Map<String, String> checkpoints = checkpoints();
            List<String> behind = behind(ends, checkpoints);
            if (behind.isEmpty()) {
                return behind;
            }
            if (!checkpoints.equals(seen)) {
                seen = checkpoints;
                deadline = System.nanoTime() + patience.toNanos();
            } else if (System.nanoTime() > deadline) {
                return behind;
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    private Map<String, String> checkpoints() throws InterruptedException {
        Map<String, String> checkpoints = new HashMap<>();
        try {
            for (ShardLease lease : leases.leases()) {
                checkpoints.put(lease.shardId(), lease.checkpoint());
            }
        } catch (ResourceNotFoundException e) {
            // No worker has come so far as to make the table.
            return Map.of();
        }
        return checkpoints;
    }

    static List<String> behind(Map<String, RecordingEnd> ends, Map<String, String> checkpoints) {
        List<String> behind = new ArrayList<>();
        ends.forEach((shard, end) -> {
            String checkpoint = checkpoints.get(shard);
            // KCL deletes the lease of a closed shard once its children have begun, which have leases then.
            boolean there = checkpoint == null
                    ? end.closed() && !checkpoints.isEmpty()
                    : checkpoint.equals(SHARD_END)
                            || (isNumber(checkpoint)
                                    && new BigInteger(checkpoint).compareTo(new BigInteger(end.sequence())) >= 0);
            if (!there) {
                behind.add(shard + " is at " + (checkpoint == null ? "nothing" : checkpoint) + ", its last record is "
                        + end.sequence());
            }
        });
        return behind;
    }

    private static boolean isNumber(String checkpoint) {
        return !checkpoint.isEmpty() && checkpoint.chars().allMatch(Character::isDigit);
    }
}
