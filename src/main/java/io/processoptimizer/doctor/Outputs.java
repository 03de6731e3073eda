package io.processoptimizer.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Recent outputs of some processes, as they are stored.
 *
 * @param results window results, newest first within a process
 * @param advice advice records
 * @param adjustments adjustments with their status
 * @param letters dead letters by reason, of the last hour
 */
public record Outputs(
        List<JsonNode> results, List<JsonNode> advice, List<JsonNode> adjustments, Map<String, Long> letters) {
    /** End of the newest window, epoch ms; 0: there is none. */
    public long newestResultMillis() {
        return newest(results);
    }

    /** End of the window of the newest adjustment, epoch ms; 0: there is none. */
    public long newestAdjustmentMillis() {
        return newest(adjustments);
    }

    private static long newest(List<JsonNode> nodes) {
        return nodes.stream()
                .mapToLong(node -> node.path("window_end").asLong())
                .max()
                .orElse(0);
    }

    /** Results that have an OEE. */
    public long withOee() {
        return count(results, result -> result.path("oee").isNumber());
    }

    /** Results that give this reason. */
    public long withReason(String reason) {
        return count(results, result -> {
            for (JsonNode one : result.path("reasons")) {
                if (one.asText().equals(reason)) {
                    return true;
                }
            }
            return false;
        });
    }

    /** Results that lack facts. */
    public long incomplete() {
        return count(
                results,
                result -> result.has("complete") && !result.path("complete").asBoolean());
    }

    /** Results that are below the target of their process. */
    public long belowTarget() {
        return count(results, result -> result.path("status").asText().equals("below_target"));
    }

    /** Results with a constraint that is sure enough to be named. */
    public long withConstraint() {
        return count(
                results, result -> result.path("constraint").path("step_id").isTextual());
    }

    public List<JsonNode> given() {
        return advice.stream()
                .filter(one -> one.path("outcome").asText().equals("given"))
                .toList();
    }

    /** Advice that a model was to give and the rules gave, by why. */
    public Map<String, Long> fallbacks() {
        Map<String, Long> reasons = new TreeMap<>();
        for (JsonNode one : given()) {
            if (one.path("source").asText().equals("fallback")) {
                reasons.merge(
                        one.path("consultation").path("fallback").path("reason").asText("unknown"), 1L, Long::sum);
            }
        }
        return reasons;
    }

    /** How often nobody was asked, by why. */
    public Map<String, Long> notAsked() {
        Map<String, Long> reasons = new TreeMap<>();
        for (JsonNode one : advice) {
            if (one.path("outcome").asText().equals("not_asked")) {
                reasons.merge(one.path("why").asText("unknown"), 1L, Long::sum);
            }
        }
        return reasons;
    }

    /** Adjustments by status: pending, published, expired, withheld. */
    public Map<String, Long> adjustmentsByStatus() {
        Map<String, Long> statuses = new TreeMap<>();
        adjustments.forEach(one -> statuses.merge(one.path("status").asText("unknown"), 1L, Long::sum));
        return statuses;
    }

    /** Measured effects of a verdict: better, worse, unclear, not_comparable. */
    public long effects(String verdict) {
        return count(
                adjustments, one -> one.path("effect").path("verdict").asText().equals(verdict));
    }

    private static long count(List<JsonNode> nodes, Predicate<JsonNode> which) {
        return nodes.stream().filter(which).count();
    }
}
