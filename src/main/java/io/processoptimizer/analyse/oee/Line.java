package io.processoptimizer.analyse.oee;

import io.processoptimizer.event.ProcessDefinition;
import io.processoptimizer.window.StepFacts;
import io.processoptimizer.window.WindowFacts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The steps of a window in line order.
 *
 * @param steps first those that the order names, then the others in natural order of their ids
 * @param ordered how many of them have a place in the line: all where the order is assumed
 * @param assumed nobody configured an order
 * @param outputStep the step whose parts are the process's; null where no step is known
 * @param outputIndex its index in {@code steps}, or −1 where it has not been seen
 */
public record Line(
        List<StepFacts> steps,
        int ordered,
        boolean assumed,
        @Nullable String outputStep,
        int outputIndex) {

    public static Line of(WindowFacts facts) {
        ProcessDefinition definition = facts.definition();
        List<String> order = definition.stepOrder();
        List<StepFacts> steps = inNaturalOrder(facts.steps());
        boolean assumed = order.isEmpty();
        int ordered = steps.size();
        if (!assumed) {
            Map<String, StepFacts> unplaced = new HashMap<>();
            for (StepFacts step : steps) {
                unplaced.put(step.stepId(), step);
            }
            List<StepFacts> placed = new ArrayList<>(steps.size());
            for (String stepId : order) {
                StepFacts step = unplaced.remove(stepId);
                if (step != null) {
                    placed.add(step);
                }
            }
            ordered = placed.size();
            for (StepFacts step : steps) {
                if (unplaced.containsKey(step.stepId())) {
                    placed.add(step);
                }
            }
            steps = placed;
        }
        String output = definition.outputStep();
        if (output == null && !assumed) {
            output = order.get(order.size() - 1);
        } else if (output == null && !steps.isEmpty()) {
            output = steps.get(steps.size() - 1).stepId();
        }
        return new Line(steps, ordered, assumed, output, indexOf(steps, output));
    }

    /** Index of a step, or −1. */
    public int indexOf(@Nullable String stepId) {
        return indexOf(steps, stepId);
    }

    private static int indexOf(List<StepFacts> steps, @Nullable String stepId) {
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i).stepId().equals(stepId)) {
                return i;
            }
        }
        return -1;
    }

    private static List<StepFacts> inNaturalOrder(List<StepFacts> steps) {
        for (int i = 1; i < steps.size(); i++) {
            if (compareNatural(steps.get(i - 1).stepId(), steps.get(i).stepId()) > 0) {
                List<StepFacts> sorted = new ArrayList<>(steps);
                sorted.sort((a, b) -> compareNatural(a.stepId(), b.stepId()));
                return sorted;
            }
        }
        return steps;
    }

    /** As people sort: digits compare as numbers, so {@code step2} stands before {@code step10}. A total order. */
    static int compareNatural(String a, String b) {
        int i = 0;
        int j = 0;
        while (i < a.length() && j < b.length()) {
            char x = a.charAt(i);
            char y = b.charAt(j);
            if (isDigit(x) && isDigit(y)) {
                int from = skipZeros(a, i);
                int fromOther = skipZeros(b, j);
                i = skipDigits(a, from);
                j = skipDigits(b, fromOther);
                int byLength = Integer.compare(i - from, j - fromOther);
                int byDigits = byLength != 0 ? byLength : a.substring(from, i).compareTo(b.substring(fromOther, j));
                if (byDigits != 0) {
                    return byDigits;
                }
            } else if (x != y) {
                return Character.compare(x, y);
            } else {
                i++;
                j++;
            }
        }
        int byRest = Integer.compare(a.length() - i, b.length() - j);
        return byRest != 0 ? byRest : a.compareTo(b); // step1 and step01 are two steps
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static int skipZeros(String s, int from) {
        int i = from;
        while (i < s.length() && s.charAt(i) == '0') {
            i++;
        }
        return i;
    }

    private static int skipDigits(String s, int from) {
        int i = from;
        while (i < s.length() && isDigit(s.charAt(i))) {
            i++;
        }
        return i;
    }
}
