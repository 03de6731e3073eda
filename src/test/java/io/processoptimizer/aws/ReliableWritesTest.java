package io.processoptimizer.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

@Timeout(180)
class ReliableWritesTest {
    @Test
    void aWriteThatFailsForAWhileIsRepeatedUntilItSucceeds() throws Exception {
        try (ReliableWrites writes = new ReliableWrites(10)) {
            AtomicInteger attempts = new AtomicInteger();
            CompletableFuture<Void> done = writes.submit(
                    "item",
                    () -> attempts.incrementAndGet() < 4
                            ? CompletableFuture.failedFuture(SdkClientException.create("no connection"))
                            : CompletableFuture.completedFuture("ok"));
            done.get(60, TimeUnit.SECONDS);
            assertThat(attempts).hasValue(4);
            assertThat(writes.pending()).isZero();
        }
    }

    @Test
    void aWriteThatIsRefusedForWhatItIsFailsAtOnce() throws Exception {
        try (ReliableWrites writes = new ReliableWrites(10)) {
            AtomicInteger attempts = new AtomicInteger();
            CompletableFuture<Void> done = writes.submit("item", () -> {
                attempts.incrementAndGet();
                return CompletableFuture.failedFuture(refused("ValidationException"));
            });
            assertThatThrownBy(() -> done.get(60, TimeUnit.SECONDS)).hasRootCauseInstanceOf(DynamoDbException.class);
            assertThat(attempts).hasValue(1);
        }
    }

    @Test
    void aMissingTableOrPermissionIsWaitedFor() {
        assertThat(ReliableWrites.mayPass(refused("ResourceNotFoundException"))).isTrue();
        assertThat(ReliableWrites.mayPass(refused("AccessDeniedException"))).isTrue();
        assertThat(ReliableWrites.mayPass(new IllegalArgumentException("ours"))).isFalse();
    }

    @Test
    void whatFollowsTakesTurnsWithTheOthersAndIsNotHeldUpByAnyNumberOfThem() throws Exception {
        try (ReliableWrites writes = new ReliableWrites(1_000)) {
            List<CompletableFuture<String>> underWay = new ArrayList<>();
            for (int i = 0; i < ReliableWrites.MAX_IN_FLIGHT; i++) {
                CompletableFuture<String> call = new CompletableFuture<>();
                underWay.add(call);
                assertThat(writes.submit("under way", () -> call)).isNotDone();
            }
            List<String> begun = new ArrayList<>();
            for (String name : List.of("advice 1", "advice 2")) {
                assertThat(writes.submitToFollow(name, () -> begin(name, begun)))
                        .isNotDone();
            }
            for (String name : List.of("result 1", "result 2")) {
                assertThat(writes.submit(name, () -> begin(name, begun))).isNotDone();
            }
            assertThat(begun).isEmpty();
            underWay.get(0).complete("ok");
            assertThat(begun).containsExactly("advice 1", "result 1", "advice 2", "result 2");
            underWay.forEach(call -> call.complete("ok"));
            assertThat(writes.pending()).isZero();
        }
    }

    private static CompletableFuture<String> begin(String name, List<String> begun) {
        begun.add(name);
        return CompletableFuture.completedFuture("ok");
    }

    @Test
    void oneWriteMoreThanTheBoundWaitsForRoom() throws Exception {
        try (ReliableWrites writes = new ReliableWrites(2)) {
            List<CompletableFuture<String>> calls = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                CompletableFuture<String> call = new CompletableFuture<>();
                calls.add(call);
                assertThat(writes.submit("item", () -> call)).isNotDone();
            }
            CompletableFuture<Void> third = CompletableFuture.runAsync(() -> {
                try {
                    writes.submit("third", () -> CompletableFuture.completedFuture("ok"))
                            .join();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            Awaitility.await()
                    .during(200, TimeUnit.MILLISECONDS)
                    .atMost(60, TimeUnit.SECONDS)
                    .until(() -> !third.isDone());
            calls.get(0).complete("ok");
            third.get(60, TimeUnit.SECONDS);
            assertThat(writes.pending()).isEqualTo(1);
            calls.get(1).complete("ok");
        }
    }

    @Test
    void noMoreThanTheBoundAreInFlightAndAllAreMade() throws Exception {
        int count = 5 * ReliableWrites.MAX_IN_FLIGHT;
        AtomicInteger flying = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (ReliableWrites writes = new ReliableWrites(10 * count)) {
            List<CompletableFuture<Void>> done = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                done.add(writes.submit("item", () -> {
                    most.accumulateAndGet(flying.incrementAndGet(), Math::max);
                    return CompletableFuture.runAsync(
                            flying::decrementAndGet, CompletableFuture.delayedExecutor(2, TimeUnit.MILLISECONDS));
                }));
            }
            CompletableFuture.allOf(done.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
            assertThat(most.get()).isBetween(2, ReliableWrites.MAX_IN_FLIGHT);
        }
    }

    @Test
    void manyWritesThatSucceedAtOnceDoNotExhaustTheStack() throws Exception {
        try (ReliableWrites writes = new ReliableWrites(100_000)) {
            CompletableFuture<String> gate = new CompletableFuture<>();
            List<CompletableFuture<Void>> done = new ArrayList<>();
            for (int i = 0; i < ReliableWrites.MAX_IN_FLIGHT; i++) {
                done.add(writes.submit("blocked", () -> gate));
            }
            for (int i = 0; i < 50_000; i++) {
                done.add(writes.submit("item", () -> CompletableFuture.completedFuture("ok")));
            }
            gate.complete("go");
            CompletableFuture.allOf(done.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
        }
    }

    @Test
    void closingFailsWhatWaitsForARetry() throws Exception {
        ReliableWrites writes = new ReliableWrites(10);
        CompletableFuture<Void> done =
                writes.submit("item", () -> CompletableFuture.failedFuture(SdkClientException.create("down")));
        writes.close();
        assertThatThrownBy(() -> done.get(60, TimeUnit.SECONDS)).hasMessageContaining("shutting down");
    }

    private static DynamoDbException refused(String code) {
        return (DynamoDbException) DynamoDbException.builder()
                .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).build())
                .message(code)
                .build();
    }
}
