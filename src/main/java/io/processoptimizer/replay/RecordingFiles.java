package io.processoptimizer.replay;

import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.event.TelemetryEvent;
import io.processoptimizer.pipeline.Positions;
import io.processoptimizer.pipeline.ShardRange;
import io.processoptimizer.replay.EnvelopeParser.MalformedEnvelopeException;
import io.processoptimizer.replay.RecordBlock.Envelope;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The records of files, merged: those with an envelope by their sequence numbers, which on one stream rise with time and from a shard
 * to its children; raw ones in the order of the files. The order is the same however the files were named or cut, and within a process
 * it is the order of the stream.
 */
final class RecordingFiles implements RecordSource {
    private final List<InputFile> files;
    private final List<Cursor> raw = new ArrayList<>();
    private final PriorityQueue<Cursor> merged = new PriorityQueue<>();
    private final Function<String, ShardRange> shards;
    private final List<String> damages;
    private final List<InputNote> notes;

    /** What was read of each shard: a record that stands in two files counts once. */
    private final Positions read = new Positions();

    /** The same of each raw file, which is read to its end before the next one: how many lines. */
    private final Map<String, Long> linesRead = new HashMap<>();

    /**
     * Opens the files.
     *
     * @param files in the order in which raw ones are read
     * @param shards the hash range of each shard that envelopes may name
     * @param damages what is known to be damaged already
     * @param notes what is known not to be in them
     */
    RecordingFiles(
            List<InputFile> files, Function<String, ShardRange> shards, List<String> damages, List<InputNote> notes)
            throws IOException {
        this.files = List.copyOf(files);
        this.shards = shards;
        this.damages = new ArrayList<>(damages);
        this.notes = List.copyOf(notes);
        for (InputFile file : files) {
            Cursor cursor = new Cursor(file);
            if (cursor.advance()) {
                if (cursor.isRaw) {
                    raw.add(cursor);
                } else {
                    merged.add(cursor);
                }
            }
        }
    }

    @Override
    public boolean fill(RecordBlock block) throws IOException {
        while (!block.isFull()) {
            Cursor next = merged.isEmpty() ? (raw.isEmpty() ? null : raw.get(0)) : merged.poll();
            if (next == null) {
                return block.count() > 0;
            }
            boolean more = drain(next, block);
            if (next.isRaw && !more) {
                raw.remove(0).rawEnded();
            } else if (!next.isRaw && more) {
                merged.add(next);
            }
        }
        return true;
    }

    /** Takes records of one file as long as they come first; returns whether the file has more. */
    private boolean drain(Cursor cursor, RecordBlock block) throws IOException {
        do {
            cursor.addTo(block);
            if (!cursor.advance()) {
                return false;
            }
        } while (!block.isFull() && (cursor.isRaw || merged.isEmpty() || cursor.compareTo(merged.peek()) <= 0));
        return true;
    }

    @Override
    public List<String> damages() {
        return List.copyOf(damages);
    }

    @Override
    public List<InputNote> notes() {
        return notes;
    }

    @Override
    public double progress() {
        double read = 0;
        double total = 0;
        for (InputFile file : files) {
            read += file.bytesRead();
            total += file.bytesTotal();
        }
        return total > 0 ? Math.min(1, read / total) : Double.NaN;
    }

    @Override
    public void close() throws IOException {
        for (InputFile file : files) {
            file.close();
        }
    }

    /** A file and the record that stands first in it. */
    private final class Cursor implements Comparable<Cursor> {
        private final InputFile file;
        private final EnvelopeParser parser = new EnvelopeParser(shards);
        private final ShardRange asShard;
        private final Map<String, RecordPosition> lastOfShard = new HashMap<>();
        private @Nullable Envelope envelope;

        /** The last envelope's position: a line without one stays behind it. */
        private @Nullable RecordPosition position;

        private boolean lineIsData;
        private boolean isRaw;
        private boolean begun;

        /** Lines that were read before of a raw file, looked up as its turn comes. */
        private long known = -1;

        Cursor(InputFile file) {
            this.file = file;
            this.asShard = ShardRange.whole(file.name());
        }

        /** Moves to the next record; false at the end, or where the file is damaged. */
        boolean advance() throws IOException {
            Lines lines = file.lines();
            try {
                do {
                    if (!file.next()) {
                        file.close();
                        return false;
                    }
                } while (lines.isBlank());
                read(lines);
                return true;
            } catch (InputDamagedException e) {
                damages.add(e.getMessage());
                file.close();
                return false;
            }
        }

        private void read(Lines lines) throws InputDamagedException {
            Envelope read = null;
            String fault = null;
            if (!isRaw) {
                try {
                    read = parser.parse(lines.buffer(), lines.start(), lines.end());
                } catch (MalformedEnvelopeException e) {
                    fault = e.getMessage();
                }
            }
            if (!begun) {
                begun = true;
                isRaw = read == null && fault == null;
            }
            lineIsData = read == null;
            if (read != null) {
                checkOrder(read);
                position = read.position();
                envelope = read;
            } else if (!isRaw) {
                envelope = new Envelope(
                        asShard,
                        new RecordPosition(Long.toString(lines.number()), 0),
                        null,
                        TelemetryEvent.ABSENT,
                        fault);
            }
        }

        private void checkOrder(Envelope read) throws InputDamagedException {
            RecordPosition before = lastOfShard.put(read.shard().shardId(), read.position());
            if (before != null && read.position().compareTo(before) < 0) {
                throw new InputDamagedException(
                        file.name() + ":" + file.lines().number() + ": sequence "
                                + read.position().sequenceNumber() + " comes after "
                                + before.sequenceNumber() + " of the same shard; a recording must be in stream order:"
                                + " sort its lines by sequence, or give recordings of different streams one by one",
                        null);
            }
        }

        private Envelope envelope() {
            if (envelope == null) {
                throw new IllegalStateException("no record was read from " + file.name());
            }
            return envelope;
        }

        /** Adds the present record, unless it was read before. */
        void addTo(RecordBlock block) {
            Lines lines = file.lines();
            if (isRaw) {
                if (known < 0) {
                    known = linesRead.getOrDefault(file.name(), 0L);
                }
                if (lines.number() > known) {
                    block.addLine(lines.buffer(), lines.start(), lines.end(), asShard, lines.number());
                }
            } else if (read.moveTo(envelope().shard().shardId(), envelope().position())) {
                if (lineIsData) {
                    block.add(lines.buffer(), lines.start(), lines.end(), envelope());
                } else {
                    block.add(parser.data(), parser.dataFrom(), parser.dataTo(), envelope());
                }
            }
        }

        /** A raw file is at its end. */
        void rawEnded() {
            linesRead.merge(file.name(), file.lines().number(), Math::max);
        }

        /** By position, then by the shard's name; files are opened in order, which the queue keeps for equals by their index. */
        @Override
        public int compareTo(Cursor other) {
            if (position == null || other.position == null) {
                return position == null ? (other.position == null ? 0 : -1) : 1;
            }
            int byPosition = position.compareTo(other.position);
            if (byPosition != 0) {
                return byPosition;
            }
            int byShard = envelope()
                    .shard()
                    .shardId()
                    .compareTo(other.envelope().shard().shardId());
            return byShard != 0 ? byShard : file.name().compareTo(other.file.name());
        }
    }
}
