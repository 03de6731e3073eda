package io.processoptimizer.replay;

import io.processoptimizer.advise.AdjustmentPolicy;
import io.processoptimizer.decode.DecodedInput;
import io.processoptimizer.decode.EventDecoder;
import io.processoptimizer.decode.RedriveMark;
import io.processoptimizer.event.ProcessSnapshot;
import io.processoptimizer.event.RejectReason;
import io.processoptimizer.event.TelemetryEvent;
import io.processoptimizer.pipeline.InputRecord;
import io.processoptimizer.pipeline.PipelineSettings;
import io.processoptimizer.pipeline.ShardPipeline;
import io.processoptimizer.pipeline.Tally;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Some of the processes, in all configurations: each record is decoded once. Used by one thread. */
final class ReplayWorker {
    private final int number;
    private final EventDecoder decoder;
    private final List<ShardPipeline> pipelines = new ArrayList<>();
    private final List<ReplayOutputs> outputs = new ArrayList<>();
    private final Broadcast broadcast = new Broadcast();

    ReplayWorker(int number, ReplayPlan plan, SpillSorter sorter) {
        this.number = number;
        decoder = new EventDecoder(plan.base().settings().maxRecordBytes());
        for (int i = 0; i < plan.variants().size(); i++) {
            Variant variant = plan.variants().get(i);
            ReplayOutputs output = new ReplayOutputs(i, sorter, plan);
            outputs.add(output);
            PipelineSettings settings = plan.settings(variant);
            ShardPipeline pipeline = new ShardPipeline(
                    settings,
                    variant.definitions(),
                    output,
                    variant.desk(output, new AdjustmentPolicy(settings.advice())));
            for (StartingState.Shard shard : plan.start().shards()) {
                pipeline.adopt(shard.state(), processId -> ProcessPeek.ownerOf(processId, plan.threads()) == number);
            }
            pipelines.add(pipeline);
        }
    }

    /** Takes the records of this worker's processes. */
    void take(RecordBlock block) {
        int end = block.firstOf(number + 1);
        for (int record = block.firstOf(number); record < end; record++) {
            take(block.record(record), block.fault(record));
        }
    }

    private void take(InputRecord record, @Nullable String fault) {
        DecodedInput received = begin(record);
        if (fault != null) {
            received.rejected(RejectReason.MALFORMED, fault);
        } else {
            decoder.decode(record.buffer(), record.offset(), record.length(), record.arrivalMillis(), received);
        }
    }

    private DecodedInput begin(InputRecord record) {
        if (pipelines.size() == 1) {
            return pipelines.get(0).begin(record);
        }
        broadcast.receivers.clear();
        for (ShardPipeline pipeline : pipelines) {
            broadcast.receivers.add(pipeline.begin(record));
        }
        return broadcast;
    }

    /** The input has ended. */
    void end() {
        pipelines.forEach(ShardPipeline::end);
    }

    /** What became of the records, in the base configuration. */
    Tally tally() {
        return pipelines.get(0).tally();
    }

    Map<String, Long> ignoredFields() {
        return decoder.ignoredFields();
    }

    Map<String, ReplayOutputs.ProcessQuality> quality() {
        return outputs.get(0).quality();
    }

    int processes() {
        return pipelines.get(0).processes();
    }

    private static final class Broadcast implements DecodedInput {
        final List<DecodedInput> receivers = new ArrayList<>();

        @Override
        public void redriven(RedriveMark mark, int bodyFrom) {
            for (DecodedInput receiver : receivers) {
                receiver.redriven(mark, bodyFrom);
            }
        }

        @Override
        public void event(TelemetryEvent event) {
            for (DecodedInput receiver : receivers) {
                receiver.event(event);
            }
        }

        @Override
        public void snapshot(ProcessSnapshot snapshot) {
            for (DecodedInput receiver : receivers) {
                receiver.snapshot(snapshot);
            }
        }

        @Override
        public void rejected(RejectReason reason, String detail) {
            for (DecodedInput receiver : receivers) {
                receiver.rejected(reason, detail);
            }
        }
    }
}
