package io.processoptimizer.replay;

import java.util.concurrent.atomic.AtomicLong;

/** What the shards of a recording share: how many records may still be taken, and how much memory their lines use. */
final class RecordQuota {
    /** Lines that wait for the disk, over all shards: then each shard writes after every fetch. */
    private static final long MAX_MEMORY_BYTES = 64L << 20;

    private final AtomicLong recordsLeft;
    private final AtomicLong memoryBytes = new AtomicLong();

    /** @param recordsLeft ≥ 0 */
    RecordQuota(long recordsLeft) {
        this.recordsLeft = new AtomicLong(recordsLeft);
    }

    /** @return false where no more may be taken */
    boolean takeRecord() {
        return recordsLeft.getAndUpdate(left -> left == 0 ? 0 : left - 1) > 0;
    }

    boolean isUsedUp() {
        return recordsLeft.get() == 0;
    }

    void addMemory(long bytes) {
        memoryBytes.addAndGet(bytes);
    }

    boolean isMemoryFull() {
        return memoryBytes.get() > MAX_MEMORY_BYTES;
    }
}
