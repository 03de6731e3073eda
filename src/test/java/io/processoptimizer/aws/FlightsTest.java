package io.processoptimizer.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FlightsTest {
    @Test
    void anyNumberThatIsNoLongerWantedMakesRoomAtOnce() {
        Flights flights = new Flights(1);
        CompletableFuture<String> hanging = new CompletableFuture<>();
        CompletableFuture<String> first = flights.run(() -> hanging);
        List<CompletableFuture<String>> others = IntStream.range(0, 100_000)
                .mapToObj(i ->
                        flights.<String>run(() -> CompletableFuture.failedFuture(new IllegalStateException("settled"))))
                .toList();

        hanging.complete("late");

        assertThat(first).isCompletedWithValue("late");
        assertThat(others).allMatch(CompletableFuture::isCompletedExceptionally);
        assertThat(flights.run(() -> CompletableFuture.completedFuture("next"))).isCompletedWithValue("next");
    }

    @Test
    void oneMoreThanMayBeUnderWayWaitsForItsTurn() {
        Flights flights = new Flights(1);
        CompletableFuture<String> hanging = new CompletableFuture<>();
        CompletableFuture<String> first = flights.run(() -> hanging);
        CompletableFuture<String> second = flights.run(() -> CompletableFuture.completedFuture("second"));
        assertThat(second).isNotDone();

        hanging.completeExceptionally(new IllegalStateException("failed"));
        assertThat(first).isCompletedExceptionally();
        assertThat(second).isCompletedWithValue("second");
    }
}
