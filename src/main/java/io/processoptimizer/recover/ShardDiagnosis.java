package io.processoptimizer.recover;

import io.processoptimizer.checkpoint.Reprocessing;
import io.processoptimizer.checkpoint.ShardPointer;
import io.processoptimizer.checkpoint.Snapshot;
import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.kinesis.LeaseRows;
import io.processoptimizer.kinesis.ShardLease;
import io.processoptimizer.kinesis.ShardProbe;
import io.processoptimizer.recover.Finding.Kind;
import io.processoptimizer.status.Times;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is wrong with one shard that is not finished. */
final class ShardDiagnosis {
    /** Of the retention: beyond it records are lost before anyone has had time to act. */
    private static final double NEARLY = 0.8;

    /** Who holds a pointer that an operator's command moved. */
    private static final String OPERATOR = "recover:";

    private final ShardStanding shard;
    private final Sighting seen;
    private final Expectations expected;
    private final boolean working;
    private final List<Finding> findings = new ArrayList<>();

    /** @param working whether any worker works: else that no lease moves is said once, for all */
    ShardDiagnosis(ShardStanding shard, Sighting seen, Expectations expected, boolean working) {
        this.shard = shard;
        this.seen = seen;
        this.expected = expected;
        this.working = working;
    }

    List<Finding> findings() {
        if (waitsForParent()) {
            return findings;
        }
        judgeParents();
        LeaseRows.Lease lease = shard.lease();
        LeaseWatch.Age age = shard.age();
        if (lease == null || age == null) {
            judgeWithoutLease();
        } else {
            judgeLease(lease, age);
            judgePointer(lease.lease());
        }
        judgeReprocessing();
        judgeLag();
        judgeSavepoints();
        return findings;
    }

    // ---- reshard

    private boolean waitsForParent() {
        if (shard.pointer() != null && shard.state() != null) {
            return false;
        }
        for (String parentId : shard.parents()) {
            ShardStanding parent = Diagnosis.shard(seen, parentId);
            if (parent != null && parent.lease() != null && !parent.isFinished()) {
                add(
                        Kind.WAITS_FOR_PARENT,
                        "waits: its parent " + parentId + " is not processed to its end yet",
                        "nothing, while " + parentId + " gets on");
                return true;
            }
        }
        return false;
    }

    private void judgeParents() {
        LeaseRows.Lease lease = shard.lease();
        if (shard.state() != null || (lease != null && lease.lease().isUnderWay())) {
            return;
        }
        for (String parentId : shard.parents()) {
            ShardStanding parent = Diagnosis.shard(seen, parentId);
            boolean ended = parent != null && parent.lease() != null && parent.isFinished();
            ShardPointer pointer = parent == null ? null : parent.pointer();
            if (ended && (pointer == null || !pointer.isSealed())) {
                add(
                        Kind.PARENT_NOT_SEALED,
                        "cannot begin: KCL has ended its parent " + parentId + ", whose last state is not in the store",
                        "bring the item 'pointer' of " + parentId + " back from a backup of the state table; or wait"
                                + " until the stream has deleted " + parentId
                                + ": then it goes on without, and its windows are marked incomplete");
            }
        }
    }

    // ---- lease

    private void judgeWithoutLease() {
        if (working) {
            add(
                    Kind.NO_LEASE,
                    "is open and has no lease: nobody reads it",
                    "the workers' leader makes one within kcl.shard_sync_interval; look again, and into the log of the"
                            + " workers if it stays");
        }
    }

    private void judgeLease(LeaseRows.Lease row, LeaseWatch.Age age) {
        ShardLease lease = row.lease();
        String handingOver = row.checkpointOwner();
        if (handingOver != null) {
            judgeHandover(handingOver, lease.owner(), age);
        } else if (!working) {
            return;
        } else if (lease.owner() == null) {
            if (age.stillMillis() >= expected.unowned()) {
                add(
                        Kind.LEASE_NOT_OWNED,
                        "is held by nobody for at least " + Times.duration(age.stillMillis()) + " although workers run",
                        "look into the log of the workers for " + shard.shardId()
                                + "; restart one of them if it says nothing");
            }
        } else if (age.stillMillis() >= expected.stale()) {
            add(
                    Kind.LEASE_NOT_RENEWED,
                    "stands still: " + lease.owner() + " holds it and did not renew it for at least "
                            + Times.duration(age.stillMillis()),
                    "the other workers take it by themselves after kcl.failover (" + Times.duration(expected.failover())
                            + "); if it stays: " + evict());
        }
    }

