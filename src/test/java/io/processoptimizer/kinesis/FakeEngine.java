package io.processoptimizer.kinesis;

import io.processoptimizer.checkpoint.Reprocessing;
import io.processoptimizer.checkpoint.UnreadableSnapshotException;
import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.event.TelemetryEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Its state is its position. */
final class FakeEngine implements ShardEngine {
    final List<String> seen = new ArrayList<>();
    final List<Long> advancedTo = new ArrayList<>();
    CompletableFuture<Void> acknowledged = CompletableFuture.completedFuture(null);

    final Set<String> poison = new HashSet<>();

    final List<String> adopted = new ArrayList<>();
    String lost = "";

    @Nullable
    Reprocessing reprocessing;

    long readUpTo = TelemetryEvent.ABSENT;

    final Set<RecordPosition> refused = new HashSet<>();

    private @Nullable RecordPosition position;

    @Override
    public void accept(RecordPosition at, String partitionKey, long arrivalMillis, byte[] data) {
        if (position != null && at.compareTo(position) <= 0) {
            return;
        }
        String text = new String(data, StandardCharsets.UTF_8);
        if (poison.contains(text) && !refused.contains(at)) {
            throw new IllegalStateException("poison");
        }
        position = at;
        seen.add(position.sequenceNumber() + "/" + position.subSequenceNumber() + " " + text);
    }

    @Override
    public void advanceTo(long nowMillis) {
        advancedTo.add(nowMillis);
    }

    @Override
    public byte[] snapshot() {
        return text(position).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void restore(byte[] state) {
        if (state.length == 0) {
            return; // of before the first record
        }
        String[] parts = new String(state, StandardCharsets.UTF_8).split("/", 2);
        if (parts.length < 2) {
            throw new UnreadableSnapshotException("not a state: " + parts[0]);
        }
        position = new RecordPosition(parts[0], Long.parseLong(parts[1]));
    }

    @Override
    public void adopt(byte[] parent) {
        String text = new String(parent, StandardCharsets.UTF_8);
        if (!text.contains("/")) {
            throw new UnreadableSnapshotException("not a state: " + text);
        }
        adopted.add(text);
    }

    @Override
    public void stateLost() {
        lost = "state";
    }

    @Override
    public void recordsLost() {
        lost = "records";
    }

    @Override
    public void reprocess(Reprocessing asked) {
        reprocessing = asked;
    }

    @Override
    public long readUpToMillis() {
        return readUpTo;
    }

    @Override
    public void refuse(RecordPosition refusedPosition) {
        refused.add(refusedPosition);
    }

    @Override
    public @Nullable RecordPosition position() {
        return position;
    }

    @Override
    public CompletableFuture<Void> acknowledged() {
        return acknowledged;
    }

    private static String text(@Nullable RecordPosition position) {
        return position == null ? "" : position.sequenceNumber() + "/" + position.subSequenceNumber();
    }
}
