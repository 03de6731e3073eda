package io.processoptimizer.pipeline;

import io.processoptimizer.advise.AdjustmentPolicy;
import io.processoptimizer.advise.AdviceDesk;
import io.processoptimizer.advise.AdviceRequest;
import io.processoptimizer.advise.Advisor;
import io.processoptimizer.advise.EffectMeter;
import io.processoptimizer.analyse.WindowAnalyser;
import io.processoptimizer.checkpoint.NewerSnapshotException;
import io.processoptimizer.checkpoint.Reprocessing;
import io.processoptimizer.checkpoint.UnreadableSnapshotException;
import io.processoptimizer.decode.DecodedInput;
import io.processoptimizer.decode.EventDecoder;
import io.processoptimizer.decode.RedriveMark;
import io.processoptimizer.emit.DeadLetter;
import io.processoptimizer.emit.Outputs;
import io.processoptimizer.emit.ResultOutputs;
import io.processoptimizer.emit.WindowResult;
import io.processoptimizer.event.ProcessDefinitions;
import io.processoptimizer.event.ProcessSnapshot;
import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.event.RejectReason;
import io.processoptimizer.event.TelemetryEvent;
import io.processoptimizer.window.Acceptance;
import io.processoptimizer.window.Emission;
import io.processoptimizer.window.Redriven;
import io.processoptimizer.window.ShardWindows;
import io.processoptimizer.window.WindowFacts;
import io.processoptimizer.window.WindowOutput;
import io.processoptimizer.window.WindowPolicy;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * START HERE. The way of every record of one shard, live, replayed and recovered alike:
 *
 * <pre>
 * bytes ─► decode ─► window ─► analyse ─► advise ─► emit ─► checkpoint
 *          {@link EventDecoder}   {@link ShardWindows}  {@link WindowAnalyser} {@link Advisor}, {@link AdviceDesk} {@link Outputs}  {@link #snapshot}
 * </pre>
 *
 * <p>Deterministic: the same records in the same order give the same final results and adjustments, whatever calls of {@link
 * #advanceTo}, {@link #snapshot} and {@link #restore} lie between them. Not thread safe: one thread owns a shard.
 */
public final class ShardPipeline {
    private final ResultOutputs outputs;
    private final EventDecoder decoder;
    private final Routing routing;
    private final ShardWindows windows;
    private final Advisor advisor;
    private final EffectMeter effects;
    private final AdviceDesk desk;
    private final Tally tally = new Tally();
    private final Positions positions = new Positions();
    private final RecordInHand inHand = new RecordInHand();
    private final LostRecords lost = new LostRecords();
    private final WindowPolicy policy;

    /** Records that are not to be read; at most ShardPointer.MAX_FAILURES. */
    private final Set<RecordPosition> poison = new HashSet<>();

    /** What the last rewind asks for; null where the shard was never rewound by an operator. */
    private @Nullable Reprocessing reprocessing;

    /** Everything that arrived before has been read, epoch milliseconds. */
    private long readUpTo = TelemetryEvent.ABSENT;

    /** A pipeline without state that asks no model outside. */
    public ShardPipeline(PipelineSettings settings, ProcessDefinitions definitions, Outputs outputs) {
        this(settings, definitions, outputs, AdviceDesk.unaided(outputs, new AdjustmentPolicy(settings.advice())));
    }

    /**
     * A pipeline without state.
     *
     * @param desk settles what comes of asking for advice
     */
    public ShardPipeline(
            PipelineSettings settings, ProcessDefinitions definitions, ResultOutputs outputs, AdviceDesk desk) {
        this.outputs = outputs;
        this.desk = desk;
        policy = settings.windows();
        decoder = new EventDecoder(settings.maxRecordBytes(), settings.mappings());
        routing = new Routing(settings.keyRule(), settings.maxProcesses());
        windows = new ShardWindows(
                settings.windows(), settings.limits(), settings.maxProcesses(), definitions, new WindowsToOutputs());
        advisor = new Advisor(settings.advice());
        effects = new EffectMeter(settings.advice());
    }

    /** Takes the next record of its shard. One that the state holds already is dropped. */
    public void accept(InputRecord record) {
        if (!positions.moveTo(record.shard().shardId(), record.position())) {
            return;
        }
        DecodedInput received = begin(record);
        if (!poison.isEmpty() && poison.contains(record.position())) {
            RedriveMark mark = RedriveMark.read(record.buffer(), record.offset(), record.length());
            if (mark != null) {
                received.redriven(mark, RedriveMark.bodyFrom(record.buffer(), record.offset(), record.length()));
            }
            received.rejected(RejectReason.UNPROCESSABLE, "processing it failed; the worker's log has the error");
        } else {
            decoder.decode(record.buffer(), record.offset(), record.length(), record.arrivalMillis(), received);
        }
    }

    /**
     * Takes the next record of its process, which the caller decodes, and has made sure that it is new: for replays, which decode once
     * for several pipelines, and for which the order across processes does not matter. Leaves {@link #position} where it is.
     *
     * @return takes what is decoded of this record, before the next one begins
     */
    public DecodedInput begin(InputRecord record) {
        tally.record();
        readUpTo = Math.max(readUpTo, record.arrivalMillis());
        lost.readOn(record.arrivalMillis(), policy.maxFutureMillis());
        inHand.begin(record);
        Reprocessing asked = reprocessing;
        if (asked != null) {
            outputs.repeated(asked.covers(record.position()));
        }
        return inHand;
    }

    /** The shard has nothing older than {@code nowMillis} to deliver: quiet processes are shown provisionally. */
    public void advanceTo(long nowMillis) {
        readUpTo = Math.max(readUpTo, nowMillis);
        lost.readOn(nowMillis, policy.maxFutureMillis());
        windows.advanceTo(nowMillis);
    }

    /** The input has ended: every window that has begun is shown, provisionally. */
    public void end() {
        windows.showAll();
    }

    /** The last record taken of a shard, or null before its first. */
    public @Nullable RecordPosition position(String shardId) {
        return positions.of(shardId);
    }

    /**
     * Everything that arrived on the stream before this instant has been read, epoch milliseconds, or {@link TelemetryEvent#ABSENT}
     * before the first record.
     */
    public long readUpToMillis() {
        return readUpTo;
    }

    /** The state of everything before the next record is lost: windows that may lack facts say so. */
    public void stateLost() {
        lost.begin();
    }

    /** Between what has been read and the next record some were lost on the stream: windows that may lack facts say so. */
    public void recordsLost() {
        lost.begin();
    }

    /**
     * An operator has rewound the shard: after the state was taken over, before the first record. The processes concerned, those that
     * come up later included, have at least the generation that is asked for; an adjustment that a record decides again is withheld
     * unless it is to be published.
     */
    public void reprocess(Reprocessing asked) {
        reprocessing = asked;
        windows.raiseGenerations(asked::generationOf);
    }

    /** A record on which processing ended before: it becomes a dead letter unread, so that the others of its shard go on. */
    public void refuse(RecordPosition position) {
        poison.add(position);
    }

    public Tally tally() {
        return tally;
    }

    /** The partition key that a process came with, where keys are remembered (constant per process); else null. */
    public @Nullable String partitionKeyOf(String processId) {
        return routing.keyOf(processId);
    }

    /** Processes held in the state. */
    public int processes() {
        return windows.processes();
    }

    /** What is inside the state; costs as much as a snapshot. */
    public StateContents contents() {
        return new StateContents(readUpTo, positions.all(), windows.contents());
    }

    /** The record on its way; what the decoder reads out of it goes to its windows or to the dead letters. */
    private final class RecordInHand implements DecodedInput {
        private @Nullable InputRecord record;
        private int index;

        /** Null of an ordinary record. */
        private @Nullable RedriveMark mark;

        /** Where the input begins in the record. */
        private int bodyFrom;

        void begin(InputRecord next) {
            record = next;
            index = 0;
            mark = null;
            bodyFrom = 0;
        }

        @Override
        public void redriven(RedriveMark redriveMark, int from) {
            tally.redriven();
            mark = redriveMark;
            bodyFrom = from;
        }

        private @Nullable Redriven redriven() {
            return mark == null ? null : new Redriven("dead letter " + mark.letterId(), mark.stateKept());
        }

        InputRecord record() {
            if (record == null) {
                throw new IllegalStateException("no record is in hand");
            }
            return record;
        }

        long arrivalMillis() {
            return record().arrivalMillis();
        }

        @Override
        public void event(TelemetryEvent event) {
            if (isRoutedHere(event.processId)) {
                settle(windows.accept(event, arrivalMillis(), redriven()));
            }
            index++;
        }

        @Override
        public void ignored() {
            index++;
        }

        @Override
        public void snapshot(ProcessSnapshot snapshot) {
            if (isRoutedHere(snapshot.processId())) {
                settle(windows.accept(snapshot, arrivalMillis(), redriven()));
            }
            index++;
        }

        @Override
        public void rejected(RejectReason reason, String detail) {
            refuse(reason, detail);
            index++;
        }

        private boolean isRoutedHere(String processId) {
            String fault = routing.faultOf(processId, record());
            if (fault != null) {
                refuse(RejectReason.MISROUTED, fault);
            }
            return fault == null;
        }

        private void settle(Acceptance acceptance) {
            switch (acceptance) {
                case ACCEPTED -> tally.accepted();
                case DUPLICATE -> tally.duplicate();
                case CLAIM_CUT, FACTS_LATE -> {
                    tally.accepted();
                    tally.claimCut();
                }
                default -> {}
            }
            RejectReason reason = acceptance.reason();
            if (reason != null) {
                refuse(reason, windows.detail(acceptance));
            }
        }

        private void refuse(RejectReason reason, String detail) {
            tally.rejected(reason);
            InputRecord refused = record();
            String key = refused.partitionKey();
            RedriveMark first = mark;
            if (first != null) {
                outputs.deadLetter(new DeadLetter(
                        reason,
                        detail,
                        first.shardId(),
                        first.position(),
                        first.index(),
                        key == null ? "" : key,
                        first.arrivalMillis(),
                        refused.copyOfData(bodyFrom),
                        refused.arrivalMillis()));
                return;
            }
            outputs.deadLetter(new DeadLetter(
                    reason,
                    detail,
                    refused.shard().shardId(),
                    refused.position(),
                    index,
                    key == null ? "" : key,
                    refused.arrivalMillis(),
                    refused.copyOfData(0)));
        }
    }

    /** What windows decide becomes results, and results become advice. */
    private final class WindowsToOutputs implements WindowOutput {
        @Override
        public void closed(WindowFacts facts, Emission emission) {
            boolean complete = !lost.touch(facts.startMillis());
            WindowResult result = new WindowResult(
                    facts.processId(),
                    facts.window(),
                    facts.startMillis(),
                    facts.endMillis(),
                    // One that may lack facts never replaces one that lacks none.
                    complete ? emission.generation() : 0,
                    complete,
                    emission.isFinal(),
                    emission.revision(),
                    WindowAnalyser.analyse(facts));
            outputs.result(result, facts);
            if (emission.isRepeated() || !emission.isFinal()) {
                return;
            }
            Optional<AdviceRequest> request = advisor.advise(
                    result, facts.definition().control(), new Advisor.Origin(inHand.arrivalMillis(), isWithheld()));
            request.ifPresent(desk::take);
            boolean advised = request.filter(AdviceRequest::wantsAdvice).isPresent();
            effects.follow(result, facts, advised).forEach(desk::take);
        }

        private boolean isWithheld() {
            Reprocessing asked = reprocessing;
            return asked != null
                    && !asked.publish()
                    && asked.covers(inHand.record().position());
        }

        @Override
        public void gap(String processId, long fromMillis) {
            outputs.gap(processId, fromMillis);
        }
    }

    // ---- snapshot, restore

    /** Names the layout of {@link #snapshot()}; rises with every change of it. */
    private static final int SNAPSHOT_FORMAT = 14;

    /** The whole state as of the last record: a pipeline that restores it goes on as if nothing had happened. */
    public byte[] snapshot() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(SNAPSHOT_FORMAT);
            out.writeLong(readUpTo);
            lost.write(out);
            positions.write(out);
            routing.write(out);
            windows.write(out);
            advisor.write(out);
            effects.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory cannot fail", e);
        }
        return bytes.toByteArray();
    }

    /**
     * Takes the state that {@link #snapshot()} gave, before the first record.
     *
     * @throws UnreadableSnapshotException where the bytes are damaged, or end early
     * @throws NewerSnapshotException where a newer version wrote them
     */
    public void restore(byte[] snapshot) {
        read(snapshot, positions, key -> true, processId -> true);
    }

    /**
     * Takes over what belongs to this shard of the state of one of its parents, before the first record; of a merged shard once for
     * each parent. The shard itself is then before its first record.
     *
     * @param range this shard's keys
     * @throws UnreadableSnapshotException as {@link #restore}
     * @throws NewerSnapshotException as {@link #restore}
     */
    public void adopt(byte[] parent, ShardRange range) {
        read(parent, new Positions(), range::owns, processId -> routing.belongsTo(range, processId));
    }

    /**
     * Takes over the wanted processes of a shard's state, before the first record: for replays, which may give the state of each shard.
     *
     * @throws UnreadableSnapshotException as {@link #restore}
     * @throws NewerSnapshotException as {@link #restore}
     */
    public void adopt(byte[] state, Predicate<String> processes) {
        read(state, new Positions(), key -> true, processes);
    }

    private void read(byte[] snapshot, Positions into, Predicate<String> keys, Predicate<String> processes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(snapshot))) {
            int format = in.readInt();
            if (format > SNAPSHOT_FORMAT) {
                throw new NewerSnapshotException("the state", format, SNAPSHOT_FORMAT);
            }
            if (format < SNAPSHOT_FORMAT) {
                throw new UnreadableSnapshotException(
                        "the state has format " + format + ", from before the first release");
            }
            readUpTo = Math.max(readUpTo, in.readLong());
            lost.read(in);
            into.read(in);
            routing.read(in, keys);
            windows.read(in, processes);
            advisor.read(in, processes);
            effects.read(in, processes);
        } catch (IOException e) {
            throw new UnreadableSnapshotException(
                    "the state (" + snapshot.length + " bytes) ends early or is damaged: " + e);
        }
    }
}
