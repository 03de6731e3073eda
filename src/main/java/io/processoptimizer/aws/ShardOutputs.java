package io.processoptimizer.aws;

import io.processoptimizer.advise.AdviceDesk;
import io.processoptimizer.advise.AdviceRequest;
import io.processoptimizer.emit.AdviceOutputs;
import io.processoptimizer.emit.DeadLetter;
import io.processoptimizer.emit.Effect;
import io.processoptimizer.emit.ResultOutputs;
import io.processoptimizer.emit.WindowResult;
import io.processoptimizer.window.WindowFacts;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The outputs of one shard on their way to the tables. Called on the shard's processing thread, and blocks there while the queue of
 * writes is full.
 */
public final class ShardOutputs implements ResultOutputs, AdviceDesk {
    private final OutputTables tables;
    private final AdviceOutputs watcher;

    /** Writes under way by their number; bounded by the queue of writes and by the requests that may be unsettled. */
    private final Map<Long, CompletableFuture<?>> pending = new ConcurrentHashMap<>();

    private static final CompletableFuture<?> DONE = CompletableFuture.completedFuture(null);

    /**
     * Of those, what was asked about each process. A question waits for those before it, since a parameter that they changed rests; and
     * an effect, since there may be no adjustment before.
     */
    private final Map<String, CompletableFuture<?>> advised = new ConcurrentHashMap<>();

    private long writes;
    private boolean repeated;

    private volatile @Nullable Throwable failed;

    ShardOutputs(OutputTables tables, AdviceOutputs watcher) {
        this.tables = tables;
        this.watcher = watcher;
    }

    private interface Hand {
        CompletableFuture<?> over() throws InterruptedException;
    }

    @Override
    public void result(WindowResult result, WindowFacts facts) {
        boolean measured = !repeated;
        CompletableFuture<?> unused = track(() -> tables.write(result, measured));
    }

    @Override
    public void take(AdviceRequest request) {
        if (!request.wantsAdvice()) {
            CompletableFuture<?> unused = track(() -> tables.settle(request, DONE, watcher));
            return;
        }
        String process = request.result().processId();
        CompletableFuture<?> before = advised.getOrDefault(process, DONE);
        CompletableFuture<?> settled = track(() -> tables.settle(request, before, watcher));
        CompletableFuture<?> all = CompletableFuture.allOf(before, settled);
        advised.put(process, all);
        CompletableFuture<?> unused = all.whenComplete((done, failure) -> advised.remove(process, all));
    }

    @Override
    public void take(Effect effect) {
        CompletableFuture<?> decided = advised.getOrDefault(effect.processId(), DONE);
        CompletableFuture<?> unused = track(() -> tables.settle(effect, decided, watcher));
    }

    @Override
    public void deadLetter(DeadLetter letter) {
        CompletableFuture<?> unused = track(() -> tables.write(letter));
    }

    /** A silence is shown live; the tables say it by the absence of windows. */
    @Override
    public void gap(String processId, long fromMillis) {}

    /** A metric has no rank: a second one for the same minute would be added to the first. */
    @Override
    public void repeated(boolean isRepeated) {
        repeated = isRepeated;
    }

    private CompletableFuture<?> track(Hand hand) {
        CompletableFuture<?> write;
        try {
            write = hand.over();
        } catch (InterruptedException e) {
            throw new InterruptedOutputException(e);
        }
        long number = writes++;
        pending.put(number, write);
        CompletableFuture<?> unused = write.whenComplete((done, failure) -> {
            if (failure != null) {
                failed = failure;
            }
            pending.remove(number);
        });
        return write;
    }

    /** Completed when all outputs so far are durable; failed where one of them, however long ago, never will be. */
    public CompletableFuture<Void> acknowledged() {
        CompletableFuture<Void> all = CompletableFuture.allOf(pending.values().toArray(CompletableFuture[]::new));
        // What failed before is no longer pending, so it is looked at afterwards.
        return all.thenCompose(done -> {
            Throwable failure = failed;
            return failure == null ? CompletableFuture.completedFuture(null) : CompletableFuture.failedFuture(failure);
        });
    }
}
