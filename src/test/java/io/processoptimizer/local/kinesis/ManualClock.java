package io.processoptimizer.local.kinesis;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that moves when told. */
final class ManualClock implements InstantSource {
    private final AtomicLong millis = new AtomicLong(1_767_225_600_000L);

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis.get());
    }

    void advance(Duration duration) {
        millis.addAndGet(duration.toMillis());
    }
}
