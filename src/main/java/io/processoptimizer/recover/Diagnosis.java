package io.processoptimizer.recover;

import io.processoptimizer.checkpoint.Snapshot;
import io.processoptimizer.kinesis.LeaseRows;
import io.processoptimizer.recover.Finding.Kind;
import io.processoptimizer.status.Times;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Says what is wrong with an application as it was seen, and what to do. Pure: the same sighting gives the same findings. */
public final class Diagnosis {
    private final String application;
    private final Sighting seen;
    private final Expectations expected;
    private final List<Finding> findings = new ArrayList<>();

    private Diagnosis(String application, Sighting seen, Expectations expected) {
        this.application = application;
        this.seen = seen;
        this.expected = expected;
    }

    /** @param application names the lease table */
    public static ApplicationStanding of(String application, Sighting seen, Expectations expected) {
        Diagnosis diagnosis = new Diagnosis(application, seen, expected);
        diagnosis.judge();
        return new ApplicationStanding(application, seen, expected, diagnosis.findings);
    }

    private void judge() {
        if (judgeOwner() && judgeStream() && judgeFirstRun() && judgeStateTable()) {
            judgeOperation();
            boolean working = judgeWorkers();
            for (ShardStanding shard : seen.unfinished()) {
                findings.addAll(new ShardDiagnosis(shard, seen, expected, working).findings());
            }
            judgeConfigurations();
        }
    }

    private boolean judgeOwner() {
        String owner = seen.owner();
        if (owner == null || owner.equals(application)) {
            return true;
        }
        add(
                Kind.WRONG_APPLICATION,
                "the state table holds the states of the application " + owner + ", not of " + application,
                "check application.name and state.table; a worker refuses to run with this pair");
        return false;
    }

    private boolean judgeStream() {
        Sighting.Stream remembered = seen.remembered();
        if (remembered == null || seen.stream().isSameAs(remembered)) {
            return true;
        }
        boolean remade = remembered.arn().equals(seen.stream().arn());
        add(
                Kind.WRONG_STREAM,
                "leases and states of " + application + " belong to "
                        + (remade
                                ? "a stream of this name that was made "
                                        + Instant.ofEpochSecond(remembered.createdSeconds())
                                        + "; the present one was made "
                                        + Instant.ofEpochSecond(seen.stream().createdSeconds())
                                : remembered.arn() + ", and the settings name "
                                        + seen.stream().arn()),
                remade
                        ? "a worker refuses to run; give it another application.name and state.table, or delete both"
                                + " tables to start anew"
                        : "check stream.name, application.name, aws.region and aws.endpoint");
        return false;
    }

    private boolean judgeFirstRun() {
        if (seen.shards().stream().anyMatch(shard -> shard.lease() != null)) {
            return true;
        }
        if (seen.shards().stream().anyMatch(shard -> shard.pointer() != null)) {
            add(
                    Kind.NEVER_RUN,
                    "there are no leases of " + application + ", and the state table holds states",
                    "check application.name and state.table; where the lease table " + application
                            + " was lost, start a worker: it goes on from the states");
            return false;
        }
        add(
                Kind.NEVER_RUN,
                seen.hasLeaseTable()
                        ? "no worker has run yet: the lease table " + application + " is empty"
                        : "no worker has run as " + application + ": there is no lease table of that name there",
                "check application.name, aws.region and aws.endpoint, or start a worker: run");
        return false;
    }

    private boolean judgeStateTable() {
        if (!seen.hasStateTable()) {
            add(
                    Kind.NO_STATE_TABLE,
                    "there are leases of " + application + " and no state table",
                    "check state.table: with another one a worker would begin without the states");
        }
        return seen.hasStateTable();
    }

    private void judgeOperation() {
        Sighting.Operation operation = seen.operation();
        if (operation != null) {
            add(
                    Kind.UNFINISHED_OPERATION,
                    "the operation " + operation.id() + ", which " + operation.operator() + " began "
                            + Times.duration(seen.atMillis() - operation.startedMillis()) + " ago, is not done (phase "
                            + operation.phase() + ")",
                    "where nobody waits for it: recover rewind --resume completes it, recover rewind --undo --apply takes it"
                            + " back");
        }
    }

