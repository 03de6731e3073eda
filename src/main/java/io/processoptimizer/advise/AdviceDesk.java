package io.processoptimizer.advise;

import io.processoptimizer.emit.AdviceOutputs;
import io.processoptimizer.emit.AdviceRecord;
import io.processoptimizer.emit.Effect;
import java.util.function.Function;

/**
 * The way of advice out of the core: settles what comes of a request, and hands over the record of it and then the adjustment that
 * rests on it. One that asks models does so later and elsewhere; nobody waits for it.
 */
public interface AdviceDesk {
    /** Takes the next request; called on the thread that owns the shard. */
    void take(AdviceRequest request);

    /** Takes how a process did after an earlier request; called on the thread that owns the shard. */
    void take(Effect effect);

    /** A desk that asks nobody and settles at once. */
    static AdviceDesk unaided(AdviceOutputs outputs, AdjustmentPolicy policy) {
        return settling(AdviceRequest::unaided, outputs, policy);
    }

    /**
     * A desk that settles at once.
     *
     * @param answer what is recorded of a request
     */
    static AdviceDesk settling(
            Function<AdviceRequest, AdviceRecord> answer, AdviceOutputs outputs, AdjustmentPolicy policy) {
        return new AdviceDesk() {
            @Override
            public void take(AdviceRequest request) {
                AdviceRecord record = answer.apply(request);
                outputs.advice(record);
                policy.decide(request, record).ifPresent(outputs::adjustment);
            }

            @Override
            public void take(Effect effect) {
                outputs.effect(effect);
            }
        };
    }
}
