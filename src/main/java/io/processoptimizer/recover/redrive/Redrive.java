package io.processoptimizer.recover.redrive;

import io.processoptimizer.aws.DeadLetters;
import io.processoptimizer.aws.DeadLetters.Entry;
import io.processoptimizer.checkpoint.ShardPointer;
import io.processoptimizer.checkpoint.Snapshot;
import io.processoptimizer.checkpoint.SnapshotStore;
import io.processoptimizer.event.ProcessDefinitions;
import io.processoptimizer.event.RejectReason;
import io.processoptimizer.pipeline.PipelineSettings;
import io.processoptimizer.recover.redrive.Outlook.Kind;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Puts dead letters on the stream again, with a mark, in the order in which they arrived: so many at a time that a run of any length
 * needs the memory of one batch beside the list and a copy of the states. A letter that is on the stream is noted as redriven; where
 * this ends between the two, the next run puts it once more and it counts once, by its id.
 */
public final class Redrive {
    /** Most records of one PutRecords call are 500; fewer spread the load. */
    private static final int BATCH = 100;

    /** A PutRecords call takes 5 MiB. */
    private static final long BATCH_BYTES = 4L << 20;

    private static final Comparator<Entry> BY_AGE = Comparator.comparingLong(Entry::firstSeenMillis);

    private final DeadLetters letters;
    private final RedriveStream stream;
    private final SnapshotStore states;
    private final PipelineSettings settings;
    private final ProcessDefinitions definitions;
    private final Clock clock;

    public Redrive(
            DeadLetters letters,
            RedriveStream stream,
            SnapshotStore states,
            PipelineSettings settings,
            ProcessDefinitions definitions,
            Clock clock) {
        this.letters = letters;
        this.stream = stream;
        this.states = states;
        this.settings = settings;
        this.definitions = definitions;
        this.clock = clock;
    }

    /**
     * Which letters.
     *
     * @param reasons empty: all
     * @param processes ids of processes; empty: all. Of a letter that cannot be read its partition key counts
     * @param ids of letters; empty: all
     * @param fromMillis first seen then or later, epoch milliseconds
     * @param untilMillis first seen before
     * @param again whether also those that were redriven before
     * @param limit most letters, ≥ 1; those that were seen first
     */
    public record Selection(
            Set<RejectReason> reasons,
            Set<String> processes,
            Set<String> ids,
            long fromMillis,
            long untilMillis,
            boolean again,
            int limit) {
        boolean wants(Entry entry) {
            return (ids.isEmpty() || ids.contains(entry.letter().id()))
                    && entry.firstSeenMillis() >= fromMillis
                    && entry.firstSeenMillis() < untilMillis
                    && (again || !entry.isRedriven());
        }
    }

    /** Takes what was decided of each letter, in their order. */
    public interface Listener {
        /**
         * @param process whose letter it is; its partition key where it cannot be read
         * @param isPut whether it is on the stream now
         */
        void letter(Entry entry, String process, Outlook outlook, boolean isPut) throws IOException;
    }

    /**
     * Tries every selected letter, and puts those that may be taken.
     *
     * @param apply false: nothing is put
     * @param perSecond most records put a second, ≥ 1
     */
    public void run(Selection selection, boolean apply, int perSecond, Listener listener)
            throws IOException, InterruptedException {
        Trial trial = new Trial(settings, definitions, stream.openShards(), this::stateOf, stream.maxRecordBytes());
        List<Entry> entries = list(selection, trial);
        List<Candidate> batch = new ArrayList<>();
        long bytes = 0;
        for (Entry entry : entries) {
            byte @Nullable [] data = letters.data(entry);
            Outlook outlook = data == null
                    ? Outlook.not(
                            Kind.IMPOSSIBLE,
                            "a part of its bytes is not in the table; was the worker killed, or did it expire?")
                    : null;
            String process = processOf(entry, data, trial);
            if (outlook == null && data != null) {
                outlook = trial.of(entry.letter(), data, clock.millis());
                if (outlook.kind() == Kind.IN_PART && entry.refusedAgainAtMillis() != null && !selection.again()) {
                    outlook = Outlook.not(
                            Kind.DUPLICATE,
                            "its state was taken when it was redriven before, and what was refused then would be again");
                }
            }
            if (outlook == null) {
                continue;
            }
            batch.add(new Candidate(entry, process, outlook));
            bytes += entry.bytes();
            if (batch.size() == BATCH || bytes >= BATCH_BYTES) {
                settle(batch, apply, perSecond, listener);
                batch.clear();
                bytes = 0;
            }
        }
        settle(batch, apply, perSecond, listener);
    }

