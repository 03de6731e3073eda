package io.processoptimizer.replay;

import io.processoptimizer.emit.Adjustment;
import io.processoptimizer.emit.AdviceJson;
import io.processoptimizer.emit.AdviceRecord;
import io.processoptimizer.emit.DeadLetter;
import io.processoptimizer.emit.Effect;
import io.processoptimizer.emit.JsonText;
import io.processoptimizer.emit.Outputs;
import io.processoptimizer.emit.ResultJson;
import io.processoptimizer.emit.WindowResult;
import io.processoptimizer.window.WindowFacts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Where the outputs of one configuration go in one worker: into the sorter that all files are written from. */
final class ReplayOutputs implements Outputs {
    /** Gaps that are listed; beyond it they are counted only. */
    private static final int MAX_GAPS_OF_A_PROCESS = 1_000;

    private final int variant;
    private final SpillSorter sorter;
    private final ReplayPlan plan;
    private final @Nullable Outputs watcher;
    private final Keys keys = new Keys();
    private final JsonText json = new JsonText();

    /** Per process, as many as the state holds. */
    private final Map<String, ProcessQuality> quality = new TreeMap<>();

    /** What is not in the results of a process: where it was silent, what was refused of it. */
    static final class ProcessQuality {
        final List<Long> gaps = new ArrayList<>();
        final Map<String, Long> refused = new TreeMap<>();
        long gapCount;
    }

    ReplayOutputs(int variant, SpillSorter sorter, ReplayPlan plan) {
        this.variant = variant;
        this.sorter = sorter;
        this.plan = plan;
        this.watcher = variant == 0 ? plan.watcher() : null;
    }

    private boolean isBase() {
        return variant == 0;
    }

    @Override
    public void result(WindowResult result, WindowFacts facts) {
        long strip = isBase() && plan.strips() && result.window().equals(plan.defaultWindow()) ? plan.slideMillis() : 0;
        byte[] digest = WindowDigest.toBytes(result, facts, strip);
        byte[] head = ByteBuffer.allocate(Integer.BYTES + digest.length)
                .putInt(digest.length)
                .put(digest)
                .array();
        json.clear();
        if (isBase() && plan.lines()) {
            ResultJson.write(result, json);
        }
        add(SortKind.key(keys, variant, result), Slice.of(head), line());
        if (watcher != null) {
            watcher.result(result, facts);
        }
    }

    @Override
    public void advice(AdviceRecord advice) {
        if (isBase() && plan.lines()) {
            AdviceJson.write(advice, json.clear());
            add(SortKind.key(keys, variant, advice), Slice.EMPTY, line());
        }
        if (watcher != null) {
            watcher.advice(advice);
        }
    }

    @Override
    public void adjustment(Adjustment adjustment) {
        add(SortKind.key(keys, variant, adjustment), Slice.EMPTY, Slice.of(AdviceJson.item(adjustment)));
        if (watcher != null) {
            watcher.adjustment(adjustment);
        }
    }

    @Override
    public void effect(Effect effect) {
        add(SortKind.key(keys, variant, effect), Slice.EMPTY, Slice.of(AdviceJson.effect(effect)));
        if (watcher != null) {
            watcher.effect(effect);
        }
    }

    @Override
    public void deadLetter(DeadLetter letter) {
        if (!isBase()) {
            return;
        }
        String processId = ProcessPeek.processId(letter.data());
        ProcessQuality known = processId == null ? null : quality.get(processId);
        if (known == null && processId != null && quality.size() < plan.maxProcesses()) {
            known = quality.computeIfAbsent(processId, id -> new ProcessQuality());
        }
        if (known != null) {
            known.refused.merge(letter.reason().label(), 1L, Long::sum);
        }
        if (plan.lines()) {
            add(SortKind.key(keys, letter), Slice.EMPTY, Slice.of(DeadLetterJson.line(letter)));
        }
        if (watcher != null) {
            watcher.deadLetter(letter);
        }
    }

    @Override
    public void gap(String processId, long fromMillis) {
        if (isBase()) {
            ProcessQuality known = quality.computeIfAbsent(processId, id -> new ProcessQuality());
            known.gapCount++;
            if (known.gaps.size() < MAX_GAPS_OF_A_PROCESS) {
                known.gaps.add(fromMillis);
            }
        }
        if (watcher != null) {
            watcher.gap(processId, fromMillis);
        }
    }

    Map<String, ProcessQuality> quality() {
        return quality;
    }

    private Slice line() {
        return new Slice(json.buffer(), 0, json.length());
    }

    private void add(Slice key, Slice head, Slice tail) {
        try {
            sorter.add(key, head, tail);
        } catch (IOException e) {
            throw new UncheckedIOException(new OutputFailedException(String.valueOf(e.getMessage()), e));
        }
    }
}
