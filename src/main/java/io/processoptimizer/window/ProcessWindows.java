package io.processoptimizer.window;

import io.processoptimizer.event.ProcessDefinition;
import io.processoptimizer.event.ProcessSnapshot;
import io.processoptimizer.event.StepState;
import io.processoptimizer.event.TelemetryEvent;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The windows of one process, from top to bottom: accept, watermark, close, show provisionally, evict, snapshot, restore.
 *
 * <p>A result depends on nothing but the process's own records in stream order. The watermark is the highest event time seen less
 * the allowed disorder, or further where the records' own arrivals show that the process was idle. When it crosses a pane edge,
 * closed windows that late facts changed are emitted again and windows whose end it passed close.
 */
final class ProcessWindows {
    private static final long UNTOUCHED = Long.MAX_VALUE;

    private final String processId;
    private final ShardWindows shard;
    private final WindowPolicy policy;

    private final TreeMap<String, StepLog> steps = new TreeMap<>();
    private final FigureLog figures = new FigureLog();
    private final Map<String, Long> eventIds = new LinkedHashMap<>();
    private final ClosedWindows[] closed;

    private long generation;
    private long maxEventTime = WindowPolicy.NO_WATERMARK;
    private long lastArrival = TelemetryEvent.ABSENT;
    private long watermark = WindowPolicy.NO_WATERMARK;

    /** The earliest late fact since the last pane edge. */
    private long touchedFrom = UNTOUCHED;

    /** How often the process fell silent and was shown provisionally: the revision of provisional results. */
    private int silences;

    private boolean shownProvisionally;
    private boolean inGap;

    ProcessWindows(String processId, ShardWindows shard) {
        this.processId = processId;
        this.shard = shard;
        this.policy = shard.policy();
        closed = new ClosedWindows[policy.windows().size()];
        for (int i = 0; i < closed.length; i++) {
            closed[i] = new ClosedWindows();
        }
    }

    long lastArrival() {
        return lastArrival;
    }

    // ---- accept: everything is decided before anything is changed

    Acceptance accept(TelemetryEvent event, long arrival) {
        long time = event.timestampMillis;
        Acceptance refusal = refusalOf(time, arrival, event.eventId);
        boolean cut = refusal == Acceptance.LATE && claimReachesOpenPane(event, watermarkOn(arrival));
        if (refusal != null && !cut) {
            return refusal;
        }
        Acceptance overflow = overflow(event.stepId);
        if (overflow != null) {
            return overflow;
        }
        StepState claimed = event.state;
        arrive(time, arrival);
        if (cut && claimed != null) {
            long from = policy.firstOpenPane(watermark);
            step(event.stepId).addClaim(claimed, from, time + event.durationMillis - from);
            accepted(from, event.eventId);
            boolean moreFacts = event.hasParts()
                    || event.energyMilliwattHours != TelemetryEvent.ABSENT
                    || event.utilizationNano != TelemetryEvent.ABSENT
                    || event.cycleTimeMicros != TelemetryEvent.ABSENT;
            return moreFacts ? Acceptance.FACTS_LATE : Acceptance.CLAIM_CUT;
        }
        step(event.stepId).add(event);
        accepted(time, event.eventId);
        return Acceptance.ACCEPTED;
    }

    Acceptance accept(ProcessSnapshot snapshot, long arrival) {
        long time = snapshot.timestampMillis();
        Acceptance refusal = refusalOf(time, arrival, snapshot.eventId());
        if (refusal != null) {
            return refusal;
        }
        if (figures.size() >= shard.limits().samplesPerStep()) {
            return Acceptance.TOO_MANY_SAMPLES;
        }
        for (ProcessSnapshot.StepReading reading : snapshot.steps()) {
            Acceptance overflow = overflow(reading.stepId());
            if (overflow != null) {
                return overflow;
            }
        }
        arrive(time, arrival);
        figures.add(snapshot);
        for (ProcessSnapshot.StepReading reading : snapshot.steps()) {
            step(reading.stepId()).addReading(time, reading.utilizationNano(), reading.cycleTimeMicros());
        }
        accepted(time, snapshot.eventId());
        return Acceptance.ACCEPTED;
    }

    private @Nullable Acceptance refusalOf(long time, long arrival, @Nullable String eventId) {
        if (policy.isImplausible(time, arrival)) {
            return Acceptance.FUTURE;
        }
        if (isForgottenBy(time, arrival)) {
            return null;
        }
        if (eventId != null && eventIds.containsKey(eventId)) {
            return Acceptance.DUPLICATE;
        }
        return policy.isLate(time, watermarkOn(arrival)) ? Acceptance.LATE : null;
    }

    private boolean claimReachesOpenPane(TelemetryEvent event, long atWatermark) {
        return event.state != null
                && event.durationMillis > 0
                && !policy.isLate(event.timestampMillis + event.durationMillis - 1, atWatermark);
    }