    private void judgeHandover(String from, @Nullable String to, LeaseWatch.Age age) {
        long silent = sinceCommit();
        boolean longOver = age.handingOverMillis() > expected.handoff() + expected.failover()
                || (recordsWait() && silent > expected.commitMissing() + expected.handoff());
        boolean dead = age.stillMillis() >= expected.stale();
        String between = from + " to " + (to == null ? "nobody" : to);
        if (longOver || dead) {
            add(
                    Kind.HANDOVER_STUCK,
                    "is stuck in a hand-over from " + between + ": "
                            + (dead
                                    ? "the lease was not renewed for at least " + Times.duration(age.stillMillis())
                                    : "nothing was stored for " + Times.duration(Math.max(0, silent))
                                            + ", and kcl.graceful_handoff_timeout allows "
                                            + Times.duration(expected.handoff())),
                    evict());
        } else {
            add(
                    Kind.HANDOVER,
                    "is being handed over from " + between + ", for at least "
                            + Times.duration(age.handingOverMillis()),
                    "nothing; " + Times.duration(expected.handoff()) + " are allowed, --watch shows when it is over");
        }
    }

    private String evict() {
        return "recover evict --shard " + shard.shardId() + " --apply";
    }

    // ---- pointer

    private void judgePointer(ShardLease lease) {
        ShardPointer pointer = shard.pointer();
        if (pointer == null) {
            return;
        }
        if (pointer.holder().epoch() > lease.counter() && !isHeldByOperator()) {
            add(
                    Kind.STATE_HELD_BY_LATER,
                    "cannot be taken: its state is held by "
                            + pointer.holder().owner() + " under epoch "
                            + pointer.holder().epoch() + ", beyond the lease's counter " + lease.counter()
                            + ", as where the lease table was restored or made anew",
                    evict() + " lifts the counter above it");
        }
        RecordPosition position = shard.position();
        if (position != null && lease.isBeyond(position)) {
            add(
                    Kind.KCL_AHEAD,
                    "KCL stands beyond its state, at " + lease.checkpoint() + ": what lies between would be skipped",
                    "the next tenure sets KCL back by itself; at once: " + evict());
        } else if (position != null && !isAt(lease, position) && sinceCommit() > expected.commit()) {
            add(
                    Kind.KCL_BEHIND,
                    "KCL stands before its state, at " + lease.checkpoint(),
                    "nothing: records that the state holds already are dropped when they are read again");
        }
        for (ShardPointer.Failure failure : pointer.failures()) {
            add(
                    Kind.FAILED_RECORDS,
                    "processing ended " + failure.times() + "-times on the record "
                            + failure.position().sequenceNumber(),
                    "nothing: after the third time it becomes a dead letter; the log of the worker has the error");
        }
    }

    private boolean isHeldByOperator() {
        return shard.pointer() != null && shard.pointer().holder().owner().startsWith(OPERATOR);
    }

    private static boolean isAt(ShardLease lease, RecordPosition position) {
        return lease.checkpoint().equals(position.sequenceNumber());
    }

    /** Since the last commit, ms; 0 where there was none. */
    private long sinceCommit() {
        Snapshot state = shard.state();
        return state == null ? 0 : seen.atMillis() - state.writtenMillis();
    }

    // ---- reprocessing

    private @Nullable Reprocessing underWay() {
        Reprocessing asked = shard.pointer() == null ? null : shard.pointer().reprocessing();
        return asked != null && asked.isUnderWay(shard.position()) ? asked : null;
    }

    /** Whether nothing was stored since an operator's rewind: the present state is the old one that it went back to. */
    private boolean isJustRewound() {
        Snapshot state = shard.state();
        return underWay() != null
                && state != null
                && shard.savepoints().stream()
                        .anyMatch(savepoint -> savepoint.id().equals(state.id()));
    }

