package io.processoptimizer.cli;

import io.processoptimizer.aws.InterruptedOutputException;
import io.processoptimizer.aws.OutputTables;
import io.processoptimizer.aws.ShardOutputs;
import io.processoptimizer.checkpoint.NewerSnapshotException;
import io.processoptimizer.checkpoint.Reprocessing;
import io.processoptimizer.checkpoint.UnreadableSnapshotException;
import io.processoptimizer.config.Configuration;
import io.processoptimizer.decode.RecordTranslator;
import io.processoptimizer.emit.DeadLetter;
import io.processoptimizer.emit.NoOutputs;
import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.event.RejectReason;
import io.processoptimizer.event.TelemetryEvent;
import io.processoptimizer.kinesis.OrderedPuts;
import io.processoptimizer.kinesis.ShardEngine;
import io.processoptimizer.kinesis.ShardEngines;
import io.processoptimizer.kinesis.ShardLease;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Gives the records of each shard on to another stream, as canonical ones keyed by process. Its state is the position: what is read
 * twice is given on twice, under the same event ids, and counted once.
 */
final class ForwardingEngines implements ShardEngines {
    /** Names the layout of the state. */
    private static final int STATE_FORMAT = 1;

    private final Configuration configuration;
    private final OrderedPuts puts;
    private final OutputTables tables;

    ForwardingEngines(Configuration configuration, OrderedPuts puts, OutputTables tables) {
        this.configuration = configuration;
        this.puts = puts;
        this.tables = tables;
    }

    @Override
    public ShardEngine open(ShardLease shard) {
        return new Engine(
                shard.shardId(),
                new RecordTranslator(
                        configuration.mappings(),
                        configuration.settings().input().maxRecordBytes()),
                tables.forShard(new NoOutputs()));
    }

    private final class Engine implements ShardEngine {
        private final String shardId;

        /** Begins the ids of its events; with the stream, since shards and even positions of two streams may be named alike. */
        private final String source;

        private final RecordTranslator translator;
        private final ShardOutputs deadLetters;

        /** Records that are not to be read; at most ShardPointer.MAX_FAILURES. */
        private final Set<RecordPosition> poison = new HashSet<>();

        private @Nullable RecordPosition position;
        private long readUpTo = TelemetryEvent.ABSENT;

        Engine(String shardId, RecordTranslator translator, ShardOutputs deadLetters) {
            this.shardId = shardId;
            this.source =
                    configuration.settings().stream().name() + ":" + shardId.replaceFirst("^shardId-0*(?=[0-9])", "");
            this.translator = translator;
            this.deadLetters = deadLetters;
        }

        @Override
        public void accept(RecordPosition at, String partitionKey, long arrivalMillis, byte[] data) {
            if (position != null && at.compareTo(position) <= 0) {
                return;
            }
            // Given on once all of the record was read: of one that fails in the middle nothing was sent, so that it
            // may be put on its
            // stream again, where its events get other ids, without counting any twice.
            List<Map.Entry<String, byte[]>> events = new ArrayList<>();
            RecordTranslator.Receiver receiver = new RecordTranslator.Receiver() {
                @Override
                public void canonical(String processId, byte[] record) {
                    events.add(Map.entry(processId, record));
                }

                @Override
                public void refused(int index, RejectReason reason, String detail) {
                    deadLetters.deadLetter(
                            new DeadLetter(reason, detail, shardId, at, index, partitionKey, arrivalMillis, data));
                }
            };
            if (poison.contains(at)) {
                receiver.refused(0, RejectReason.UNPROCESSABLE, "processing it failed; the worker's log has the error");
            } else {
                String id = source + ":" + at.sequenceNumber() + ":" + at.subSequenceNumber();
                translator.translate(data, arrivalMillis, id, receiver);
            }
            giveOn(events);
            position = at;
            readUpTo = Math.max(readUpTo, arrivalMillis);
        }

        private void giveOn(List<Map.Entry<String, byte[]>> events) {
            try {
                for (Map.Entry<String, byte[]> event : events) {
                    puts.put(event.getKey(), event.getValue());
                }
            } catch (InterruptedException e) {
                throw new InterruptedOutputException(e);
            }
        }

        @Override
        public void advanceTo(long nowMillis) {
            readUpTo = Math.max(readUpTo, nowMillis);
        }

        @Override
        public byte[] snapshot() {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            RecordPosition at = position;
            try (DataOutputStream out = new DataOutputStream(bytes)) {
                out.writeInt(STATE_FORMAT);
                out.writeLong(readUpTo);
                out.writeUTF(at == null ? "" : at.sequenceNumber());
                out.writeLong(at == null ? 0 : at.subSequenceNumber());
            } catch (IOException e) {
                throw new UncheckedIOException("writing to memory cannot fail", e);
            }
            return bytes.toByteArray();
        }

        @Override
        public void restore(byte[] state) {
            try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(state))) {
                int format = in.readInt();
                if (format > STATE_FORMAT) {
                    throw new NewerSnapshotException("the state", format, STATE_FORMAT);
                }
                readUpTo = in.readLong();
                String sequence = in.readUTF();
                long subSequence = in.readLong();
                position = sequence.isEmpty() ? null : new RecordPosition(sequence, subSequence);
            } catch (IOException e) {
                throw new UnreadableSnapshotException("the state of a forwarder is damaged: " + e);
            }
        }

        /** A parent's records are all given on; the child begins before its first. */
        @Override
        public void adopt(byte[] parent) {}

        /** There is no state that could be lost but the position, and KCL's checkpoint stands in for it. */
        @Override
        public void stateLost() {}

        @Override
        public void recordsLost() {}

        @Override
        public void reprocess(Reprocessing asked) {}

        @Override
        public long readUpToMillis() {
            return readUpTo;
        }

        @Override
        public void refuse(RecordPosition at) {
            poison.add(at);
        }

        @Override
        public @Nullable RecordPosition position() {
            return position;
        }

        @Override
        public CompletableFuture<Void> acknowledged() {
            return CompletableFuture.allOf(puts.acknowledged(), deadLetters.acknowledged());
        }
    }
}
