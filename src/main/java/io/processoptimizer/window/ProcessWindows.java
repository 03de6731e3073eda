package io.processoptimizer.window;

import io.processoptimizer.event.EventId;
import io.processoptimizer.event.ProcessDefinition;
import io.processoptimizer.event.ProcessSnapshot;
import io.processoptimizer.event.StepState;
import io.processoptimizer.event.TelemetryEvent;
import io.processoptimizer.window.RefusedTime.Reach;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The windows of one process, from top to bottom: accept, watermark, close, show provisionally, evict, snapshot, restore.
 *
 * <p>A result depends on nothing but the process's own records in stream order. The watermark is the highest event time seen less
 * the allowed disorder, or further where the records' own arrivals show that the process was idle; records that were refused or known
 * already leave no trace. When it crosses a pane edge, windows that late facts changed are emitted again and those it passed close.
 */
final class ProcessWindows {
    private static final long UNTOUCHED = Long.MAX_VALUE;

    private final String processId;
    private final ShardWindows shard;
    private final WindowPolicy policy;

    private final RulesInForce rules;
    private final Steps steps = new Steps();
    private final FigureLog figures;
    private final EventIds eventIds;
    private final ClosedWindows[] closed;

    /** Null as long as no calendar asks for them. */
    private @Nullable LongWindows longWindows;

    private long generation;
    private long maxEventTime = WindowPolicy.NO_WATERMARK;
    private long lastArrival = TelemetryEvent.ABSENT;
    private long watermark = WindowPolicy.NO_WATERMARK;

    /** Panes before it were closed to facts by an earlier run, which may have allowed less lateness: what they held may be gone. */
    private long openFrom = Long.MIN_VALUE;

    /** Facts before it may have been folded away by an earlier run, which may have retained less. */
    private long retainedSince = Long.MIN_VALUE;

    /** The earliest late fact since the last pane edge. */
    private long touchedFrom = UNTOUCHED;

    /** How often the process fell silent and was shown provisionally: the revision of provisional results. */
    private int silences;

    private boolean shownProvisionally;

    /** Whether the last default window that closed held nothing; a process that has not spoken yet has not fallen silent. */
    private boolean silent = true;

    /** The same of the last default window that closed or was shown. */
    private boolean silentAsShown = true;

    /** Where the gap that was last reported began. */
    private long gapReported = TelemetryEvent.ABSENT;

    ProcessWindows(String processId, ShardWindows shard) {
        this.processId = processId;
        this.shard = shard;
        this.policy = shard.policy();
        figures = new FigureLog(shard.row());
        eventIds = new EventIds(policy.paneMillis());
        rules = new RulesInForce(processId, shard);
        closed = new ClosedWindows[policy.windows().size()];
        Arrays.setAll(closed, i -> new ClosedWindows());
    }

    long lastArrival() {
        return lastArrival;
    }

    void raiseGeneration(long least) {
        generation = Math.max(generation, least);
    }

    // ---- accept: everything is decided before anything is changed

    Acceptance accept(TelemetryEvent event, long arrival, @Nullable Redriven redriven) {
        long time = event.timestampMillis;
        long id = event.eventId;
        boolean anew = isForgottenBy(time, arrival);
        Reach reach = Reach.of(redriven, event.correction);
        boolean known = !anew && isKnown(id, redriven);
        Acceptance refusal = refusalOf(time, arrival, anew, known, reach);
        boolean cut = refusal == Acceptance.LATE && claimReachesOpenPane(event, openFrom(arrival, reach));
        if (refusal != null && !cut) {
            return refusal;
        }
        StepLog found = anew ? null : steps.find(event.stepId);
        Acceptance overflow = anew ? null : overflow(found, redriven != null || id != EventId.NONE);
        if (overflow != null) {
            return overflow;
        }
        StepState claimed = event.state;
        arrive(anew, time, arrival, reach);
        StepLog step = found != null ? found : step(event.stepId);
        if (cut && claimed != null) {
            long from = reach == Reach.ORDINARY ? firstOpenPane(watermark) : firstRetained();
            step.addRestOfClaim(claimed, from, time, time + event.durationMillis, event.correction);
            // Of a redriven event the id may be known: its state was taken at the first time.
            accepted(time, from, eventIds.contains(id) ? EventId.NONE : id, null);
            return event.hasFactsBesideState() ? Acceptance.FACTS_LATE : Acceptance.CLAIM_CUT;
        }
        step.add(event);
        accepted(time, time, id, redriven);
        return Acceptance.ACCEPTED;
    }

