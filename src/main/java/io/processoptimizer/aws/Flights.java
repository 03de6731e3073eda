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

    private void startWaiting() {
        for (Runnable next = poll(); next != null; next = poll()) {
            next.run();
        }
    }

    private synchronized @Nullable Runnable poll() {
        if (underWay >= most || waiting.isEmpty()) {
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
