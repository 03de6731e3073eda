package io.processoptimizer.recover.redrive;

import io.processoptimizer.emit.DeadLetter;
import io.processoptimizer.emit.NoOutputs;
import io.processoptimizer.event.ProcessDefinitions;
import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.pipeline.InputRecord;
import io.processoptimizer.pipeline.PipelineSettings;
import io.processoptimizer.pipeline.ShardPipeline;
import io.processoptimizer.pipeline.ShardRange;
import io.processoptimizer.pipeline.Tally;
import io.processoptimizer.recover.redrive.Outlook.Kind;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * A copy of a shard's state that dead letters are offered to: the pipeline itself decides, and what it decides goes nowhere. Each letter
 * finds the ones before it, as it would on the stream.
 */
final class ShardTrial {
    private final ShardRange range;
    private final ShardPipeline pipeline;
    private final boolean hasState;
    private final LastLetter letters = new LastLetter();
    private BigInteger sequence;

    /** @param state as the pipeline serialised it; null where none is stored */
    ShardTrial(PipelineSettings settings, ProcessDefinitions definitions, ShardRange range, byte @Nullable [] state) {
        this.range = range;
        pipeline = new ShardPipeline(settings, definitions, letters);
        hasState = state != null;
        if (state != null) {
            pipeline.restore(state);
        }
        RecordPosition last = pipeline.position(range.shardId());
        sequence = last == null ? BigInteger.ZERO : new BigInteger(last.sequenceNumber());
    }

    /** The key that a process came with, where keys are remembered. */
    @Nullable
    String partitionKeyOf(String processId) {
        return pipeline.partitionKeyOf(processId);
    }

    Outlook offer(String partitionKey, byte[] record, long nowMillis) {
        sequence = sequence.add(BigInteger.ONE);
        letters.last = null;
        Tally tally = pipeline.tally();
        long accepted = tally.acceptedEvents();
        long cut = tally.cutClaims();
        long duplicates = tally.duplicateEvents();
        pipeline.accept(
                InputRecord.of(range, new RecordPosition(sequence.toString(), 0), partitionKey, nowMillis, record));
        DeadLetter refused = letters.last;
        String detail = refused == null ? "" : refused.reason().label() + ": " + refused.detail();
        if (tally.cutClaims() > cut) {
            String why = refused == null ? "the beginning of its interval is past what is retained" : detail;
            return new Outlook(Kind.IN_PART, why, partitionKey, record);
        }
        if (refused != null) {
            return Outlook.not(Kind.REFUSED, detail);
        }
        if (tally.duplicateEvents() > duplicates) {
            return Outlook.not(Kind.DUPLICATE, "it was counted already, by its event_id or an earlier redrive");
        }
        if (tally.acceptedEvents() == accepted) {
            throw new IllegalStateException("a record was neither accepted nor refused");
        }
        return hasState
                ? new Outlook(Kind.ACCEPTED, "", partitionKey, record)
                : new Outlook(
                        Kind.UNKNOWN,
                        "no state of " + range.shardId() + " is stored, which would say whether its pane is retained",
                        partitionKey,
                        record);
    }

    private static final class LastLetter extends NoOutputs {
        private @Nullable DeadLetter last;

        @Override
        public void deadLetter(DeadLetter letter) {
            last = letter;
        }
    }
}