    Acceptance accept(ProcessSnapshot snapshot, long arrival, @Nullable Redriven redriven) {
        long time = snapshot.timestampMillis();
        long id = EventId.digest(snapshot.eventId());
        boolean anew = isForgottenBy(time, arrival);
        Reach reach = Reach.of(redriven, false);
        boolean known = !anew && isKnown(id, redriven);
        Acceptance refusal = refusalOf(time, arrival, anew, known, reach);
        if (refusal != null) {
            return refusal;
        }
        Acceptance overflow = overflow(snapshot, anew, redriven != null || id != EventId.NONE);
        if (overflow != null) {
            return overflow;
        }
        arrive(anew, time, arrival, reach);
        figures.add(snapshot);
        for (ProcessSnapshot.StepReading reading : snapshot.steps()) {
            step(reading.stepId()).addReading(time, reading.utilizationNano(), reading.cycleTimeMicros());
        }
        accepted(time, time, id, redriven);
        return Acceptance.ACCEPTED;
    }

    private @Nullable Acceptance refusalOf(long time, long arrival, boolean anew, boolean known, Reach reach) {
        if (policy.isImplausible(time, arrival)) {
            shard.refusedTime().ahead(time, arrival);
            return Acceptance.FUTURE;
        }
        if (anew) {
            return null;
        }
        if (known) {
            return Acceptance.DUPLICATE;
        }
        long openFrom = openFrom(arrival, reach);
        if (time >= openFrom) {
            return null;
        }
        shard.refusedTime().late(time, reach == Reach.ORDINARY ? watermarkOn(arrival) : watermark, openFrom, reach);
        return Acceptance.LATE;
    }

    /** Of an input whose state was taken at the first time, the producer's id is known since then and says nothing. */
    private boolean isKnown(long id, @Nullable Redriven redriven) {
        if (redriven == null) {
            return eventIds.contains(id);
        }
        return eventIds.contains(EventId.digest(redriven.id())) || (!redriven.stateKept() && eventIds.contains(id));
    }

    /** From when on facts of a record are taken, epoch milliseconds. */
    private long openFrom(long arrival, Reach reach) {
        return reach == Reach.ORDINARY ? firstOpenPane(watermarkOn(arrival)) : firstRetained();
    }

    private static boolean claimReachesOpenPane(TelemetryEvent event, long openFrom) {
        return event.state != null
                && event.durationMillis > 0
                && event.timestampMillis + event.durationMillis > openFrom;
    }

    private long firstOpenPane(long atWatermark) {
        return Math.max(openFrom, policy.firstOpenPane(atWatermark));
    }

    private long firstRetained() {
        return Math.max(retainedSince, policy.retainedFrom(watermark));
    }

    private @Nullable Acceptance overflow(@Nullable StepLog step, boolean hasId) {
        if (step == null && steps.size() >= shard.limits().steps()) {
            return Acceptance.TOO_MANY_STEPS;
        }
        boolean full = (step != null && step.size() >= shard.limits().samplesPerStep())
                || (hasId && eventIds.size() >= shard.limits().eventIds());
        return full ? Acceptance.TOO_MANY_SAMPLES : null;
    }

    private @Nullable Acceptance overflow(ProcessSnapshot snapshot, boolean anew, boolean hasId) {
        Set<String> stepIds = anew ? new HashSet<>() : steps.ids();
        for (ProcessSnapshot.StepReading reading : snapshot.steps()) {
            Acceptance overflow = anew ? null : overflow(steps.find(reading.stepId()), hasId);
            if (overflow != null) {
                return overflow;
            }
            stepIds.add(reading.stepId());
        }
        if (stepIds.size() > shard.limits().steps()) {
            return Acceptance.TOO_MANY_STEPS;
        }
        return !anew && figures.size() >= shard.limits().samplesPerStep() ? Acceptance.TOO_MANY_SAMPLES : null;
    }

    private StepLog step(String stepId) {
        StepLog step = steps.find(stepId);
        return step != null ? step : steps.add(new StepLog(stepId, policy, shard.row()));
    }

    // ---- watermark