    private void judgeReprocessing() {
        Reprocessing asked = underWay();
        if (asked == null) {
            return;
        }
        String required = asked.configuration();
        Snapshot state = shard.state();
        if (required != null && isHeldByOperator()) {
            add(
                    Kind.WRONG_CONFIGURATION,
                    "waits for a worker with the configuration " + required
                            + ", with which it is to reprocess; none has taken it since the rewind",
                    "give the workers the settings and process definitions that the rewind named");
        } else if (required != null && (state == null || !required.equals(state.configuration()))) {
            add(
                    Kind.WRONG_CONFIGURATION,
                    "waits for a worker with the configuration " + required
                            + ", with which it is to reprocess; its state has "
                            + (state == null || state.configuration() == null ? "none" : state.configuration()),
                    "give the workers the settings and process definitions that the rewind named");
        } else {
            add(
                    Kind.REPROCESSING,
                    "reprocesses as generation " + asked.generation() + " and has not come yet to where it was",
                    "nothing; --watch shows how it gets on");
        }
    }

    // ---- lag

    /**
     * How long the present tenure has lasted, ms: its epoch is the lease's counter when it began, and a renewal, which a third of the
     * failover time brings, counts one. Without limit where the state is not the lease holder's.
     */
    private long tenure() {
        LeaseRows.Lease lease = shard.lease();
        ShardPointer pointer = shard.pointer();
        if (lease == null || pointer == null || !pointer.holder().owner().equals(lease.processor())) {
            return Long.MAX_VALUE;
        }
        return (lease.lease().counter() - pointer.holder().epoch()) * expected.failover() / 3;
    }

    private boolean recordsWait() {
        return shard.lag() != null && shard.lag().behindMillis() > 0;
    }

    private void judgeLag() {
        ShardProbe.Lag lag = shard.lag();
        if (lag == null) {
            return;
        }
        long retention = seen.stream().retentionMillis();
        if (lag.trimmed()) {
            add(
                    Kind.RECORDS_TRIMMED,
                    "the stream, which keeps records for " + Times.duration(retention)
                            + ", no longer has the record at which its state stands: later ones may be gone unread",
                    "windows that may lack facts are marked incomplete; raise the stream's retention before it goes on");
        } else if (retention > 0 && lag.behindMillis() > NEARLY * retention) {
            add(
                    Kind.NEARLY_TRIMMED,
                    "is " + Times.duration(lag.behindMillis()) + " behind, and the stream keeps records for "
                            + Times.duration(retention) + " only",
                    "raise the retention now: aws kinesis increase-stream-retention-period");
        }
        if (!working || lag.behindMillis() == 0) {
            return;
        }
        long silent = Math.min(sinceCommit(), tenure());
        if (silent > expected.commitMissing() && !isJustRewound()) {
            add(
                    Kind.NO_COMMITS,
                    noCommits(silent, lag),
                    "look into the worker's log for " + shard.shardId() + "; " + evict()
                            + " --force has it taken anew");
        } else if (lag.behindMillis() > expected.behind()) {
            add(
                    Kind.BEHIND,
                    "is " + Times.duration(lag.behindMillis()) + " behind",
                    "see with recover status --watch whether it catches up; if not, it needs more workers, or the"
                            + " stream more shards");
        }
    }

    private String noCommits(long silent, ShardProbe.Lag lag) {
        ShardPointer pointer = shard.pointer();
        String holder = pointer == null ? "" : pointer.holder().owner();
        String owner = shard.processor();
        String who = owner != null && !owner.equals(holder)
                ? owner + " holds the lease and has not taken the state from " + holder
                : "no state was stored";
        return "stands still: " + who + " for " + Times.duration(silent) + " (state.commit_interval is "
                + Times.duration(expected.commit()) + "), and records wait for "
                + Times.duration(lag.behindMillis());
    }

    // ---- savepoints

    private void judgeSavepoints() {
        Snapshot state = shard.state();
        if (state != null && expected.savepointsKept() > 0 && shard.savepoints().isEmpty()) {
            add(
                    Kind.NO_SAVEPOINT,
                    "has no savepoint to go back to",
                    "nothing, if it was idle for longer than state.savepoints_kept ("
                            + Times.duration(expected.savepointsKept()) + "): the next commit makes one");
        }
    }

    private void add(Kind kind, String text, String remedy) {
        findings.add(new Finding(kind, shard.shardId(), text, remedy));
    }
}
