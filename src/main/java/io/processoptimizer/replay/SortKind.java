package io.processoptimizer.replay;

import io.processoptimizer.emit.Adjustment;
import io.processoptimizer.emit.AdviceRecord;
import io.processoptimizer.emit.DeadLetter;
import io.processoptimizer.emit.Effect;
import io.processoptimizer.emit.WindowResult;
import io.processoptimizer.event.RecordPosition;
import java.nio.charset.StandardCharsets;

/**
 * What is sorted, in the order in which it is handed over: all of a process together, its windows first; then the dead letters of all
 * by where they stood in the input.
 */
enum SortKind {
    WINDOW(1),
    ADVICE(2),
    ADJUSTMENT(3),
    /** Of an adjustment, behind it. */
    EFFECT(3),
    DEAD_LETTER(4);

    private static final int OF_PROCESS = 1;
    private static final int OF_INPUT = 2;
    private static final int BEHIND = 1;

    /** Stands for the kind in a key. */
    private final int code;

    SortKind(int code) {
        this.code = code;
    }

    /** Of two editions of one window the newer comes last. */
    static Slice key(Keys keys, int variant, WindowResult result) {
        return ofProcess(keys, result.processId(), WINDOW)
                .name(result.window())
                .number(result.endMillis())
                .small(variant)
                .number(result.rank())
                .done();
    }

    static Slice key(Keys keys, int variant, AdviceRecord advice) {
        WindowResult result = advice.result();
        return ofProcess(keys, result.processId(), ADVICE)
                .name(result.window())
                .number(result.endMillis())
                .small(variant)
                .number(result.revision())
                .done();
    }

    static Slice key(Keys keys, int variant, Adjustment adjustment) {
        WindowResult grounds = adjustment.grounds();
        return ofProcess(keys, grounds.processId(), ADJUSTMENT)
                .name(grounds.window())
                .number(grounds.endMillis())
                .small(variant)
                .done();
    }

    static Slice key(Keys keys, int variant, Effect effect) {
        return ofProcess(keys, effect.processId(), EFFECT)
                .name(effect.window())
                .number(effect.groundsEndMillis())
                .small(variant)
                .small(BEHIND)
                .done();
    }

    static Slice key(Keys keys, DeadLetter letter) {
        RecordPosition position = letter.position();
        return keys.begin()
                .small(OF_INPUT)
                .name(letter.shardId())
                .number(position.sequenceNumber().length())
                .name(position.sequenceNumber())
                .number(position.subSequenceNumber())
                .number(letter.index())
                .done();
    }

    private static Keys ofProcess(Keys keys, String processId, SortKind kind) {
        return keys.begin().small(OF_PROCESS).name(processId).small(kind.code);
    }

    static SortKind of(SpillSorter.Entry entry) {
        if (entry.key[0] == OF_INPUT) {
            return DEAD_LETTER;
        }
        int code = entry.key[endOfName(entry.key, 1)];
        if (code == ADJUSTMENT.code) {
            return entry.keyLength > identityLength(entry) ? EFFECT : ADJUSTMENT;
        }
        return code == WINDOW.code ? WINDOW : ADVICE;
    }

    /** The process of an entry that has one. */
    static String processId(SpillSorter.Entry entry) {
        return new String(entry.key, 1, endOfName(entry.key, 1) - 2, StandardCharsets.UTF_8);
    }

    /** Which of the configurations an entry of a process comes from. */
    static int variant(SpillSorter.Entry entry) {
        return entry.key[identityLength(entry) - 1];
    }

    /** How much of a key says which window and configuration it is, whatever its edition. */
    static int identityLength(SpillSorter.Entry entry) {
        int windowName = endOfName(entry.key, 1) + 1;
        return endOfName(entry.key, windowName) + Long.BYTES + 1;
    }

    /** How much of a key says which process it is. */
    static int processLength(SpillSorter.Entry entry) {
        return endOfName(entry.key, 1);
    }

    /** Index behind the zero byte that ends the name at {@code from}. */
    private static int endOfName(byte[] key, int from) {
        int at = from;
        while (key[at] != 0) {
            at++;
        }
        return at + 1;
    }
}