    private record Candidate(Entry entry, String process, Outlook outlook) {}

    /** Those that were seen first, as many as are asked for, in the order of their arrival. */
    private List<Entry> list(Selection selection, Trial trial) throws InterruptedException {
        Set<RejectReason> reasons =
                selection.reasons().isEmpty() ? EnumSet.allOf(RejectReason.class) : selection.reasons();
        // Of which process a letter is its bytes say: then all are looked at.
        int most = selection.processes().isEmpty() ? selection.limit() : Integer.MAX_VALUE;
        PriorityQueue<Entry> oldest = new PriorityQueue<>(BY_AGE.reversed());
        for (RejectReason reason : reasons) {
            letters.each(reason, entry -> {
                if (selection.wants(entry)) {
                    oldest.add(entry);
                    if (oldest.size() > most) {
                        oldest.remove();
                    }
                }
            });
        }
        List<Entry> entries = new ArrayList<>(oldest);
        if (!selection.processes().isEmpty()) {
            entries.sort(BY_AGE);
            entries = ofProcesses(entries, selection, trial);
        }
        entries.sort(Comparator.comparingLong((Entry entry) -> entry.letter().arrivalMillis())
                .thenComparing(entry -> entry.letter().position())
                .thenComparingInt(entry -> entry.letter().index()));
        return entries;
    }

    private List<Entry> ofProcesses(List<Entry> entries, Selection selection, Trial trial) throws InterruptedException {
        List<Entry> oldest = new ArrayList<>();
        for (Entry entry : entries) {
            if (selection.processes().contains(processOf(entry, letters.data(entry), trial))) {
                oldest.add(entry);
                if (oldest.size() == selection.limit()) {
                    break;
                }
            }
        }
        return oldest;
    }

    private static String processOf(Entry entry, byte @Nullable [] data, Trial trial) {
        return data == null ? entry.letter().partitionKey() : trial.processOf(entry.letter(), data);
    }

    private void settle(List<Candidate> batch, boolean apply, int perSecond, Listener listener)
            throws IOException, InterruptedException {
        List<Candidate> put = new ArrayList<>();
        if (apply) {
            for (Candidate candidate : batch) {
                if (candidate.outlook.kind().isPut()) {
                    put.add(candidate);
                }
            }
        }
        Set<Candidate> onTheStream = new HashSet<>();
        if (!put.isEmpty()) {
            long at = clock.millis();
            for (int index : stream.put(put.stream().map(Candidate::outlook).toList())) {
                letters.redriven(put.get(index).entry, at);
                onTheStream.add(put.get(index));
            }
            long pause = put.size() * 1_000L / perSecond - (clock.millis() - at);
            if (pause > 0) {
                TimeUnit.MILLISECONDS.sleep(pause);
            }
        }
        for (Candidate candidate : batch) {
            listener.letter(candidate.entry, candidate.process, candidate.outlook, onTheStream.contains(candidate));
        }
    }

    /** As of the shard's last commit. */
    private byte @Nullable [] stateOf(String shardId) {
        ShardPointer pointer = states.pointer(shardId);
        Snapshot snapshot = pointer == null ? null : pointer.snapshot();
        return snapshot == null ? null : states.load(shardId, snapshot);
    }
}
