package io.processoptimizer.window;

import io.processoptimizer.event.Calendar;
import io.processoptimizer.event.EventId;
import io.processoptimizer.event.ProcessDefinition;
import io.processoptimizer.event.ProcessDefinitions;
import io.processoptimizer.event.ProcessSnapshot;
import io.processoptimizer.event.TelemetryEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The window engine as its documents describe it, in the simplest words: nothing is folded, cached or forgotten before its time,
 * and whenever something may have changed every window is computed again. It shares only the value types with the engine.
 */
final class NaiveWindows {
    private record Edition(int revision, String text) {}

    /** The windows of one definition. */
    private static final class Family {
        final WindowDefinition window;
        final boolean isDefault;
        final Map<Long, Edition> emitted = new HashMap<>();
        long closedUpTo;
        long shownUpTo;

        Family(WindowDefinition window, boolean isDefault, long watermark) {
            this.window = window;
            this.isDefault = isDefault;
            closedUpTo = lastEdge(watermark, window.slideMillis());
            shownUpTo = closedUpTo;
        }
    }

    /** The shifts or the days of a process. */
    private static final class LongFamily {
        final Calendar.Period period;
        final Map<Long, Edition> emitted = new HashMap<>();
        long closedUpTo;
        long shownUpTo;

        LongFamily(Calendar.Period period, long watermark) {
            this.period = period;
            closedUpTo = watermark;
            shownUpTo = watermark;
        }
    }

    /** A fact from {@code from} on was accepted at a watermark. */
    private record Touch(long from, long watermark) {}

    private static final class OneProcess {
        final String id;
        final NaiveFacts facts;
        final Map<Long, Long> eventIds = new HashMap<>();
        final List<Family> families = new ArrayList<>();
        final List<LongFamily> longFamilies = new ArrayList<>();

        /** Long windows that have ended by then are none of its. */
        long longFrom;

        long highest;
        long watermark;

        @Nullable
        Long lastArrival;

        /** What was accepted since the last edge. */
        final List<Touch> touches = new ArrayList<>();

        int silences;
        boolean shown;
        boolean silent = true;
        boolean silentAsShown = true;

        @Nullable
        Long gapSaid;

        OneProcess(String id, long paneMillis) {
            facts = new NaiveFacts(paneMillis);
            this.id = id;
        }
    }

    private final WindowPolicy policy;
    private final ProcessDefinitions definitions;
    private final WindowOutput output;
    private final Map<String, OneProcess> processes = new TreeMap<>();

    NaiveWindows(WindowPolicy policy, ProcessDefinitions definitions, WindowOutput output) {
        this.policy = policy;
        this.definitions = definitions;
        this.output = output;
    }

    // ---- accept

    Acceptance accept(Given given) {
        TelemetryEvent event = given.event();
        ProcessSnapshot snapshot = given.snapshot();
        long time = given.time();
        Long arrival = given.arrival() == TelemetryEvent.ABSENT ? null : given.arrival();
        long eventId = event != null ? event.eventId : EventId.digest(snapshot == null ? null : snapshot.eventId());
        if (arrival != null && time - arrival > policy.maxFutureMillis()) {
            return Acceptance.FUTURE;
        }
        OneProcess process = processes.get(given.processId());
        boolean anew = process == null || isForgotten(process, time, arrival);
        if (process == null || anew) {
            process = new OneProcess(given.processId(), policy.paneMillis());
            process.highest = time;
            process.watermark = time - policy.disorderMillis();
            for (WindowDefinition window : policy.windows()) {
                process.families.add(new Family(window, process.families.isEmpty(), process.watermark));
            }
            process.longFrom = retainedFrom(process);
            for (Calendar.Period period : Calendar.Period.values()) {
                process.longFamilies.add(new LongFamily(period, process.watermark));
            }
        }
        boolean corrects = event != null && event.correction;
        long watermark = corrects ? process.watermark : watermarkAfterIdling(process, arrival);
        if (eventId != EventId.NONE && process.eventIds.containsKey(eventId)) {
            return Acceptance.DUPLICATE;
        }
        long retained = retainedFrom(process);
        boolean late = corrects ? time < retained : isLate(time, watermark);
        boolean cut = late
                && event != null
                && event.state != null
                && event.durationMillis > 0
                && (corrects
                        ? time + event.durationMillis > retained
                        : !isLate(time + event.durationMillis - 1, watermark));
        if (late && !cut) {
            return Acceptance.LATE;
        }
        OneProcess before = processes.put(given.processId(), process);
        if (before != null && before != process) {
            showAll(before);
        }
        hear(process, watermark, corrects && process.lastArrival != null && time <= process.highest ? null : arrival);
        long from = time;
        while (corrects ? from < retained : isLate(from, process.watermark)) {
            from = corrects ? retained : lastEdge(from, policy.paneMillis()) + policy.paneMillis();
        }
        process.touches.add(new Touch(from, process.watermark));
        if (event == null) {
            process.facts.add(Objects.requireNonNull(snapshot));
        } else if (cut) {
            process.facts.addRestOfClaim(event, from);
        } else {
            process.facts.add(event);
        }
        if (eventId != EventId.NONE) {
            process.eventIds.put(eventId, from);
        }
        process.highest = Math.max(process.highest, time);
        advance(process, process.highest - policy.disorderMillis());
        if (!cut) {
            return Acceptance.ACCEPTED;
        }
        return saysMore(event) ? Acceptance.FACTS_LATE : Acceptance.CLAIM_CUT;
    }

