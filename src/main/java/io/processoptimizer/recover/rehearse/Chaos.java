package io.processoptimizer.recover.rehearse;

import io.processoptimizer.aws.AwsClients;
import io.processoptimizer.aws.Calls;
import io.processoptimizer.recover.rehearse.Disturbance.Restart;
import io.processoptimizer.recover.rehearse.Disturbance.SinkFault;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.services.kinesis.model.ResourceInUseException;
import software.amazon.awssdk.services.kinesis.model.ScalingType;
import software.amazon.awssdk.services.kinesis.model.StreamStatus;

/** Carries out a plan of disturbances, and what follows from each: restarts, and the ends of faults. */
final class Chaos implements AutoCloseable {
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(20);

    /** A worker that is started again is there within it; longer, and something else is wrong. */
    private static final Duration WORKERS_WITHIN = Duration.ofMinutes(2);

    private static final long POLL_MILLIS = 200;

    /** What Java ends with where no handler of the signal is there yet. */
    private static final int KILLED_BY_SIGTERM = 128 + 15;

    private final Fleet fleet;
    private final FaultSwitch faults;
    private final AwsClients clients;
    private final String stream;
    private final Findings findings;
    private final Duration stopWithin;
    private final ScheduledThreadPoolExecutor later = new ScheduledThreadPoolExecutor(2, task -> {
        Thread thread = new Thread(task, "rehearsal-later");
        thread.setDaemon(true);
        return thread;
    });
    private final ConcurrentLinkedQueue<CompletableFuture<Void>> pending = new ConcurrentLinkedQueue<>();
    private final AtomicInteger done = new AtomicInteger();

    /** @param stopWithin a worker must have ended so long after SIGTERM */
    Chaos(Fleet fleet, FaultSwitch faults, AwsClients clients, String stream, Findings findings, Duration stopWithin) {
        this.fleet = fleet;
        this.faults = faults;
        this.clients = clients;
        this.stream = stream;
        this.findings = findings;
        this.stopWithin = stopWithin;
    }

    /** How many disturbances were carried out. */
    int done() {
        return done.get();
    }

    /** Does all of it, and returns when all faults are over and all workers were started again. */
    void run(DisturbancePlan plan) throws IOException, InterruptedException {
        for (DisturbancePlan.Step step : plan.steps()) {
            TimeUnit.MILLISECONDS.sleep(step.pause().toMillis());
            Disturbance what = step.what();
            if (what instanceof Disturbance.Kill kill) {
                kill(pick(kill.which()), kill.restart());
            } else if (what instanceof Disturbance.Stop stop) {
                stop(pick(stop.which()), stop.restart());
            } else if (what instanceof SinkFault fault) {
                fault(fault);
            } else if (what instanceof Disturbance.Reshard reshard) {
                reshard(reshard.shards());
            }
            done.incrementAndGet();
        }
        for (CompletableFuture<Void> one = pending.poll(); one != null; one = pending.poll()) {
            one.join();
        }
        faults.endAll();
    }

    private Fleet.Member pick(int which) throws InterruptedException {
        long deadline = System.nanoTime() + WORKERS_WITHIN.toNanos();
        List<Fleet.Member> running = fleet.running();
        while (running.isEmpty()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        "no worker runs for " + WORKERS_WITHIN.toSeconds() + " s, although they are started again");
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            running = fleet.running();
        }
        return running.get(which % running.size());
    }

    private void kill(Fleet.Member worker, Restart restart) throws InterruptedException {
        findings.note("kill -9 of " + worker + "; " + text(restart, worker.workerId()));
        worker.kill();
        int unused = worker.awaitEnd(stopWithin);
        startLater(worker.workerId(), restart);
    }

    /** Others go on meanwhile, and so does the plan. */
    private void stop(Fleet.Member worker, Restart restart) {
        boolean starting = worker.isStarting();
        findings.note("SIGTERM of " + worker + "; " + text(restart, worker.workerId()));
        boolean quiet = faults.isQuiet();
        worker.stop();
        after(Duration.ZERO, () -> {
            long start = System.nanoTime();
            int code = worker.awaitEnd(stopWithin);
            double seconds = (System.nanoTime() - start) / 1e9;
            boolean began = !(starting && code == KILLED_BY_SIGTERM);
            judge(worker, code, seconds, began && quiet && faults.isQuiet());
            if (code == -1) {
                worker.kill();
                int unused = worker.awaitEnd(stopWithin);
            }
            startLater(worker.workerId(), restart);
        });
    }

    /**
     * While a sink does not work, a worker cannot write its last results, and one that has not begun has none: these must end in
     * time, but need not end clean.
     */
    private void judge(Fleet.Member worker, int code, double seconds, boolean mustBeClean) {
        String said = String.format(Locale.ROOT, "%s ended with %d, %.1f s after SIGTERM", worker, code, seconds);
        if (code == -1) {
            findings.found(
                    worker + " did not end within " + stopWithin.toSeconds() + " s of SIGTERM; see " + worker.log());
        } else if (code != 0 && mustBeClean) {
            findings.found(said + "; see " + worker.log());
        } else {
            findings.note(said);
        }
    }

    private static String text(Restart restart, String workerId) {
        return String.format(
                Locale.ROOT,
                "%.1f s later %s",
                restart.after().toMillis() / 1e3,
                restart.sameId() ? workerId + " again" : "a new one");
    }

    private void startLater(String workerId, Restart restart) {
        after(restart.after(), () -> {
            Fleet.Member started = restart.sameId() ? fleet.start(workerId) : fleet.startNew();
            findings.note("started " + started);
        });
    }

    private void fault(SinkFault fault) throws IOException, InterruptedException {
        String what = fault.sink().label() + " " + fault.how().text();
        findings.note(String.format(
                Locale.ROOT,
                "%s, %.0f %% of the calls, for %.1f s",
                what,
                fault.share() * 100,
                fault.length().toMillis() / 1e3));
        faults.begin(fault);
        after(fault.length(), () -> {
            faults.end(fault);
            findings.note("over: " + what);
        });
    }

    private void reshard(int shards) throws InterruptedException {
        long deadline = System.nanoTime() + WORKERS_WITHIN.toNanos();
        findings.note("reshard to " + shards + " shards");
        while (true) {
            try {
                Calls.await(
                        clients.kinesis()
                                .updateShardCount(r -> r.streamName(stream)
                                        .targetShardCount(shards)
                                        .scalingType(ScalingType.UNIFORM_SCALING)),
                        ANSWER_WITHIN);
                return;
            } catch (ResourceInUseException e) {
                // The one before is still under way.
                if (System.nanoTime() > deadline) {
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            }
        }
    }

    /** Returns when the stream is done with its last change. */
    void awaitStream() throws InterruptedException {
        long deadline = System.nanoTime() + WORKERS_WITHIN.toNanos();
        while (Calls.await(clients.kinesis().describeStreamSummary(r -> r.streamName(stream)), ANSWER_WITHIN)
                        .streamDescriptionSummary()
                        .streamStatus()
                != StreamStatus.ACTIVE) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        "stream " + stream + " is not active after " + WORKERS_WITHIN.toSeconds() + " s");
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    private interface Step {
        void run() throws IOException, InterruptedException;
    }

    private void after(Duration pause, Step step) {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        pending.add(ended);
        var unused = later.schedule(
                () -> {
                    try {
                        step.run();
                        ended.complete(null);
                    } catch (IOException | InterruptedException | RuntimeException e) {
                        ended.completeExceptionally(e);
                    }
                },
                pause.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        var unused = later.shutdownNow();
    }
}
