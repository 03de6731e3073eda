package io.processoptimizer.window;

import io.processoptimizer.event.TelemetryEvent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All that an engine said, in words that two engines can be compared by. */
final class Transcript implements WindowOutput {
    /** One thing said of one window (or, of window {@link #GAP}, of the silence of a process) while the record {@code at} was taken. */
    record Line(int at, String processId, String window, long end, boolean isFinal, int revision, String text) {
        @Override
        public String toString() {
            return "at record " + at + ": " + processId + "/" + window + " .. " + end
                    + (isFinal ? " final" : " provisional") + " revision " + revision + text;
        }
    }

    static final String GAP = "(gap)";

    /** Which record is being taken; set by whoever offers it. */
    int at;

    final List<Line> lines = new ArrayList<>();
    final List<WindowFacts> facts = new ArrayList<>();
    final List<Acceptance> acceptances = new ArrayList<>();

    @Override
    public void closed(WindowFacts closed, Emission emission) {
        facts.add(closed);
        lines.add(new Line(
                at,
                closed.processId(),
                closed.window(),
                closed.endMillis(),
                emission.isFinal(),
                emission.revision(),
                text(closed)));
    }

    @Override
    public void gap(String processId, long fromMillis) {
        lines.add(new Line(at, processId, GAP, fromMillis, true, 0, ""));
    }

    /** What was said of each process and window, in the order in which it was said. */
    Map<String, List<Line>> byWindow() {
        Map<String, List<Line>> byWindow = new TreeMap<>();
        for (Line line : lines) {
            byWindow.computeIfAbsent(line.processId + "/" + line.window, key -> new ArrayList<>())
                    .add(line);
        }
        return byWindow;
    }

    /** The final results alone (and, as silence is noticed earlier by who looks earlier, no gaps), whenever they were said. */
    Transcript finals() {
        return of(lines.stream().filter(line -> line.isFinal && !line.window.equals(GAP)));
    }

    /** What was said of each window, whenever it was said. */
    Transcript atAnyTime() {
        return of(lines.stream());
    }

    private static Transcript of(Stream<Line> lines) {
        Transcript transcript = new Transcript();
        lines.forEach(line -> transcript.lines.add(
                new Line(0, line.processId, line.window, line.end, line.isFinal, line.revision, line.text)));
        return transcript;
    }

    /** The gaps that were reported, of each process by their beginning. */
    List<String> gaps() {
        return lines.stream()
                .filter(line -> line.window.equals(GAP))
                .map(line -> line.processId + " from " + line.end)
                .sorted()
                .toList();
    }

    /** The last result that was said of a window, or null. */
    @Nullable
    WindowFacts last(String processId, long end) {
        WindowFacts last = null;
        for (WindowFacts candidate : facts) {
            if (candidate.processId().equals(processId) && candidate.endMillis() == end) {
                last = candidate;
            }
        }
        return last;
    }

    static String text(WindowFacts facts) {
        StringBuilder text = new StringBuilder(" [" + facts.startMillis() + ", " + facts.endMillis() + ") by "
                + facts.definition().version());
        for (StepFacts step : facts.steps()) {
            text.append("\n    ").append(text(step));
        }
        text.append(facts.silentSteps() == 0 ? "" : "\n    and " + facts.silentSteps() + " silent");
        if (facts.energyPeak() != null) {
            text.append("\n    ").append(facts.energyPeak());
        }
        if (facts.stated() != null) {
            text.append("\n    ").append(facts.stated());
        }
        return text.toString();
    }

    private static String text(StepFacts step) {
        StepFacts.Timeline timeline = step.timeline();
        StringBuilder text = new StringBuilder(step.stepId() + ":");
        for (int run = 0; run < timeline.runs(); run++) {
            text.append(' ').append(timeline.starts()[run]).append(' ').append(timeline.states()[run]);
        }
        text.append(" .. ").append(timeline.end()).append(timeline.partialStart() ? " partial" : "");
        text.append(" since ")
                .append(timeline.firstStateSince())
                .append(" active ")
                .append(timeline.firstActiveSince());
        List<StepFacts.PartCounts> parts = new ArrayList<>(step.parts());
        parts.sort(Comparator.comparing(StepFacts.PartCounts::toString));
        for (StepFacts.PartCounts count : parts) {
            text.append(" parts ")
                    .append(count.product())
                    .append(
                            count.statedIdealCycleMicros() == TelemetryEvent.ABSENT
                                    ? ""
                                    : " at " + count.statedIdealCycleMicros())
                    .append(": ")
                    .append(count.good() + "+" + count.reject() + "(" + count.startupReject() + ")+" + count.rework());
        }
        text.append(" unplanned ").append(step.unplannedGood());
        text.append(" energy ").append(step.energyRunningMilliwattHours());
        text.append('+').append(step.energyOtherMilliwattHours());
        return text.append(' ')
                .append(step.utilization())
                .append(' ')
                .append(step.observedCycle())
                .append(step.totals() == null ? "" : " " + step.totals())
                .append(step.inferred().equals(StepFacts.Inferred.NOTHING) ? "" : " " + step.inferred())
                .toString();
    }

    /** The first difference between two transcripts in a readable form, or null where they agree. */
    static @Nullable String difference(Transcript expected, Transcript actual) {
        for (int i = 0; i < Math.min(expected.acceptances.size(), actual.acceptances.size()); i++) {
            if (expected.acceptances.get(i) != actual.acceptances.get(i)) {
                return "record " + i + " is " + actual.acceptances.get(i) + ", should be "
                        + expected.acceptances.get(i);
            }
        }
        Map<String, List<Line>> should = expected.byWindow();
        Map<String, List<Line>> is = actual.byWindow();
        Map<String, List<Line>> all = new HashMap<>(should);
        all.putAll(is);
        for (String key : all.keySet().stream().sorted().toList()) {
            List<Line> a = should.getOrDefault(key, Collections.emptyList());
            List<Line> b = is.getOrDefault(key, Collections.emptyList());
            for (int i = 0; i < Math.max(a.size(), b.size()); i++) {
                Line left = i < a.size() ? a.get(i) : null;
                Line right = i < b.size() ? b.get(i) : null;
                if (left == null || !left.equals(right)) {
                    return "of " + key + " the result no. " + i + " is\n  " + right + "\nshould be\n  " + left;
                }
            }
        }
        return null;
    }
}
