package io.processoptimizer.kinesis;

import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.checkpoint.Claim;
import io.processoptimizer.checkpoint.FencedException;
import io.processoptimizer.event.RecordPosition;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DisputesTest {
    private final MemorySnapshotStore store = new MemorySnapshotStore();
    private final OneLease lease = new OneLease();
    private final Map<String, Throwable> failures = new HashMap<>();
    private final Disputes disputes = new Disputes("me", lease, store, failures::put);

    /** As KCL makes the lease of a child anew, whose parent ends again after a rewind. */
    @Test
    void aLeaseThatWasMadeAnewIsLiftedAboveTheEpochOfItsState() throws FencedException {
        store.claim("s", new Claim("other", 900));
        lease.counter = 3;
        disputes.heldByLater("s");
        assertThat(failures).isEmpty();
        assertThat(lease.givenBack).containsExactly("s");
        assertThat(lease.counter).isEqualTo(901);
    }

    /** The operator's command lifts the lease a moment later; where the lease table was lost before, nobody does. */
    @Test
    void whatAnOperatorHoldsIsWaitedForUnlessTheLeaseWasMadeAnew() throws FencedException {
        store.claim("s", new Claim("recover:x1", 9));
        lease.counter = 3;
        disputes.heldByLater("s");
        assertThat(lease.counter).isEqualTo(3);
        store.claim("t", new Claim("recover:x1", 900));
        disputes.heldByLater("t");
        assertThat(lease.counter).isEqualTo(901);
        assertThat(lease.givenBack).containsExactly("s", "t");
        assertThat(failures).isEmpty();
    }

    @Test
    void aLeaseThatHasChangedHandsMeanwhileIsTakenAnew() throws FencedException {
        store.claim("s", new Claim("other", 5));
        lease.counter = 5;
        disputes.heldByLater("s");
        assertThat(failures).isEmpty();
        assertThat(lease.givenBack).containsExactly("s");
    }

    @Test
    void aStoreThatDoesNotAnswerIsNoReasonToStop() {
        store.unreachable = true;
        disputes.heldByLater("s");
        disputes.fenced("s", new Claim("me", 5));
        assertThat(failures).isEmpty();
        assertThat(lease.givenBack).containsExactly("s", "s");
    }

    @Test
    void whatALaterTenureOfOursHoldsIsLeftToIt() throws FencedException {
        store.claim("s", new Claim("me", 9));
        disputes.fenced("s", new Claim("me", 5));
        assertThat(lease.givenBack).isEmpty();
        disputes.fenced("s", new Claim("me", 9));
        assertThat(lease.givenBack).containsExactly("s");
    }

    private static final class OneLease implements Leases {
        final List<String> givenBack = new ArrayList<>();
        long counter;

        @Override
        public @Nullable ShardLease lease(String shardId) {
            return new ShardLease(
                    shardId,
                    "me",
                    counter,
                    "TRIM_HORIZON",
                    List.of(),
                    List.of(),
                    BigInteger.ZERO,
                    ShardLease.MAX_HASH_KEY);
        }

        @Override
        public boolean giveBack(String shardId, String workerId) {
            return givenBack.add(shardId);
        }

        @Override
        public boolean giveBackAbove(String shardId, String workerId, long epoch) {
            counter = epoch + 1;
            return giveBack(shardId, workerId);
        }

        @Override
        public boolean rewind(String shardId, String workerId, @Nullable RecordPosition position) {
            return false;
        }
    }
}
