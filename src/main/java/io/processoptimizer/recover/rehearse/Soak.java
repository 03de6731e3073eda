package io.processoptimizer.recover.rehearse;

import io.processoptimizer.aws.PointerTable;
import io.processoptimizer.checkpoint.SavepointPolicy;
import io.processoptimizer.recover.Standings;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.core.exception.SdkException;

/** Load for a long time and a kill -9 after each interval, before which is measured what must not grow. */
final class Soak {
    /** How often is asked how far the states are behind. */
    private static final Duration LOOK_EVERY = Duration.ofSeconds(5);

    /**
     * When all processes close a window in the same second, their results are on the heap until they are written: four times of what
     * stays was seen. Between two such moments lie 30 s at most, at a factor of 2 and more.
     */
    private static final int COLLECTIONS = 6;

    private final SoakPlan plan;
    private final Fleet fleet;
    private final Duration stopWithin;
    private final Findings findings;
    private final Rehearsal.View view;
    private final Standings standings;
    private final FullCollection collection = new FullCollection();

    Soak(
            SoakPlan plan,
            Fleet fleet,
            Duration stopWithin,
            Findings findings,
            Rehearsal.Parts parts,
            Rehearsal.View view) {
        this.plan = plan;
        this.fleet = fleet;
        this.stopWithin = stopWithin;
        this.findings = findings;
        this.view = view;
        standings = new Standings(
                parts.configuration().settings(),
                parts.clients(),
                PointerTable.withStates(
                        parts.clients().dynamo(),
                        parts.stage().tables().state(),
                        SavepointPolicy.DEFAULT,
                        parts.clock()),
                parts.clock());
    }

    /** Runs all of it, while the feed sends. */
    List<SoakSample> run(Feed feed) throws IOException, InterruptedException {
        List<SoakSample> samples = new ArrayList<>();
        findings.note(SoakSample.heading());
        long begun = System.nanoTime();
        long before = feed.records();
        long beganNanos = begun;
        long intervals = plan.length().toNanos() / plan.killEvery().toNanos();
        for (int interval = 1; interval <= intervals; interval++) {
            long end = begun + interval * plan.killEvery().toNanos();
            long longest = 0;
            Map<Fleet.Member, Long> least = new HashMap<>();
            for (int left = COLLECTIONS - 1; left >= 0; left--) {
                longest = Math.max(longest, watch(end - LOOK_EVERY.toNanos() * left, begun, feed));
                collect(least);
            }
            long now = System.nanoTime();
            long records = feed.records();
            long behind = behindMillis();
            SoakSample sample = new SoakSample(
                    Duration.ofNanos(now - begun),
                    records,
                    (records - before) / ((now - beganNanos) / 1e9),
                    Math.max(longest, behind),
                    behind,
                    least.values().stream().mapToLong(Long::longValue).sum());
            before = records;
            beganNanos = now;
            samples.add(sample);
            findings.note(sample.row());
            if (interval < intervals) {
                kill(interval);
            }
        }
        findings.note(SoakSample.heapText(samples, plan.steadyAfter()));
        SoakSample.problems(samples, plan.steadyAfter()).forEach(findings::found);
        return samples;
    }

    /** @return the longest that a state was behind meanwhile, ms */
    private long watch(long untilNanos, long begun, Feed feed) throws InterruptedException {
        long longest = 0;
        while (true) {
            long left = untilNanos - System.nanoTime();
            if (left <= 0) {
                return longest;
            }
            TimeUnit.NANOSECONDS.sleep(Math.min(left, LOOK_EVERY.toNanos()));
            long behind = behindMillis();
            longest = Math.max(longest, behind);
            Duration since = Duration.ofNanos(System.nanoTime() - begun);
            view.progress(String.format(
                    Locale.ROOT,
                    "%d:%02d of %d min, %d workers run, %,d records sent, states at most %.1f s behind",
                    since.toMinutes(),
                    since.toSecondsPart(),
                    plan.length().toMinutes(),
                    fleet.running().size(),
                    feed.records(),
                    behind / 1e3));
        }
    }

    /** 0 where nothing is known of it yet. */
    private long behindMillis() throws InterruptedException {
        try {
            Long behind = standings.look(new Standings.Look(0, watched -> {})).longestBehindMillis();
            return behind == null ? 0 : behind;
        } catch (SdkException | IllegalStateException e) {
            findings.note("how far the states are behind is not known at the moment: " + e.getMessage());
            return 0;
        }
    }

    /** Keeps the least of each worker: what stays. */
    private void collect(Map<Fleet.Member, Long> least) throws IOException, InterruptedException {
        for (Fleet.Member worker : fleet.running()) {
            least.merge(worker, collection.heapBytes(worker.pid()), Math::min);
        }
    }

    /** One after the other; its supervisor starts it again under its id. */
    private void kill(int interval) throws IOException, InterruptedException {
        List<Fleet.Member> running = fleet.running();
        if (running.isEmpty()) {
            throw new IOException("no worker runs any more; see the journal");
        }
        // The one that was started first has run longest: each comes in turn.
        Fleet.Member worker = running.get(0);
        worker.kill();
        int unused = worker.awaitEnd(stopWithin);
        Fleet.Member again = fleet.start(worker.workerId());
        findings.note("kill -9 number " + interval + ", of " + worker + "; started again as " + again);
    }
}
