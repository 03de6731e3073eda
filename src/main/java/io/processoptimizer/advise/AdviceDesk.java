package io.processoptimizer.advise;

import io.processoptimizer.emit.AdviceOutputs;

/**
 * The way of advice out of the core: settles what comes of a request, and hands over the record of it and then the adjustment that
 * rests on it. One that asks models does so later and elsewhere; nobody waits for it.
 */
@FunctionalInterface
public interface AdviceDesk {
    /** Takes the next request; called on the thread that owns the shard. */
    void take(AdviceRequest request);

    /** A desk that asks nobody and settles at once. */
    static AdviceDesk unaided(AdviceOutputs outputs, AdjustmentPolicy policy) {
        return request -> {
            outputs.advice(request.unaided());
            policy.decide(request, request.unaided()).ifPresent(outputs::adjustment);
        };
    }
}
