package io.processoptimizer.pipeline;

import io.processoptimizer.emit.Adjustment;
import io.processoptimizer.emit.AdviceJson;
import io.processoptimizer.emit.AdviceRecord;
import io.processoptimizer.emit.DeadLetter;
import io.processoptimizer.emit.Effect;
import io.processoptimizer.emit.Outputs;
import io.processoptimizer.emit.ResultJson;
import io.processoptimizer.emit.WindowResult;
import io.processoptimizer.window.WindowFacts;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Keeps what a pipeline gives out, as the bytes that a store would hold: the newest by rank for each window. */
public class RecordedOutputs implements Outputs {
    public final List<String> finals = new ArrayList<>();
    public final List<String> provisional = new ArrayList<>();
    public final List<String> advice = new ArrayList<>();
    public final List<String> adjustments = new ArrayList<>();
    public final List<String> effects = new ArrayList<>();
    public final List<String> deadLetters = new ArrayList<>();
    public final List<String> gaps = new ArrayList<>();
    private final Map<String, WindowResult> stored = new TreeMap<>();

    @Override
    public void result(WindowResult result, WindowFacts facts) {
        (result.isFinal() ? finals : provisional).add(json(result));
        if (result.isFinal()) {
            stored.merge(
                    result.processId() + " " + result.window() + " " + result.endMillis(),
                    result,
                    (older, newer) -> newer.rank() > older.rank() ? newer : older);
        }
    }

    @Override
    public void advice(AdviceRecord record) {
        advice.add(new String(AdviceJson.item(record), StandardCharsets.UTF_8));
    }

    @Override
    public void adjustment(Adjustment adjustment) {
        adjustments.add(new String(AdviceJson.item(adjustment), StandardCharsets.UTF_8));
    }

    @Override
    public void effect(Effect effect) {
        effects.add(effect.processId() + " " + effect.groundsEndMillis() + " "
                + new String(AdviceJson.effect(effect), StandardCharsets.UTF_8));
    }

    @Override
    public void deadLetter(DeadLetter letter) {
        deadLetters.add(letter.reason().label() + " " + letter.id() + " " + letter.detail() + " "
                + new String(letter.data(), StandardCharsets.UTF_8));
    }

    @Override
    public void gap(String processId, long fromMillis) {
        gaps.add(processId + " " + fromMillis);
    }

    /** The final result of each window that a store keeps in the end, by process, window and end. */
    public List<String> table() {
        return stored.values().stream().map(RecordedOutputs::json).toList();
    }

    private static String json(WindowResult result) {
        return new String(ResultJson.toBytes(result), StandardCharsets.UTF_8);
    }
}