    /** Whether an event says anything beyond its state. */
    private static boolean saysMore(@Nullable TelemetryEvent event) {
        return event != null
                && (event.hasParts()
                        || event.hasCounters()
                        || event.product != null
                        || event.energyMilliwattHours != TelemetryEvent.ABSENT
                        || event.utilizationNano != TelemetryEvent.ABSENT
                        || event.cycleTimeMicros != TelemetryEvent.ABSENT);
    }

    private boolean isForgotten(OneProcess process, long time, @Nullable Long arrival) {
        boolean quiet = arrival != null
                && process.lastArrival != null
                && arrival - process.lastArrival > policy.forgetAfterMillis();
        return quiet || time - process.highest > policy.forgetAfterMillis();
    }

    /** Refused where the watermark ≥ pane end + allowed lateness. */
    private boolean isLate(long time, long watermark) {
        long paneEnd = lastEdge(time, policy.paneMillis()) + policy.paneMillis();
        return watermark >= paneEnd + policy.allowedLatenessMillis();
    }

    private static long lastEdge(long time, long length) {
        return time - Math.floorMod(time, length);
    }

    private long watermarkAfterIdling(OneProcess process, @Nullable Long arrival) {
        if (arrival == null || process.lastArrival == null) {
            return process.watermark;
        }
        long gap = arrival - process.lastArrival;
        long idled = process.highest + gap - policy.disorderMillis();
        return gap > policy.idleTimeoutMillis() ? Math.max(process.watermark, idled) : process.watermark;
    }

    private void hear(OneProcess process, long watermark, @Nullable Long arrival) {
        advance(process, watermark);
        if (arrival != null) {
            process.lastArrival = process.lastArrival == null ? arrival : Math.max(process.lastArrival, arrival);
        }
        if (process.shown) {
            process.shown = false;
            process.silences++;
            process.families.forEach(family -> family.shownUpTo = family.closedUpTo);
            process.longFamilies.forEach(family -> family.shownUpTo = family.closedUpTo);
            process.silentAsShown = process.silent;
        }
    }

    // ---- close

    private void advance(OneProcess process, long to) {
        long from = process.watermark;
        if (to <= from) {
            return;
        }
        process.watermark = to;
        if (lastEdge(to, policy.paneMillis()) == lastEdge(from, policy.paneMillis())) {
            return;
        }
        for (Family family : process.families) {
            long slide = family.window.slideMillis();
            long closedBefore = family.closedUpTo;
            for (long end = lastEdge(process.facts.earliest(), slide) + slide; end <= closedBefore; end += slide) {
                if (isTouched(process, end)) {
                    close(process, family, end);
                }
            }
            for (long end = closedBefore + slide; end <= to; end += slide) {
                boolean nothing = !close(process, family, end);
                if (family.isDefault) {
                    if (nothing && !process.silent) {
                        sayGap(process, end - family.window.sizeMillis());
                    }
                    process.silent = nothing;
                    process.silentAsShown = nothing;
                }
                family.closedUpTo = end;
            }
            family.shownUpTo = Math.max(family.shownUpTo, family.closedUpTo);
        }
        for (LongFamily family : process.longFamilies) {
            for (Calendar.Span span : spans(process, family.period, to)) {
                boolean first = span.endMillis() > family.closedUpTo;
                if (span.endMillis() <= to && (first || isTouched(process, span.endMillis()))) {
                    closeLong(process, family, span);
                    family.closedUpTo = Math.max(family.closedUpTo, span.endMillis());
                }
            }
            family.shownUpTo = Math.max(family.shownUpTo, family.closedUpTo);
        }
        forgetIds(process);
        process.touches.clear();
    }

    /** Whether a fact lies before a window's end and came before the window was past its lateness. */
    private boolean isTouched(OneProcess process, long end) {
        return process.touches.stream()
                .anyMatch(touch -> touch.from() < end && touch.watermark() < end + policy.allowedLatenessMillis());
    }

    /** All shifts or days that are on at the process's beginning or start by {@code lastStart}, in their order. */
    private List<Calendar.Span> spans(OneProcess process, Calendar.Period period, long lastStart) {
        List<Calendar.Span> spans = new ArrayList<>();
        Calendar calendar = definitions.of(process.id, process.longFrom).calendar();
        if (calendar == null) {
            return spans;
        }
        Calendar.Span on = calendar.containing(period, process.longFrom);
        long from = process.longFrom;
        if (on != null) {
            spans.add(on);
            from = on.endMillis();
        }
        for (Calendar.Span next = calendar.startingIn(period, from, lastStart + 1);
                next != null;
                next = calendar.startingIn(period, next.endMillis(), lastStart + 1)) {
            spans.add(next);
        }
        return spans;
    }

