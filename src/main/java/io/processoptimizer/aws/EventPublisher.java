package io.processoptimizer.aws;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.eventbridge.EventBridgeAsyncClient;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResponse;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResultEntry;

/**
 * Publishes events in calls of up to ten. One call is under way at a time; what comes meanwhile goes with the next. Each event has an
 * answer of its own, since a call may take some and refuse others; retrying is the caller's.
 */
final class EventPublisher {
    /** What one PutEvents takes. */
    static final int MAX_BATCH = 10;

    private final EventBridgeAsyncClient events;
    private final Target target;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private boolean sending;

    /** The bus, and what the events are called on it. */
    record Target(String bus, String source, String detailType) {}

    private record Waiting(PutEventsRequestEntry entry, CompletableFuture<Void> taken) {}

    /** The waiting are as many as callers have writes under way, which is bounded there. */
    EventPublisher(EventBridgeAsyncClient events, Target target) {
        this.events = events;
        this.target = target;
    }

    /** Completed when EventBridge has taken the event; failed where it did not. */
    CompletableFuture<Void> publish(String detail, Instant time, String resource) {
        PutEventsRequestEntry entry = PutEventsRequestEntry.builder()
                .eventBusName(target.bus())
                .source(target.source())
                .detailType(target.detailType())
                .time(time)
                .resources(resource)
                .detail(detail)
                .build();
        Waiting event = new Waiting(entry, new CompletableFuture<>());
        synchronized (this) {
            waiting.addLast(event);
        }
        sendNext();
        return event.taken();
    }

    private void sendNext() {
        List<Waiting> batch = new ArrayList<>(MAX_BATCH);
        synchronized (this) {
            if (sending || waiting.isEmpty()) {
                return;
            }
            sending = true;
            while (!waiting.isEmpty() && batch.size() < MAX_BATCH) {
                batch.add(waiting.removeFirst());
            }
        }
        CompletableFuture<PutEventsResponse> call;
        try {
            call = events.putEvents(
                    r -> r.entries(batch.stream().map(Waiting::entry).toList()));
        } catch (RuntimeException e) {
            call = CompletableFuture.failedFuture(e);
        }
        CompletableFuture<?> unused = call.whenComplete((answer, failure) -> {
            synchronized (this) {
                sending = false;
            }
            settle(batch, answer, failure);
            sendNext();
        });
    }

    private static void settle(List<Waiting> batch, @Nullable PutEventsResponse answer, @Nullable Throwable failure) {
        for (int i = 0; i < batch.size(); i++) {
            CompletableFuture<Void> taken = batch.get(i).taken();
            if (answer == null) {
                taken.completeExceptionally(failure == null ? new IOException("EventBridge gave no answer") : failure);
                continue;
            }
            PutEventsResultEntry result = answer.entries().get(i);
            if (result.errorCode() == null) {
                taken.complete(null);
            } else {
                taken.completeExceptionally(new IOException(
                        "EventBridge refused an event: " + result.errorCode() + ": " + result.errorMessage()));
            }
        }
    }
}