    /**
     * A record of the process is about to be applied: what its arrival says of the time before it comes first. That of a redriven record
     * or of a correction is not the machine's and says nothing of it, unless it brings the newest that is known: when that came is what
     * silence is told by.
     */
    private void arrive(boolean anew, long time, long arrival, Reach reach) {
        if (anew) {
            beginAnew();
        }
        if (maxEventTime != WindowPolicy.NO_WATERMARK && reach == Reach.ORDINARY) {
            advanceWatermark(watermarkOn(arrival));
        }
        if (arrival != TelemetryEvent.ABSENT
                && (reach == Reach.ORDINARY || time > maxEventTime || lastArrival == TelemetryEvent.ABSENT)) {
            lastArrival = Math.max(lastArrival, arrival);
        }
        if (shownProvisionally) {
            shownProvisionally = false;
            silences++;
            silentAsShown = silent;
            Arrays.asList(closed).forEach(ClosedWindows::silenceEnded);
            if (longWindows != null) {
                longWindows.silenceEnded();
            }
        }
    }

    /** A record of {@code time} was applied, whose facts lie at {@code from} or later. */
    private void accepted(long time, long from, long id, @Nullable Redriven redriven) {
        if (redriven != null) {
            remember(EventId.digest(redriven.id()), from);
            remember(id, from);
        } else if (id != EventId.NONE) {
            eventIds.add(id, from);
        }
        if (watermark != WindowPolicy.NO_WATERMARK && from < watermark) {
            // Windows past their lateness stay as they are: a part of what they were made of may be folded away.
            touchedFrom = Math.min(touchedFrom, Math.max(from, firstOpenPane(watermark)));
        }
        if (time > maxEventTime) {
            maxEventTime = time;
            advanceWatermark(time - policy.disorderMillis());
        }
    }

