package io.processoptimizer.recover.redrive;

import io.processoptimizer.decode.DecodedInput;
import io.processoptimizer.decode.EventDecoder;
import io.processoptimizer.decode.InputMappings;
import io.processoptimizer.decode.RedriveMark;
import io.processoptimizer.emit.DeadLetter;
import io.processoptimizer.event.ProcessDefinitions;
import io.processoptimizer.event.ProcessSnapshot;
import io.processoptimizer.event.RejectReason;
import io.processoptimizer.event.TelemetryEvent;
import io.processoptimizer.pipeline.PipelineSettings;
import io.processoptimizer.pipeline.PipelineSettings.KeyRule;
import io.processoptimizer.pipeline.ShardRange;
import io.processoptimizer.recover.redrive.Outlook.Kind;
import io.processoptimizer.window.Acceptance;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Says what would become of dead letters that are redriven in this order, by the present configuration and the stored states. */
final class Trial {
    /** What is said of a record before its observations are known, and of one of them with its number. */
    private static final Set<RejectReason> OF_THE_RECORD = EnumSet.of(
            RejectReason.MALFORMED,
            RejectReason.MISSING_FIELD,
            RejectReason.BAD_VALUE,
            RejectReason.TOO_LARGE,
            RejectReason.UNPROCESSABLE);

    private final PipelineSettings settings;
    private final ProcessDefinitions definitions;
    private final List<ShardRange> shards;
    private final Function<String, byte @Nullable []> states;
    private final long streamLimit;
    private final EventDecoder decoder;
    private final Map<String, ShardTrial> trials = new HashMap<>();

    /**
     * @param shards those that take records
     * @param states the stored state of a shard, by its id; null where there is none
     * @param streamLimit bytes of the longest record that the stream takes, its key included
     */
    Trial(
            PipelineSettings settings,
            ProcessDefinitions definitions,
            List<ShardRange> shards,
            Function<String, byte @Nullable []> states,
            long streamLimit) {
        this.settings = settings;
        this.definitions = definitions;
        this.shards = shards;
        this.states = states;
        this.streamLimit = streamLimit;
        decoder = new EventDecoder(settings.maxRecordBytes(), settings.mappings());
    }

    /** What would become of a letter, given its bytes, when it arrived now. */
    Outlook of(DeadLetter letter, byte[] data, long nowMillis) {
        int observations = isOfWholeRecord(letter) ? observations(letter, data) : 1;
        if (observations > 1) {
            return Outlook.not(
                    Kind.IMPOSSIBLE,
                    "the record was refused as a whole and holds " + observations + " observations, of which a redriven"
                            + " record gives only one: put its bytes, as they are, on the stream that it came from");
        }
        RedriveMark mark = new RedriveMark(
                letter.reason(),
                letter.shardId(),
                letter.position(),
                letter.index(),
                letter.arrivalMillis(),
                Acceptance.isStateKept(letter.detail()));
        byte[] record = mark.mark(data);
        Decoded decoded = new Decoded();
        decoder.decode(record, 0, record.length, nowMillis, decoded);
        String processId = decoded.processId;
        if (processId == null) {
            return Outlook.not(Kind.REFUSED, decoded.refusal);
        }
        String key = key(processId, letter);
        if (record.length + (long) key.length() > streamLimit) {
            return Outlook.not(
                    Kind.IMPOSSIBLE,
                    "with its mark and key it has " + (record.length + key.length()) + " bytes, and the stream takes "
                            + streamLimit);
        }
        ShardTrial trial = trial(key);
        if (trial == null) {
            return new Outlook(Kind.UNKNOWN, "no shard with a lease takes the key '" + key + "'", key, record);
        }
        try {
            return trial.offer(key, record, nowMillis);
        } catch (RuntimeException e) {
            // The copy may be changed by half: the next letter finds a new one.
            trials.values().remove(trial);
            return Outlook.not(
                    Kind.REFUSED, RejectReason.UNPROCESSABLE.label() + ": processing it fails here, too: " + e);
        }
    }

    /** Not one of its observations: no mapping read it then, or it could not be processed. */
    private static boolean isOfWholeRecord(DeadLetter letter) {
        return letter.index() == 0
                && OF_THE_RECORD.contains(letter.reason())
                && !InputMappings.isOfOneObservation(letter.detail());
    }

    private int observations(DeadLetter letter, byte[] data) {
        Decoded decoded = new Decoded();
        decoder.decode(data, 0, data.length, letter.arrivalMillis(), decoded);
        return decoded.inputs;
    }

    /** The process of a letter, or its partition key where that cannot be read. */
    String processOf(DeadLetter letter, byte[] data) {
        Decoded decoded = new Decoded();
        decoder.decode(data, 0, data.length, letter.arrivalMillis(), decoded);
        String processId = decoded.processId;
        return processId == null ? letter.partitionKey() : processId;
    }

    /** A process keeps its key; one that came under a wrong key gets the right one, as far as it is known. */
    private String key(String processId, DeadLetter letter) {
        if (settings.keyRule() == KeyRule.PROCESS_ID) {
            return processId;
        }
        for (ShardRange shard : shards) {
            String known = trial(shard).partitionKeyOf(processId);
            if (known != null) {
                return known;
            }
        }
        return letter.partitionKey().isEmpty() ? processId : letter.partitionKey();
    }

    private @Nullable ShardTrial trial(String key) {
        for (ShardRange shard : shards) {
            if (shard.owns(key)) {
                return trial(shard);
            }
        }
        return null;
    }

    private ShardTrial trial(ShardRange shard) {
        ShardTrial known = trials.get(shard.shardId());
        if (known == null) {
            known = new ShardTrial(settings, definitions, shard, states.apply(shard.shardId()));
            trials.put(shard.shardId(), known);
        }
        return known;
    }

    private static final class Decoded implements DecodedInput {
        private @Nullable String processId;
        private String refusal = "";

        /** Events, snapshots and refusals, and observations that say nothing. */
        private int inputs;

        @Override
        public void event(TelemetryEvent event) {
            processId = event.processId;
            inputs++;
        }

        @Override
        public void snapshot(ProcessSnapshot snapshot) {
            processId = snapshot.processId();
            inputs++;
        }

        @Override
        public void rejected(RejectReason reason, String detail) {
            refusal = reason.label() + ": " + detail;
            inputs++;
        }

        @Override
        public void ignored() {
            inputs++;
        }
    }
}
