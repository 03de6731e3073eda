package io.processoptimizer.replay;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * START HERE. Drives the pipeline over recorded records:
 *
 * <pre>
 * {@link RecordSource} ─► {@link RecordBlock} ─► {@link ReplayWorker} (by process) ─► {@link SpillSorter} ─► {@link MergePass} ─► files, comparison, report
 * </pre>
 *
 * <p>With one thread everything happens on the caller's. With more, the caller reads and the workers compute, each the records of its
 * own processes in the order of the input; since a result depends on its own process only, the outputs are the same to the byte.
 */
public final class Replayer implements Closeable {
    /** Memory of all sorters together: beyond it outputs go to the disk. */
    private static final int SORT_BYTES = 16 << 20;

    /** Blocks that may wait for each worker: enough that neither side stops for the other's hiccups. */
    private static final int QUEUE_BLOCKS = 2;

    /** A worker that failed is noticed by the reader within this. */
    private static final long POLL_MILLIS = 100;

    private final ReplayPlan plan;
    private final List<SpillSorter> sorters = new ArrayList<>();
    private final List<ReplayWorker> workers = new ArrayList<>();
    private final ReplayTotals totals = new ReplayTotals();

    public Replayer(ReplayPlan plan) {
        this.plan = plan;
        for (int i = 0; i < plan.threads(); i++) {
            SpillSorter sorter = new SpillSorter(plan.spillDirectory(), SORT_BYTES / plan.threads());
            sorters.add(sorter);
            workers.add(new ReplayWorker(i, plan, sorter));
        }
    }

    /** Told now and then how far the input is read; on the reading thread. */
    public interface Progress {
        Progress NONE = (records, fraction) -> {};

        /** @param fraction 0 … 1, or NaN where the input's length is not known */
        void read(long records, double fraction);

        /** All is read; the outputs are put in order and written. */
        default void sorting() {}

        /** Everything is written. */
        default void done() {}
    }

    /**
     * Takes all records of the source. To be called once.
     *
     * @throws IOException where the input cannot be read or the outputs cannot wait on the disk
     */
    public void run(RecordSource source, Progress progress) throws IOException, InterruptedException {
        try {
            if (plan.threads() == 1) {
                runHere(source, progress);
            } else {
                runOnWorkers(source, progress);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        totals.input(source);
        for (ReplayWorker worker : workers) {
            totals.add(worker);
        }
    }

    private void runHere(RecordSource source, Progress progress) throws IOException, InterruptedException {
        RecordBlock block = new RecordBlock(new RecordBlock.Spare());
        ReplayWorker worker = workers.get(0);
        long records = 0;
        for (block.clear(); source.fill(block); block.clear()) {
            block.assignTo(1);
            worker.take(block);
            records += block.count();
            progress.read(records, source.progress());
        }
        worker.end();
    }

    private void runOnWorkers(RecordSource source, Progress progress) throws IOException, InterruptedException {
        List<WorkerThread> threads = new ArrayList<>();
        int blocks = QUEUE_BLOCKS + 1;
        RecordBlock.Spare spare = new RecordBlock.Spare();
        BlockingQueue<SharedBlock> free = new ArrayBlockingQueue<>(blocks);
        for (int i = 0; i < blocks; i++) {
            free.add(new SharedBlock(new RecordBlock(spare)));
        }
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        for (ReplayWorker worker : workers) {
            threads.add(new WorkerThread(worker, free, failure));
        }
        threads.forEach(Thread::start);
        try {
            long records = 0;
            while (true) {
                SharedBlock shared = take(free, failure);
                shared.block.clear();
                if (!source.fill(shared.block)) {
                    break;
                }
                shared.block.assignTo(threads.size());
                records += shared.block.count();
                shared.users.set(threads.size());
                for (WorkerThread thread : threads) {
                    thread.queue.add(shared);
                }
                progress.read(records, source.progress());
            }
            for (WorkerThread thread : threads) {
                thread.queue.add(SharedBlock.END);
            }
            for (WorkerThread thread : threads) {
                thread.join();
            }
        } finally {
            threads.forEach(Thread::interrupt);
        }
        check(failure);
    }

    private static SharedBlock take(BlockingQueue<SharedBlock> free, AtomicReference<@Nullable Throwable> failure)
            throws InterruptedException {
        while (true) {
            SharedBlock block = free.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
            check(failure);
            if (block != null) {
                return block;
            }
        }
    }

    private static void check(AtomicReference<@Nullable Throwable> failure) {
        Throwable failed = failure.get();
        if (failed instanceof UncheckedIOException io) {
            throw io;
        }
        if (failed != null) {
            throw new IllegalStateException("a worker of the replay failed: " + failed, failed);
        }
    }

    /** A block and how many workers have still to take it. */
    private static final class SharedBlock {
        static final SharedBlock END = new SharedBlock(RecordBlock.none());

        final RecordBlock block;
        final AtomicInteger users = new AtomicInteger();

        SharedBlock(RecordBlock block) {
            this.block = block;
        }
    }

    private static final class WorkerThread extends Thread {
        final BlockingQueue<SharedBlock> queue = new ArrayBlockingQueue<>(QUEUE_BLOCKS + 2);
        private final ReplayWorker worker;
        private final BlockingQueue<SharedBlock> free;
        private final AtomicReference<@Nullable Throwable> failure;

        WorkerThread(
                ReplayWorker worker, BlockingQueue<SharedBlock> free, AtomicReference<@Nullable Throwable> failure) {
            super("replay-worker");
            setDaemon(true);
            this.worker = worker;
            this.free = free;
            this.failure = failure;
        }

        @Override
        public void run() {
            try {
                for (SharedBlock next = queue.take(); next != SharedBlock.END; next = queue.take()) {
                    worker.take(next.block);
                    if (next.users.decrementAndGet() == 0) {
                        free.add(next);
                    }
                }
                worker.end();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException | Error e) {
                failure.compareAndSet(null, e);
            }
        }
    }

    /** What became of the records. */
    public ReplayTotals totals() {
        return totals;
    }

    /** Hands all outputs over in their order: by process, and the dead letters by where they stood in the input. */
    public void outputsTo(MergePass pass) throws IOException {
        SpillSorter.merge(sorters, pass);
        pass.end();
    }

    /** Deletes what waited on the disk. */
    @Override
    public void close() throws IOException {
        for (SpillSorter sorter : sorters) {
            sorter.close();
        }
        Files.deleteIfExists(plan.spillDirectory());
    }
}