    private void remember(long id, long from) {
        if (id != EventId.NONE && !eventIds.contains(id)) {
            eventIds.add(id, from);
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
     * Whether the silence before a record is so long that the process starts anew: by its arrivals, for a process that was evicted from
     * memory meanwhile must behave the same, or by the event times themselves, which also bounds the windows that one record can close
     * (a machine whose clock began in 1970 and was then set right would close millions).
     */
    private boolean isForgottenBy(long time, long arrival) {
        if (maxEventTime == WindowPolicy.NO_WATERMARK) {
            return false;
        }
        return time - maxEventTime > policy.forgetAfterMillis()
                || (arrival != TelemetryEvent.ABSENT && shard.isForgotten(lastArrival, arrival));
    }

    /** What was still open is shown first, as at the end of an input: nothing of the time before will close it any more. */
    private void beginAnew() {
        showAll();
        steps.clear();
        figures.dropBefore(Long.MAX_VALUE);
        eventIds.clear();
        Arrays.setAll(closed, i -> new ClosedWindows());
        longWindows = null;
        maxEventTime = WindowPolicy.NO_WATERMARK;
        watermark = WindowPolicy.NO_WATERMARK;
        lastArrival = TelemetryEvent.ABSENT;
        openFrom = Long.MIN_VALUE;
        retainedSince = Long.MIN_VALUE;
        touchedFrom = UNTOUCHED;
        silences = 0;
        shownProvisionally = false;
        silent = true;
        silentAsShown = true;
        gapReported = TelemetryEvent.ABSENT;
    }

    private void advanceWatermark(long to) {
        if (to <= watermark) {
            return;
        }
        long before = watermark;
        boolean first = before == WindowPolicy.NO_WATERMARK;
        boolean edge = !first && policy.crossesPaneEdge(before, to);
        watermark = to;
        boolean longWanted =
                longWindows == null && (first || edge) && LongWindows.existAt(processId, to, shard.definitions());
        if (longWanted) {
            longWindows = new LongWindows(processId, shard, steps, figures, rules);
        }
        if (first) {
            for (int i = 0; i < closed.length; i++) {
                closed[i].begin(policy.windows().get(i), to);
            }
            if (longWindows != null) {
                longWindows.begin(policy.retainedFrom(to), to);
            }
        } else if (edge) {
            if (longWanted && longWindows != null) {
                longWindows.beginUnderWay(Math.max(retainedSince, policy.retainedFrom(before)), before);
            }
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
                boolean empty = !close(i, end);
                if (i == 0) {
                    if (empty && !silent) {
                        reportGap(end - window.sizeMillis());
                    }
                    silent = empty;
                    silentAsShown = empty;
                }
                end = empty ? lastEmpty(i, end, watermark) : end;
                closed[i].closedUpTo(end);
            }
        }
        if (longWindows != null) {
            longWindows.close(watermark, touchedFrom, generation);
        }
        touchedFrom = UNTOUCHED;
    }

    /**
     * Emits a window, unless it holds just what was emitted of it before, or holds nothing and never did: one that late facts emptied
     * (the machine was out of sight after all) replaces what was said of it. Returns whether it was to be emitted or known as such.
     * After a rewind even that is emitted again: late facts may have revised it before, under another configuration.
     */
    private boolean close(int definition, long end) {
        WindowFacts facts = factsOf(definition, end, closed[definition].wasEmitted(end));
        if (facts == null) {
            return false;
        }
        int revision = closed[definition].nextRevision(end, Fingerprint.of(facts));
        boolean isNew = revision >= 0;
        if (isNew || generation > 0) {
            int edition = isNew ? revision : closed[definition].revisionOf(end);
            shard.output().closed(facts, new Emission(true, generation, edition, !isNew));
        }
        return true;
    }

    /**
     * The facts of a window, or null where it holds nothing, unless they are wanted even so. A step that nobody named is part of the
     * windows in which it holds anything, and of no others: one stray record would otherwise count as no signal for days.
     */
    private @Nullable WindowFacts factsOf(int definition, long end, boolean evenIfEmpty) {
        WindowDefinition window = policy.windows().get(definition);
        long start = end - window.sizeMillis();
        ProcessDefinition process = shard.definitions().of(processId, start);
        List<StepFacts> stepFacts = new ArrayList<>(steps.size());
        boolean hasFacts = false;
        int silentSteps = 0;
        EnergyPanes energy = shard.energyPanes();
        energy.begin(start);
        for (StepLog step : steps.inOrder()) {
            if (!step.seenBefore(end)) {
                continue;
            }
            StepFacts facts = step.facts(start, end, process, rules, shard.factsBuilder(), energy);
            boolean holdsAnything = shard.factsBuilder().hasFacts();
            hasFacts |= holdsAnything;
            if (holdsAnything || process.names(step.stepId())) {
                stepFacts.add(facts);
            } else {
                silentSteps++;
            }
        }
        WindowFacts.StatedFigures stated = figures.facts(start, end);
        if (!hasFacts && stated == null && !evenIfEmpty) {
            return null;
        }
        energy.settle(end);
        return new WindowFacts(
                processId, window.name(), start, end, process, stepFacts, silentSteps, stated, energy.peak(), null);
    }

    /**
     * The last of the windows after an empty one, up to {@code lastEnd}, that are empty too because nothing is left to end, hold or come
     * up in them: after a weekend nobody wants to wait until thousands of windows have been looked into.
     */
    @SuppressWarnings(
            "ReferenceEquality") // a version that returns later is another object: in between there was another one
    private long lastEmpty(int definition, long end, long lastEnd) {
        WindowDefinition window = policy.windows().get(definition);
        long last = window.lastEndAtOrBefore(lastEnd);
        if (last <= end || !figures.areBefore(end)) {
            return end;
        }
        long start = end - window.sizeMillis();
        ProcessDefinition process = shard.definitions().of(processId, start);
        if (process != shard.definitions().of(processId, last - window.sizeMillis())) {
            return end;
        }
        for (StepLog step : steps.inOrder()) {
            if (!step.staysUnknownFrom(start, end, process, rules, shard.scratch())) {
                return end;
            }
        }
        return last;
    }

    /** A gap that was already seen coming while the process was quiet is not reported again when it is final. */
    private void reportGap(long from) {
        if (from != gapReported) {
            shard.output().gap(processId, from);
        }
        gapReported = from;
    }

    // ---- show provisionally: nothing here changes what a final result will be

    /** The shard's time has reached {@code now} and the process has said nothing for longer than the idle timeout. */
    void showProvisionally(long now) {
        if (lastArrival == TelemetryEvent.ABSENT || now - lastArrival <= policy.idleTimeoutMillis()) {
            return;
        }
        long eventTime = maxEventTime + (now - lastArrival) - policy.disorderMillis();
        for (int i = 0; i < closed.length; i++) {
            show(i, eventTime);
        }
        showLong(eventTime, Long.MIN_VALUE);
    }

    private void showLong(long lastEnd, long lastStart) {
        if (longWindows != null && longWindows.show(lastEnd, lastStart, generation, silences)) {
            shownProvisionally = true;
        }
    }

    /** The input has ended, or what is known of the process is about to be forgotten: shows every window that has begun. */
    void showAll() {
        if (maxEventTime != WindowPolicy.NO_WATERMARK) {
            for (int i = 0; i < closed.length; i++) {
                show(i, maxEventTime + policy.windows().get(i).sizeMillis());
            }
            showLong(Long.MIN_VALUE, maxEventTime);
        }
    }

    private void show(int definition, long lastEnd) {
        WindowDefinition window = policy.windows().get(definition);
        long end = closed[definition].shownUpTo() + window.slideMillis();
        for (; end <= lastEnd; end += window.slideMillis()) {
            WindowFacts facts = factsOf(definition, end, false);
            if (facts != null) {
                shard.output().closed(facts, new Emission(false, generation, silences));
            }
            if (definition == 0) {
                if (facts == null && !silentAsShown) {
                    reportGap(end - window.sizeMillis());
                }
                silentAsShown = facts == null;
            }
            end = facts == null ? lastEmpty(definition, end, lastEnd) : end;
            closed[definition].provisionalUpTo(end);
            shownProvisionally = true;
        }
    }

    // ---- evict

    /** Folds away what no window can read or change any more. */
    private void evict() {
        long retainedFrom = policy.retainedFrom(watermark);
        if (longWindows != null) {
            longWindows.fold(retainedFrom, watermark - policy.allowedLatenessMillis());
        }
        for (StepLog step : steps.inOrder()) {
            step.foldBefore(retainedFrom, rules);
        }
        figures.dropBefore(retainedFrom);
        eventIds.dropBefore(retainedFrom);
        Arrays.asList(closed).forEach(windows -> windows.forgetUpTo(watermark - policy.allowedLatenessMillis()));
    }

    // ---- look inside

    ProcessContents contents() {
        return new ProcessContents(
                processId, watermark, maxEventTime, generation, openWindows(), Wire.lengthOf(this::write));
    }

    private int openWindows() {
        if (maxEventTime == WindowPolicy.NO_WATERMARK) {
            return 0;
        }
        int sliding = ClosedWindows.open(closed, policy, maxEventTime);
        return longWindows == null ? sliding : sliding + longWindows.open(maxEventTime);
    }

    // ---- snapshot, restore

    void write(DataOutput out) throws IOException {
        out.writeLong(generation);
        out.writeLong(maxEventTime);
        out.writeLong(lastArrival);
        out.writeLong(watermark);
        out.writeLong(firstOpenPane(watermark));
        out.writeLong(touchedFrom);
        out.writeInt(silences);
        out.writeBoolean(shownProvisionally);
        out.writeBoolean(silent);
        out.writeBoolean(silentAsShown);
        out.writeLong(gapReported);
        ClosedWindows.writeAll(closed, policy, out);
        out.writeInt(steps.size());
        for (StepLog step : steps.inOrder()) {
            out.writeUTF(step.stepId());
            step.write(out);
        }
        figures.write(out);
        eventIds.write(out);
        out.writeBoolean(longWindows != null);
        if (longWindows != null) {
            longWindows.write(out);
        }
    }

    void read(DataInput in) throws IOException {
        generation = in.readLong();
        maxEventTime = in.readLong();
        lastArrival = in.readLong();
        watermark = in.readLong();
        openFrom = in.readLong();
        touchedFrom = in.readLong();
        silences = in.readInt();
        shownProvisionally = in.readBoolean();
        silent = in.readBoolean();
        silentAsShown = in.readBoolean();
        gapReported = in.readLong();
        retainedSince = ClosedWindows.readAll(closed, policy, watermark, openFrom, in);
        int stepCount = in.readInt();
        for (int i = 0; i < stepCount; i++) {
            step(in.readUTF()).read(in);
        }
        figures.read(in);
        eventIds.read(in);
        if (in.readBoolean()) {
            longWindows = new LongWindows(processId, shard, steps, figures, rules);
            retainedSince = Math.max(retainedSince, longWindows.read(in));
        }
        retainedSince = Math.max(retainedSince, steps.foldedTo());
    }
}
