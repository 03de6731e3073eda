package io.processoptimizer.local.kinesis;

import java.util.concurrent.atomic.AtomicLong;

/** The bytes all records of the endpoint may take together. Thread safe. */
final class StorageBudget {
    private final long maxBytes;
    private final AtomicLong used = new AtomicLong();

    StorageBudget(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    boolean tryReserve(long bytes) {
        if (used.addAndGet(bytes) <= maxBytes) {
            return true;
        }
        used.addAndGet(-bytes);
        return false;
    }

    void release(long bytes) {
        used.addAndGet(-bytes);
    }

    long usedBytes() {
        return used.get();
    }

    long maxBytes() {
        return maxBytes;
    }
}
