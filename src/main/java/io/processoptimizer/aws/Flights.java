package io.processoptimizer.aws;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Calls of which only so many are under way at a time; the others wait in their order. Who calls bounds how many there are. */
final class Flights {
    private final int most;
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private int underWay;
    private boolean starting;

    Flights(int most) {
        this.most = most;
    }

    <T> CompletableFuture<T> run(Supplier<CompletableFuture<T>> call) {
        CompletableFuture<T> done = new CompletableFuture<>();
        synchronized (this) {
            waiting.addLast(() -> start(call, done));
        }
        startWaiting();
        return done;
    }

    /** One thread at a time: a call that ends at once must not start the next one from within, thousands deep. */
    private void startWaiting() {
        synchronized (this) {
            if (starting) {
                return;
            }
            starting = true;
        }
        for (Runnable next = poll(); next != null; next = poll()) {
            next.run();
        }
    }

    /** Null where nothing may start, which ends the starting: whoever makes room or waits afterwards begins it anew. */
    private synchronized @Nullable Runnable poll() {
        if (underWay >= most || waiting.isEmpty()) {
            starting = false;
            return null;
        }
        underWay++;
        return waiting.removeFirst();
    }

    private <T> void start(Supplier<CompletableFuture<T>> call, CompletableFuture<T> done) {
        CompletableFuture<T> flight;
        try {
            flight = call.get();
        } catch (RuntimeException e) {
            flight = CompletableFuture.failedFuture(e);
        }
        CompletableFuture<?> unused = flight.whenComplete((answer, failure) -> {
            synchronized (this) {
                underWay--;
            }
            if (failure == null) {
                done.complete(answer);
            } else {
                done.completeExceptionally(failure);
            }
            startWaiting();
        });
    }
}
