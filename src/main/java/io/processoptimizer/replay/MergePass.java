package io.processoptimizer.replay;

import io.processoptimizer.emit.AdviceJson;
import io.processoptimizer.replay.SpillSorter.Entry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** One pass over all sorted outputs: finds the last result of each window, and hands everything to the consumers. */
public final class MergePass implements SpillSorter.Visitor {
    private final List<ReplayConsumer> consumers;

    /** The newest result of the present window so far. */
    private final Entry held = new Entry();

    private int heldEditions;

    /** Its effect may follow; without key where there is none. */
    private final Entry adjustment = new Entry();

    private byte[] process = {};
    private int processLength;
    private String processId = "";

    MergePass(List<ReplayConsumer> consumers) {
        this.consumers = List.copyOf(consumers);
    }

    @Override
    public void entry(Entry entry) throws IOException {
        SortKind kind = SortKind.of(entry);
        if (heldEditions > 0 && !(kind == SortKind.WINDOW && isSameWindow(held, entry))) {
            release();
        }
        if (adjustment.keyLength > 0 && !(kind == SortKind.EFFECT && isSameWindow(adjustment, entry))) {
            release(bytes(adjustment));
        }
        if (kind == SortKind.DEAD_LETTER) {
            endProcess();
            for (ReplayConsumer consumer : consumers) {
                consumer.deadLetter(whole(entry));
            }
            return;
        }
        enterProcess(entry);
        switch (kind) {
            case WINDOW -> hold(entry);
            case ADVICE -> {
                for (ReplayConsumer consumer : consumers) {
                    consumer.advice(whole(entry));
                }
            }
            case ADJUSTMENT -> adjustment.copyFrom(entry);
            // Advice that no adjustment came of has an effect, too.
            default -> {
                if (isSameWindow(adjustment, entry)) {
                    release(AdviceJson.withEffect(bytes(adjustment), bytes(entry)));
                }
            }
        }
    }

    private void release(byte[] line) throws IOException {
        int variant = SortKind.variant(adjustment);
        adjustment.keyLength = 0;
        for (ReplayConsumer consumer : consumers) {
            consumer.adjustment(variant, processId, Slice.of(line));
        }
    }

    private static byte[] bytes(Entry entry) {
        return Arrays.copyOf(entry.value, entry.valueLength);
    }

    private static boolean isSameWindow(Entry held, Entry entry) {
        int identity = SortKind.identityLength(entry);
        return held.keyLength >= identity && Arrays.equals(held.key, 0, identity, entry.key, 0, identity);
    }

    private void hold(Entry entry) throws IOException {
        if (heldEditions > 0 && SortKind.variant(held) == 0) {
            for (ReplayConsumer consumer : consumers) {
                consumer.superseded(line(held));
            }
        }
        heldEditions++;
        held.copyFrom(entry);
    }

    private void release() throws IOException {
        int variant = SortKind.variant(held);
        int digestLength = ByteBuffer.wrap(held.value).getInt();
        WindowDigest digest = WindowDigest.read(held.value, Integer.BYTES, digestLength);
        Slice line = line(held);
        for (ReplayConsumer consumer : consumers) {
            consumer.window(variant, digest, line, heldEditions);
        }
        heldEditions = 0;
    }

    private static Slice line(Entry entry) {
        int line = Integer.BYTES + ByteBuffer.wrap(entry.value).getInt();
        return new Slice(entry.value, line, entry.valueLength - line);
    }

    private static Slice whole(Entry entry) {
        return new Slice(entry.value, 0, entry.valueLength);
    }

    private void enterProcess(Entry entry) throws IOException {
        int length = SortKind.processLength(entry);
        if (length == processLength && Arrays.equals(process, 0, length, entry.key, 0, length)) {
            return;
        }
        endProcess();
        process = Arrays.copyOf(entry.key, length);
        processLength = length;
        processId = SortKind.processId(entry);
    }

    private void endProcess() throws IOException {
        if (processLength > 0) {
            for (ReplayConsumer consumer : consumers) {
                consumer.processEnded(processId);
            }
            processLength = 0;
        }
    }

    void end() throws IOException {
        if (heldEditions > 0) {
            release();
        }
        if (adjustment.keyLength > 0) {
            release(bytes(adjustment));
        }
        endProcess();
        for (ReplayConsumer consumer : consumers) {
            consumer.end();
        }
    }
}
