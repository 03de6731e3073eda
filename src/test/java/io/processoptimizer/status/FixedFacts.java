package io.processoptimizer.status;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A worker that says what a test wants. */
final class FixedFacts implements WorkerFacts {
    volatile Health health = new Health(true, Health.Phase.RUNNING, List.of(), List.of());
    volatile boolean isHolding = true;

    @Override
    public String workerId() {
        return "worker-1";
    }

    @Override
    public Health health() {
        return health;
    }

    @Override
    public List<ShardFacts> shards() {
        long now = System.currentTimeMillis();
        return isHolding
                ? List.of(new ShardFacts("shardId-000000000000", "worker-1", 77, 1_500, now - 300, now - 20_000))
                : List.of();
    }

    @Override
    public Definitions definitions() {
        return new Definitions(2, null);
    }

    @Override
    public long records() {
        return 77;
    }

    @Override
    public Outflow outflow() {
        return new Outflow(3, 10_000, 0);
    }

    @Override
    public @Nullable Spending spending() {
        return new Spending("embedded-rules", 12, 1_000, 45_000, 2_000_000);
    }
}
