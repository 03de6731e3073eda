package io.processoptimizer.doctor;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;

/** Runs checks side by side, each within its bound, and keeps their order. */
public final class Examination {
    private Examination() {}

    /**
     * Something to look at.
     *
     * @param name what it is called where it says nothing itself
     * @param within the longest it may take
     * @param work what finds out
     */
    public record Check(String name, Duration within, Work work) {}

    /** Finds something out. */
    @FunctionalInterface
    public interface Work {
        List<Finding> look() throws InterruptedException, IOException;
    }

    /**
     * Looks at everything.
     *
     * @param failed makes a finding of a check's name and what it threw
     * @return findings in the order of the checks
     */
    public static List<Finding> of(List<Check> checks, BiFunction<String, Throwable, Finding> failed)
            throws InterruptedException {
        ExecutorService workers = Executors.newFixedThreadPool(checks.size(), task -> {
            Thread thread = new Thread(task, "doctor");
            thread.setDaemon(true);
            return thread;
        });
        try {
            long start = System.nanoTime();
            List<Future<List<Finding>>> looks = new ArrayList<>();
            checks.forEach(check -> looks.add(workers.submit(check.work()::look)));
            List<Finding> findings = new ArrayList<>();
            for (int i = 0; i < checks.size(); i++) {
                findings.addAll(await(checks.get(i), looks.get(i), start, failed));
            }
            return findings;
        } finally {
            workers.shutdownNow();
        }
    }

    private static List<Finding> await(
            Check check, Future<List<Finding>> look, long startNanos, BiFunction<String, Throwable, Finding> failed)
            throws InterruptedException {
        long left = check.within().toNanos() - (System.nanoTime() - startNanos);
        try {
            return look.get(Math.max(1, left), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            look.cancel(true);
            return List.of(Finding.failed(
                    check.name(),
                    "no answer within " + check.within().toSeconds() + " s",
                    "run doctor again; if it stays, check the network and aws.endpoint"));
        } catch (ExecutionException e) {
            return List.of(failed.apply(check.name(), e.getCause() == null ? e : e.getCause()));
        }
    }
}