    private @Nullable Acceptance overflow(String stepId) {
        StepLog step = steps.get(stepId);
        if (step == null) {
            return steps.size() >= shard.limits().steps() ? Acceptance.TOO_MANY_STEPS : null;
        }
        boolean full = step.size() >= shard.limits().samplesPerStep()
                || eventIds.size() >= shard.limits().eventIds();
        return full ? Acceptance.TOO_MANY_SAMPLES : null;
    }

    private StepLog step(String stepId) {
        StepLog step = steps.get(stepId);
        if (step == null) {
            step = new StepLog(stepId, closed.length);
            steps.put(stepId, step);
        }
        return step;
    }

    // ---- watermark

    /** A record of the process is about to be applied: what its arrival says of the time before it comes first. */
    private void arrive(long time, long arrival) {
        if (isForgottenBy(time, arrival)) {
            beginAnew();
        }
        if (maxEventTime != WindowPolicy.NO_WATERMARK) {
            advanceWatermark(watermarkOn(arrival));
        }
        if (arrival != TelemetryEvent.ABSENT) {
            lastArrival = Math.max(lastArrival, arrival);
        }
        if (shownProvisionally) {
            shownProvisionally = false;
            silences++;
            for (ClosedWindows windows : closed) {
                windows.silenceEnded();
            }
        }
    }

    private void accepted(long time, @Nullable String eventId) {
        if (eventId != null) {
            eventIds.put(eventId, time);
        }
        if (watermark != WindowPolicy.NO_WATERMARK && time < watermark) {
            touchedFrom = Math.min(touchedFrom, time);
        }
        if (time > maxEventTime) {
            maxEventTime = time;
            advanceWatermark(time - policy.disorderMillis());
        }
    }

    /** The watermark that a record arriving then finds: after an idle gap the process's time has moved on by the gap. */
    private long watermarkOn(long arrival) {
        if (arrival == TelemetryEvent.ABSENT || lastArrival == TelemetryEvent.ABSENT) {
            return watermark;
        }
        long gap = arrival - lastArrival;
        if (gap <= policy.idleTimeoutMillis()) {
            return watermark;
        }
        return Math.max(watermark, maxEventTime + gap - policy.disorderMillis());
    }

    /**
     * Whether the silence before a record is so long that the process starts anew. Measured by arrivals where they are known, for a
     * process that was evicted from memory meanwhile must behave the same.
     */
    private boolean isForgottenBy(long time, long arrival) {
        if (maxEventTime == WindowPolicy.NO_WATERMARK) {
            return false;
        }
        return (arrival != TelemetryEvent.ABSENT && lastArrival != TelemetryEvent.ABSENT)
                ? shard.isForgotten(lastArrival, arrival)
                : time - maxEventTime > policy.forgetAfterMillis();
    }

    private void beginAnew() {
        steps.clear();
        figures.dropBefore(Long.MAX_VALUE);
        eventIds.clear();
        for (int i = 0; i < closed.length; i++) {
            closed[i] = new ClosedWindows();
        }
        maxEventTime = WindowPolicy.NO_WATERMARK;
        watermark = WindowPolicy.NO_WATERMARK;
        lastArrival = TelemetryEvent.ABSENT;
        touchedFrom = UNTOUCHED;
        inGap = false;
    }

    private void advanceWatermark(long to) {
        if (to <= watermark) {
            return;
        }
        boolean first = watermark == WindowPolicy.NO_WATERMARK;
        boolean edge = !first && policy.crossesPaneEdge(watermark, to);
        watermark = to;
        if (first) {
            for (int i = 0; i < closed.length; i++) {
                closed[i].begin(policy.windows().get(i), to);
            }
        } else if (edge) {
            closeWindows();
            evict();
        }
    }

    // ---- close

    private void closeWindows() {
        for (int i = 0; i < closed.length; i++) {
            WindowDefinition window = policy.windows().get(i);
            long before = closed[i].closedUpTo();
            if (touchedFrom != UNTOUCHED) {
                long end = closed[i].firstReopened(window, touchedFrom);
                for (; end <= before; end += window.slideMillis()) {
                    close(i, end);
                }
            }
            for (long end = before + window.slideMillis(); end <= watermark; end += window.slideMillis()) {
                boolean silent = !close(i, end);
                if (i == 0) {
                    noteGap(silent, end - window.sizeMillis());
                }
                closed[i].closedUpTo(end);
            }
        }
        touchedFrom = UNTOUCHED;
    }

    /** Emits a window, unless it holds nothing, or holds just what was emitted of it before; returns whether it holds anything. */
    private boolean close(int definition, long end) {
        WindowFacts facts = factsOf(definition, end);
        if (facts == null) {
            return false;
        }
        int revision = closed[definition].nextRevision(end, Fingerprint.of(facts));
        if (revision >= 0) {
            shard.output().closed(facts, new Emission(true, generation, revision));
        }
        return true;
    }

