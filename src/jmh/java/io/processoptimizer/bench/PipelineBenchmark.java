package io.processoptimizer.bench;

import io.processoptimizer.emit.Effect;
import io.processoptimizer.decode.DecodedInput;
import io.processoptimizer.decode.EventDecoder;
import io.processoptimizer.emit.Adjustment;
import io.processoptimizer.emit.AdviceRecord;
import io.processoptimizer.emit.DeadLetter;
import io.processoptimizer.emit.Outputs;
import io.processoptimizer.emit.WindowResult;
import io.processoptimizer.event.ProcessDefinitions;
import io.processoptimizer.event.ProcessSnapshot;
import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.event.RejectReason;
import io.processoptimizer.event.TelemetryEvent;
import io.processoptimizer.pipeline.InputRecord;
import io.processoptimizer.pipeline.PipelineSettings;
import io.processoptimizer.pipeline.ShardPipeline;
import io.processoptimizer.pipeline.ShardRange;
import io.processoptimizer.simulate.Factory;
import io.processoptimizer.simulate.SimulationOptions;
import io.processoptimizer.simulate.TelemetryRecord;
import io.processoptimizer.window.Acceptance;
import io.processoptimizer.window.Emission;
import io.processoptimizer.window.ShardWindows;
import io.processoptimizer.window.WindowFacts;
import io.processoptimizer.window.WindowLimits;
import io.processoptimizer.window.WindowOutput;
import io.processoptimizer.window.WindowPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The stages of a record on one thread, over a factory's telemetry: bytes to events, events to closed windows, the whole, the state. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
public class PipelineBenchmark {
    private static final int BATCH = 10_000;

    /** A plant's telemetry, again and again, each time later by its length, so that windows go on closing. */
    @State(Scope.Thread)
    public static class Plant {
        /** Processes whose records come mixed. */
        @Param({"50", "1000"})
        public int processes;

        private final List<TelemetryRecord> records = new ArrayList<>();
        private final EventDecoder decoder = new EventDecoder();
        private final ShardRange shard = ShardRange.whole("shard");
        private final Sink sink = new Sink();
        private ShardWindows windows;
        private ShardPipeline pipeline;
        private byte[] state;
        private int next;
        private long sequence = 1_000_000_000_000L;

        /** Ten minutes of records, and a pipeline that has seen them. */
        @Setup(Level.Trial)
        public void begin() {
            Factory.events(SimulationOptions.startingAt(Instant.parse("2026-03-02T06:00:00Z"))
                            .withProcesses(processes)
                            .withLength(Duration.ofMinutes(10)))
                    .forEachRemaining(records::add);
            pipeline = new ShardPipeline(PipelineSettings.DEFAULT, ProcessDefinitions.DEFAULTS, sink);
            for (TelemetryRecord each : records) {
                pipeline.accept(input(each));
            }
            state = pipeline.snapshot();
            beginAnew();
        }

        private void beginAnew() {
            windows = new ShardWindows(
                    WindowPolicy.DEFAULT, WindowLimits.DEFAULT, 20_000, ProcessDefinitions.DEFAULTS, sink);
            pipeline = new ShardPipeline(PipelineSettings.DEFAULT, ProcessDefinitions.DEFAULTS, sink);
        }

        TelemetryRecord next() {
            if (next == records.size()) {
                next = 0;
                beginAnew();
            }
            return records.get(next++);
        }

        InputRecord input(TelemetryRecord record) {
            return InputRecord.of(
                    shard,
                    new RecordPosition(Long.toString(sequence++), 0),
                    record.partitionKey(),
                    record.arrivalMillis(),
                    record.data());
        }
    }

    /** Takes everything and keeps a sum. */
    private static final class Sink implements Outputs, WindowOutput, DecodedInput {
        private long sum;
        private ShardWindows windows;
        private long arrival;

        @Override
        public void result(WindowResult result, WindowFacts facts) {
            sum += result.endMillis();
        }

        @Override
        public void advice(AdviceRecord advice) {
            sum++;
        }

        @Override
        public void adjustment(Adjustment adjustment) {
            sum++;
        }

        @Override
        public void effect(Effect effect) {
            sum++;
        }

        @Override
        public void deadLetter(DeadLetter letter) {
            sum++;
        }

        @Override
        public void gap(String processId, long fromMillis) {
            sum++;
        }

        @Override
        public void closed(WindowFacts facts, Emission emission) {
            sum += facts.endMillis();
        }

        @Override
        public void event(TelemetryEvent event) {
            sum += event.timestampMillis;
            if (windows != null) {
                Acceptance acceptance = windows.accept(event, arrival);
                sum += acceptance == Acceptance.ACCEPTED ? 1 : 0;
            }
        }

        @Override
        public void snapshot(ProcessSnapshot snapshot) {
            sum++;
        }

        @Override
        public void rejected(RejectReason reason, String detail) {
            sum++;
        }
    }

    /** Bytes to events. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long decode(Plant plant) {
        plant.sink.windows = null;
        return decodeBatch(plant);
    }

    /** Bytes to events to facts of closed windows. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long decodeAndWindow(Plant plant) {
        for (int i = 0; i < BATCH; i++) {
            TelemetryRecord record = plant.next();
            plant.sink.windows = plant.windows;
            plant.sink.arrival = record.arrivalMillis();
            plant.decoder.decode(record.data(), 0, record.data().length, record.arrivalMillis(), plant.sink);
        }
        return plant.sink.sum;
    }

    /** All of it but the writing of results. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long pipeline(Plant plant) {
        for (int i = 0; i < BATCH; i++) {
            plant.pipeline.accept(plant.input(plant.next()));
        }
        return plant.sink.sum;
    }

    /** The state of the windows of ten minutes, as bytes: what a commit costs the processing thread. */
    @Benchmark
    @OutputTimeUnit(TimeUnit.MILLISECONDS)
    public byte[] snapshot(Snapshots snapshots) {
        return snapshots.pipeline.snapshot();
    }

    /** And back: what a take-over costs beside the reading. */
    @Benchmark
    @OutputTimeUnit(TimeUnit.MILLISECONDS)
    public ShardPipeline restore(Snapshots snapshots) {
        ShardPipeline restored =
                new ShardPipeline(PipelineSettings.DEFAULT, ProcessDefinitions.DEFAULTS, snapshots.sink);
        restored.restore(snapshots.state);
        return restored;
    }

    /** A pipeline that stays as it is. */
    @State(Scope.Thread)
    public static class Snapshots {
        private final Sink sink = new Sink();
        private ShardPipeline pipeline;
        private byte[] state;

        /** Lets a plant run for its ten minutes. */
        @Setup(Level.Trial)
        public void begin(Plant plant) {
            state = plant.state;
            pipeline = new ShardPipeline(PipelineSettings.DEFAULT, ProcessDefinitions.DEFAULTS, sink);
            pipeline.restore(state);
        }
    }

    private static long decodeBatch(Plant plant) {
        for (int i = 0; i < BATCH; i++) {
            TelemetryRecord record = plant.next();
            plant.decoder.decode(record.data(), 0, record.data().length, record.arrivalMillis(), plant.sink);
        }
        return plant.sink.sum;
    }
}
