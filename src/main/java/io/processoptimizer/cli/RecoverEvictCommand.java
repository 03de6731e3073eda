package io.processoptimizer.cli;

import io.processoptimizer.kinesis.LeaseRows;
import io.processoptimizer.kinesis.ShardLease;
import io.processoptimizer.recover.ApplicationStanding;
import io.processoptimizer.recover.Eviction;
import io.processoptimizer.recover.ShardStanding;
import io.processoptimizer.recover.Standings;
import io.processoptimizer.status.Times;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Frees a stuck lease. */
@Command(
        name = "evict",
        description = {
            "Frees the lease of a shard that stands still, so that a worker takes it anew: one update of KCL's row, on"
                    + " condition that it has not moved since it was looked at. The shard goes on from its stored state;"
                    + " nothing is lost and nothing doubled.",
            "",
            "Without --apply it only says who holds the lease, since when it has not moved and what would happen. A lease that"
                    + " is renewed is refused without --force."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  What would happen:",
            "    java -jar target/process-optimizer.jar recover evict --shard shardId-000000000001",
            "  Do it:",
            "    java -jar target/process-optimizer.jar recover evict --shard shardId-000000000001 --apply"
        })
final class RecoverEvictCommand implements Callable<Integer> {
    /** A live worker renews its lease every three seconds: an update that meets a renewal is tried again. */
    private static final int MAX_TRIES = 5;

    private static final long TAKEN_WITHIN_MILLIS = 30_000;
    private static final long POLL_MILLIS = 500;

    private final Surroundings surroundings;

    @Mixin
    private ConfigOptions config = new ConfigOptions();

    @Option(names = "--shard", paramLabel = "ID", required = true, description = "The shard; may be repeated.")
    private List<String> shards = new ArrayList<>();

    @Option(names = "--apply", description = "Do it; without it only the plan is shown.")
    private boolean apply;

    @Option(names = "--force", description = "Also where the lease is renewed, or another operation is under way.")
    private boolean force;

    @Option(names = "--no-wait", description = "Do not wait until a worker has taken the shard.")
    private boolean noWait;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    RecoverEvictCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws InterruptedException {
        try (RecoverContext context = RecoverContext.open(config, surroundings)) {
            context.leaseRows();
            context.requireSameStream(context.stream());
            PrintWriter out = spec.commandLine().getOut();
            ApplicationStanding standing = context.standings().look(new Standings.Look(0, watched -> {}));
            boolean refused = false;
            List<Eviction> plans = new ArrayList<>();
            for (String shardId : shards) {
                Eviction plan =
                        Eviction.of(shard(standing, shardId), standing.seen().operation(), standing.expected(), force);
                plans.add(plan);
                refused |= plan.refusal() != null;
                show(out, plan);
            }
            if (!refused && standing.workingWorkers().isEmpty()) {
                out.println("No worker works at present: the shard stays free until one is started (run).");
            }
            if (refused) {
                return ExitCode.CHECK_FAILED.code();
            }
            if (!apply) {
                out.println("Nothing was changed; add --apply to do it.");
                return ExitCode.DONE.code();
            }
            boolean done = true;
            for (Eviction plan : plans) {
                done &= free(context, out, plan);
            }
            return (done ? ExitCode.DONE : ExitCode.CHECK_FAILED).code();
        }
    }

    private static ShardStanding shard(ApplicationStanding standing, String shardId) {
        for (ShardStanding shard : standing.seen().shards()) {
            if (shard.shardId().equals(shardId)) {
                return shard;
            }
        }
        throw new CommandFailure(
                ExitCode.BAD_USAGE,
                "neither the stream nor the lease table knows the shard " + shardId + "; there are "
                        + String.join(
                                ", ",
                                standing.seen().unfinished().stream()
                                        .map(ShardStanding::shardId)
                                        .toList()));
    }

    private static void show(PrintWriter out, Eviction plan) {
        out.println(plan.shardId() + " " + plan.found() + ".");
        if (plan.refusal() == null) {
            out.println("  Then: " + plan.effect() + ".");
        } else {
            out.println("  Refused: " + plan.refusal() + ".");
        }
    }

    private boolean free(RecoverContext context, PrintWriter out, Eviction plan) throws InterruptedException {
        ShardLease observed = plan.observed();
        LeaseRows leases = context.leases();
        for (int tries = 1; observed != null && tries <= MAX_TRIES; tries++) {
            long counter = Math.max(plan.counter(), observed.counter() + 1);
            if (leases.free(observed, counter)) {
                out.println(plan.shardId() + " is free.");
                out.flush();
                return noWait || awaitTaken(context, out, plan.shardId(), counter, observed.owner());
            }
            LeaseRows.Lease now = force ? context.leaseRows().lease(plan.shardId()) : null;
            observed = now == null ? null : now.lease();
        }
        out.println(plan.shardId() + " was not freed: its lease moved meanwhile, so a worker is alive; look again with"
                + " recover status.");
        return false;
    }

    private static boolean awaitTaken(
            RecoverContext context, PrintWriter out, String shardId, long freed, @Nullable String before)
            throws InterruptedException {
        long start = System.nanoTime();
        while (true) {
            LeaseRows.Lease row = context.leaseRows().lease(shardId);
            String owner = row == null ? null : row.lease().owner();
            long waited = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            if (row != null && owner != null && row.lease().counter() > freed) {
                out.println(shardId + " was taken by " + owner + " after " + Times.duration(waited) + "."
                        + (owner.equals(before)
                                ? " It is the same worker: if the shard stands still again, restart that worker, or look"
                                        + " into its log for " + shardId + "."
                                : ""));
                return true;
            }
            if (waited > TAKEN_WITHIN_MILLIS) {
                out.println(shardId + " was not taken within " + Times.duration(TAKEN_WITHIN_MILLIS)
                        + ": no worker runs, or none that can; see recover status.");
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }
}