    private @Nullable WindowFacts factsOf(int definition, long end) {
        WindowDefinition window = policy.windows().get(definition);
        long start = end - window.sizeMillis();
        ProcessDefinition process = shard.definitions().of(processId, start);
        List<StepFacts> stepFacts = new ArrayList<>(steps.size());
        boolean hasFacts = false;
        for (StepLog step : steps.values()) {
            if (step.seenBefore(end)) {
                stepFacts.add(step.facts(definition, start, end, process.signalTimeoutMillis(), shard.factsBuilder()));
                hasFacts |= shard.factsBuilder().hasFacts();
            }
        }
        WindowFacts.StatedFigures stated = figures.facts(start, end);
        if (!hasFacts && stated == null) {
            return null;
        }
        return new WindowFacts(processId, window.name(), start, end, process, stepFacts, stated);
    }

    private void noteGap(boolean silent, long from) {
        if (silent && !inGap && !steps.isEmpty()) {
            shard.output().gap(processId, from);
        }
        inGap = silent;
    }

    // ---- show provisionally: nothing here changes what a final result will be

    /** The shard's time has reached {@code now} and the process has said nothing for longer than the idle timeout. */
    void showProvisionally(long now) {
        if (lastArrival == TelemetryEvent.ABSENT || now - lastArrival <= policy.idleTimeoutMillis()) {
            return;
        }
        showUpTo(maxEventTime + (now - lastArrival) - policy.disorderMillis());
    }

    /** The input has ended: shows every window that has begun. */
    void showAll() {
        if (maxEventTime != WindowPolicy.NO_WATERMARK) {
            long longest = 0;
            for (WindowDefinition window : policy.windows()) {
                longest = Math.max(longest, window.sizeMillis());
            }
            showUpTo(maxEventTime + longest);
        }
    }

    private void showUpTo(long eventTime) {
        for (int i = 0; i < closed.length; i++) {
            WindowDefinition window = policy.windows().get(i);
            long end = closed[i].shownUpTo() + window.slideMillis();
            for (; end <= eventTime; end += window.slideMillis()) {
                WindowFacts facts = factsOf(i, end);
                if (facts != null) {
                    shard.output().closed(facts, new Emission(false, generation, silences));
                }
                if (i == 0) {
                    noteGap(facts == null, end - window.sizeMillis());
                }
                closed[i].provisionalUpTo(end);
                shownProvisionally = true;
            }
        }
    }

    // ---- evict

    private void evict() {
        long retainedFrom = policy.retainedFrom(watermark);
        long signalTimeout = shard.definitions().of(processId, retainedFrom).signalTimeoutMillis();
        for (StepLog step : steps.values()) {
            step.foldBefore(retainedFrom, signalTimeout);
        }
        figures.dropBefore(retainedFrom);
        eventIds.values().removeIf(time -> time < retainedFrom);
        for (ClosedWindows windows : closed) {
            windows.forgetUpTo(watermark - policy.allowedLatenessMillis());
        }
    }

    // ---- snapshot, restore

    void write(DataOutput out) throws IOException {
        out.writeLong(generation);
        out.writeLong(maxEventTime);
        out.writeLong(lastArrival);
        out.writeLong(watermark);
        out.writeLong(touchedFrom);
        out.writeInt(silences);
        out.writeBoolean(shownProvisionally);
        out.writeBoolean(inGap);
        out.writeInt(closed.length);
        for (int i = 0; i < closed.length; i++) {
            WindowDefinition window = policy.windows().get(i);
            out.writeUTF(window.name());
            out.writeLong(window.sizeMillis());
            out.writeLong(window.slideMillis());
            closed[i].write(out);
        }
        out.writeInt(steps.size());
        for (StepLog step : steps.values()) {
            out.writeUTF(step.stepId());
            step.write(out);
        }
        figures.write(out);
        out.writeInt(eventIds.size());
        for (Map.Entry<String, Long> id : eventIds.entrySet()) {
            out.writeUTF(id.getKey());
            out.writeLong(id.getValue());
        }
    }

    void read(DataInput in) throws IOException {
        generation = in.readLong();
        maxEventTime = in.readLong();
        lastArrival = in.readLong();
        watermark = in.readLong();
        touchedFrom = in.readLong();
        silences = in.readInt();
        shownProvisionally = in.readBoolean();
        inGap = in.readBoolean();
        readClosed(in);
        int stepCount = in.readInt();
        for (int i = 0; i < stepCount; i++) {
            step(in.readUTF()).read(in);
        }
        figures.read(in);
        int ids = in.readInt();
        for (int i = 0; i < ids; i++) {
            eventIds.put(in.readUTF(), in.readLong());
        }
    }

    /** Window definitions may have changed since: what is no longer defined is dropped, what is new begins under way. */
    private void readClosed(DataInput in) throws IOException {
        for (int i = 0; i < closed.length; i++) {
            closed[i].beginUnderWay(policy.windows().get(i), watermark);
        }
        int written = in.readInt();
        for (int i = 0; i < written; i++) {
            WindowDefinition window = new WindowDefinition(in.readUTF(), in.readLong(), in.readLong());
            int defined = policy.windows().indexOf(window);
            (defined >= 0 ? closed[defined] : new ClosedWindows()).read(in);
        }
    }
}
