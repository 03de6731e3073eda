package io.processoptimizer.status;

import io.processoptimizer.emit.Adjustment;
import io.processoptimizer.emit.AdviceRecord;
import io.processoptimizer.emit.Consultation;
import io.processoptimizer.emit.DeadLetter;
import io.processoptimizer.emit.Effect;
import io.processoptimizer.emit.Outputs;
import io.processoptimizer.emit.WindowResult;
import io.processoptimizer.event.RejectReason;
import io.processoptimizer.window.WindowFacts;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What has left a worker since it started, counted by kind. All keys are there from the start, so that a reader sees 0 and not nothing. */
public final class OutputCounts implements Outputs {
    /** Where advice comes from; {@link AdviceRecord.Given#source}. */
    private static final String[] SOURCES = {"rules", "bedrock", "fallback"};

    private final Map<RejectReason, LongAdder> refused = new EnumMap<>(RejectReason.class);
    private final Map<String, LongAdder> advice = adders(SOURCES);
    private final Map<AdviceRecord.Why, LongAdder> notAsked = new EnumMap<>(AdviceRecord.Why.class);
    private final Map<Consultation.Reason, LongAdder> fallbacks = new EnumMap<>(Consultation.Reason.class);
    private final Map<String, LongAdder> adjustments = adders(SOURCES);
    private final Map<Effect.Verdict, LongAdder> effects = new EnumMap<>(Effect.Verdict.class);
    private final LongAdder finals = new LongAdder();
    private final LongAdder revised = new LongAdder();
    private final LongAdder provisional = new LongAdder();
    private final LongAdder gaps = new LongAdder();

    public OutputCounts() {
        for (RejectReason reason : RejectReason.values()) {
            refused.put(reason, new LongAdder());
        }
        for (AdviceRecord.Why why : AdviceRecord.Why.values()) {
            notAsked.put(why, new LongAdder());
        }
        for (Consultation.Reason reason : Consultation.Reason.values()) {
            fallbacks.put(reason, new LongAdder());
        }
        for (Effect.Verdict verdict : Effect.Verdict.values()) {
            effects.put(verdict, new LongAdder());
        }
    }

    private static Map<String, LongAdder> adders(String... names) {
        Map<String, LongAdder> adders = new LinkedHashMap<>();
        for (String name : names) {
            adders.put(name, new LongAdder());
        }
        return adders;
    }

    /** An unknown name is not counted: a label must not grow with what somebody else writes. */
    private static void count(Map<String, LongAdder> adders, String name) {
        LongAdder adder = adders.get(name);
        if (adder != null) {
            adder.increment();
        }
    }

    private static <K> void count(Map<K, LongAdder> adders, K key) {
        LongAdder adder = adders.get(key);
        if (adder != null) {
            adder.increment();
        }
    }

    @Override
    public void result(WindowResult result, WindowFacts facts) {
        (!result.isFinal() ? provisional : result.revision() > 0 ? revised : finals).increment();
    }

    @Override
    public void deadLetter(DeadLetter letter) {
        count(refused, letter.reason());
    }

    @Override
    public void gap(String processId, long fromMillis) {
        gaps.increment();
    }

    @Override
    public void advice(AdviceRecord record) {
        if (record.outcome() instanceof AdviceRecord.Given given) {
            count(advice, given.source());
            Consultation consultation = given.consultation();
            if (consultation != null && consultation.fallback() != null) {
                count(fallbacks, consultation.fallback().reason());
            }
        } else if (record.outcome() instanceof AdviceRecord.NotAsked none) {
            count(notAsked, none.why());
        }
    }

    @Override
    public void adjustment(Adjustment adjustment) {
        if (!adjustment.withheld()) {
            count(adjustments, adjustment.source());
        }
    }

    @Override
    public void effect(Effect effect) {
        count(effects, effect.verdict());
    }

    // ---- for WorkerMetrics

    Map<RejectReason, LongAdder> refused() {
        return refused;
    }

    Map<String, LongAdder> advice() {
        return advice;
    }

    Map<AdviceRecord.Why, LongAdder> notAsked() {
        return notAsked;
    }

    Map<Consultation.Reason, LongAdder> fallbacks() {
        return fallbacks;
    }

    Map<String, LongAdder> adjustments() {
        return adjustments;
    }

    Map<Effect.Verdict, LongAdder> effects() {
        return effects;
    }

    LongAdder finals() {
        return finals;
    }

    LongAdder revised() {
        return revised;
    }

    LongAdder provisional() {
        return provisional;
    }

    LongAdder gaps() {
        return gaps;
    }
}