    /** Whether any worker works, as far as can be told yet. */
    private boolean judgeWorkers() {
        List<ShardStanding> leased = seen.unfinished().stream()
                .filter(shard -> shard.lease() != null && shard.age() != null)
                .toList();
        boolean none = leased.stream()
                        .allMatch(shard -> shard.age() != null && shard.age().stillMillis() >= expected.stale())
                && leased.stream().noneMatch(shard -> shard.isRenewed(expected));
        if (none && !leased.isEmpty()) {
            add(Kind.NO_WORKER, noWorker(leased.size()), "start one: run; it goes on where the states stand");
        }
        for (LeaseRows.Reporter worker : seen.workers()) {
            long silent = seen.atMillis() - worker.reportedMillis();
            if (!none && silent > Expectations.WORKER_SILENT) {
                add(
                        Kind.WORKER_SILENT,
                        worker.workerId() + " has not reported itself for " + Times.duration(silent)
                                + " and has no lease that moves",
                        "if it was stopped, nothing: its row goes by itself");
            }
        }
        return !none;
    }

    private String noWorker(int leases) {
        StringBuilder text = new StringBuilder("no worker works: none of ")
                .append(leases)
                .append(leases == 1 ? " lease" : " leases")
                .append(" was renewed in ")
                .append(Times.duration(watched()));
        lastReport()
                .ifPresent(last -> text.append("; the last sign of one, ")
                        .append(last.workerId())
                        .append(", is ")
                        .append(Times.duration(seen.atMillis() - last.reportedMillis()))
                        .append(" old"));
        long behind = seen.unfinished().stream()
                .mapToLong(shard -> shard.lag() == null ? 0 : shard.lag().behindMillis())
                .max()
                .orElse(0);
        return behind == 0
                ? text.append("; no record waits").toString()
                : text.append("; records wait for up to ")
                        .append(Times.duration(behind))
                        .toString();
    }

    private long watched() {
        return seen.shards().stream()
                .mapToLong(shard -> shard.age() == null ? 0 : shard.age().watchedMillis())
                .max()
                .orElse(0);
    }

    private Optional<LeaseRows.Reporter> lastReport() {
        return seen.workers().stream().max(Comparator.comparingLong(LeaseRows.Reporter::reportedMillis));
    }

    /** Of the shards that are stored at present: an idle one keeps the configuration that it was last stored with. */
    private void judgeConfigurations() {
        Map<String, Integer> shards = new TreeMap<>();
        for (ShardStanding shard : seen.unfinished()) {
            Snapshot state = shard.state();
            boolean fresh = state != null && seen.atMillis() - state.writtenMillis() <= expected.commitMissing();
            if (state != null && fresh && state.configuration() != null && shard.isRenewed(expected)) {
                shards.merge(state.configuration(), 1, Integer::sum);
            }
        }
        if (shards.size() > 1) {
            StringBuilder text = new StringBuilder("the shards are processed with different configurations:");
            shards.forEach((configuration, count) -> text.append(' ')
                    .append(configuration)
                    .append(" (")
                    .append(count)
                    .append(count == 1 ? " shard)" : " shards)"));
            add(
                    Kind.MIXED_CONFIGURATION,
                    text.toString(),
                    "while workers are being redeployed, or take over what was added to the process definitions, wait; else give all workers the same settings and process"
                            + " definitions (recover status --json tells which shard has which)");
        }
    }

    private void add(Kind kind, String text, String remedy) {
        findings.add(new Finding(kind, null, text, remedy));
    }

    /** The shard's standing, or null. */
    static @Nullable ShardStanding shard(Sighting seen, String shardId) {
        for (ShardStanding shard : seen.shards()) {
            if (shard.shardId().equals(shardId)) {
                return shard;
            }
        }
        return null;
    }
}
