package io.processoptimizer.cli;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * SIGTERM and Ctrl-C. Java ends a process at once on either, with a code that says killed; so a hook holds the end up while the run
 * finishes, within a bound, and then ends the process with the code of the run: a stop that was asked for is no failure where it came out clean.
 */
final class StopSignal {
    /** Beyond the budget of the worker: closing clients and the embedded AWS. */
    private static final Duration REST = Duration.ofSeconds(4);

    private final CompletableFuture<Void> received = new CompletableFuture<>();
    private final CountDownLatch finished = new CountDownLatch(1);
    private final Thread hook;
    private volatile ExitCode outcome = ExitCode.DONE;

    StopSignal(Duration budget) {
        hook = new Thread(() -> hold(budget.plus(REST)), "stop-signal");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void hold(Duration within) {
        received.complete(null);
        int code = ExitCode.AWS_FAILED.code();
        try {
            if (finished.await(within.toMillis(), TimeUnit.MILLISECONDS)) {
                code = outcome.code();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(code);
    }

    /** Completed when the process was asked to end. */
    CompletableFuture<Void> received() {
        return received;
    }

    /** The run has ended, by a signal or by itself; after a signal, the process ends with its outcome. */
    void finished(ExitCode code) {
        outcome = code;
        finished.countDown();
        if (!received.isDone()) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // A signal came this very moment: the hook sees that the run is finished.
                return;
            }
        }
    }
}
