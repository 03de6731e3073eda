package io.processoptimizer.local.faults;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Requests that wait, without a thread: for their time, for the end of all faults, or until their client has gone, whichever comes
 * first. Thread safe.
 */
final class Waits {
    /** More than any client keeps open. */
    private static final int MAX = 10_000;

    private final Set<Wait> open = new HashSet<>();

    /**
     * @param millis how long at most; null: until {@link #endAll}
     * @param then what becomes of the request after, on a thread of the server; not run where its client has gone
     * @return false where too many wait already, and nothing was done
     */
    boolean add(Request request, Callback callback, @Nullable Long millis, Runnable then) {
        Wait wait = new Wait(request, then);
        synchronized (open) {
            if (open.size() >= MAX) {
                return false;
            }
            open.add(wait);
            if (millis != null) {
                Scheduler scheduler = request.getComponents().getScheduler();
                wait.timer = scheduler.schedule(() -> end(wait), millis, TimeUnit.MILLISECONDS);
            }
        }
        // Waiting is what it is here for: that nothing goes over its connection is no reason to close it.
        request.addIdleTimeoutListener(timeout -> false);
        request.addFailureListener(gone -> {
            if (remove(wait)) {
                callback.failed(gone);
            }
        });
        return true;
    }

    int count() {
        synchronized (open) {
            return open.size();
        }
    }

    void endAll() {
        List<Wait> all;
        synchronized (open) {
            all = new ArrayList<>(open);
        }
        all.forEach(this::end);
    }

    private void end(Wait wait) {
        if (remove(wait)) {
            wait.request.getComponents().getExecutor().execute(wait.then);
        }
    }

    /** @return whether it waited until now, so that the caller alone has to do with it */
    private boolean remove(Wait wait) {
        synchronized (open) {
            if (wait.timer != null) {
                wait.timer.cancel();
            }
            return open.remove(wait);
        }
    }

    private static final class Wait {
        private final Request request;
        private final Runnable then;
        private Scheduler.@Nullable Task timer;

        Wait(Request request, Runnable then) {
            this.request = request;
            this.then = then;
        }
    }
}