    private void closeLong(OneProcess process, LongFamily family, Calendar.Span span) {
        WindowFacts facts = longFacts(process, family, span);
        Edition before = family.emitted.get(span.endMillis());
        String text = Transcript.text(facts);
        if (before == null
                ? NaiveFacts.holdsAnything(rawFacts(process, family, span))
                : !before.text().equals(text)) {
            Edition edition = new Edition(before == null ? 0 : before.revision() + 1, text);
            family.emitted.put(span.endMillis(), edition);
            output.closed(facts, new Emission(true, 0, edition.revision()));
        }
    }

    private WindowFacts rawFacts(OneProcess process, LongFamily family, Calendar.Span span) {
        ProcessDefinition definition = definitions.of(process.id, span.startMillis());
        return process.facts.window(
                process.id, family.period.windowName(), span.startMillis(), span.endMillis(), definition);
    }

    private WindowFacts longFacts(OneProcess process, LongFamily family, Calendar.Span span) {
        return NaiveFacts.summed(rawFacts(process, family, span), span);
    }

    private void showLong(OneProcess process, LongFamily family, long lastEnd, long lastStart) {
        for (Calendar.Span span : spans(process, family.period, Math.max(lastEnd, lastStart))) {
            boolean wanted = span.endMillis() <= lastEnd || span.startMillis() <= lastStart;
            if (wanted && span.endMillis() > family.shownUpTo) {
                if (NaiveFacts.holdsAnything(rawFacts(process, family, span))) {
                    output.closed(longFacts(process, family, span), new Emission(false, 0, process.silences));
                }
                family.shownUpTo = span.endMillis();
                process.shown = true;
            }
        }
    }

    private long retainedFrom(OneProcess process) {
        long horizon = Long.MAX_VALUE;
        for (WindowDefinition window : policy.windows()) {
            long end = lastEdge(process.watermark - policy.allowedLatenessMillis(), window.slideMillis())
                    + window.slideMillis();
            horizon = Math.min(horizon, end - window.sizeMillis());
        }
        return horizon;
    }

    private boolean close(OneProcess process, Family family, long end) {
        WindowFacts facts = facts(process, family.window, end);
        boolean anything = NaiveFacts.holdsAnything(facts);
        Edition before = family.emitted.get(end);
        String text = Transcript.text(facts);
        if (before == null ? anything : !before.text().equals(text)) {
            Edition edition = new Edition(before == null ? 0 : before.revision() + 1, text);
            family.emitted.put(end, edition);
            output.closed(facts, new Emission(true, 0, edition.revision()));
        }
        return anything;
    }

    private WindowFacts facts(OneProcess process, WindowDefinition window, long end) {
        long start = end - window.sizeMillis();
        ProcessDefinition definition = definitions.of(process.id, start);
        return process.facts.window(process.id, window.name(), start, end, definition);
    }

    private void sayGap(OneProcess process, long from) {
        if (process.gapSaid == null || process.gapSaid != from) {
            output.gap(process.id, from);
        }
        process.gapSaid = from;
    }

    /** An id is known as long as a fact could still change the earliest window that holds the time of its event. */
    private void forgetIds(OneProcess process) {
        long retainedFrom = retainedFrom(process);
        process.eventIds.values().removeIf(time -> time < retainedFrom);
    }

    // ---- show provisionally

    void advanceTo(long now) {
        for (OneProcess process : new ArrayList<>(processes.values())) {
            if (process.lastArrival != null && now - process.lastArrival > policy.forgetAfterMillis()) {
                showAll(process);
                processes.remove(process.id);
            }
        }
        for (OneProcess process : processes.values()) {
            if (process.lastArrival != null && now - process.lastArrival > policy.idleTimeoutMillis()) {
                long time = process.highest + (now - process.lastArrival) - policy.disorderMillis();
                process.families.forEach(family -> show(process, family, time));
                process.longFamilies.forEach(family -> showLong(process, family, time, Long.MIN_VALUE));
            }
        }
    }

    void showAll() {
        processes.values().forEach(this::showAll);
    }

    /** Every window that has begun. */
    private void showAll(OneProcess process) {
        for (Family family : process.families) {
            show(process, family, process.highest + family.window.sizeMillis());
        }
        for (LongFamily family : process.longFamilies) {
            showLong(process, family, Long.MIN_VALUE, process.highest);
        }
    }

    private void show(OneProcess process, Family family, long lastEnd) {
        long slide = family.window.slideMillis();
        for (long end = family.shownUpTo + slide; end <= lastEnd; end += slide) {
            WindowFacts facts = facts(process, family.window, end);
            boolean nothing = !NaiveFacts.holdsAnything(facts);
            if (!nothing) {
                output.closed(facts, new Emission(false, 0, process.silences));
            }
            if (family.isDefault) {
                if (nothing && !process.silentAsShown) {
                    sayGap(process, end - family.window.sizeMillis());
                }
                process.silentAsShown = nothing;
            }
            family.shownUpTo = end;
            process.shown = true;
        }
    }
}
