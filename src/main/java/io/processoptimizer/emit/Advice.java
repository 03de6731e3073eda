package io.processoptimizer.emit;

import io.processoptimizer.emit.Recommendation.ExpectedImprovement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to do about the result of one window.
 *
 * @param priority of the most urgent recommendation; low where there is none
 * @param summary one sentence: how the process does
 * @param recommendations the most urgent first
 * @param risk of the first recommendation
 * @param changes of parameters, each on the process's list and inside its bounds
 */
public record Advice(
        Priority priority, String summary, List<Recommendation> recommendations, Risk risk, List<Change> changes) {
    public Advice {
        recommendations = List.copyOf(recommendations);
        changes = List.copyOf(changes);
    }

    /** No parameter is to be changed. */
    public Advice(Priority priority, String summary, List<Recommendation> recommendations, Risk risk) {
        this(priority, summary, recommendations, risk, List.of());
    }

    /** What the first recommendation should bring, or null. */
    public @Nullable ExpectedImprovement expectedImprovement() {
        return recommendations.isEmpty() ? null : recommendations.get(0).expected();
    }

    /**
     * What could go wrong when the advice is followed.
     *
     * @param note one sentence
     */
    public record Risk(RiskLevel level, String note) {}

    /**
     * A parameter is to be set to another value.
     *
     * @param parameter its name
     * @param stepId where it is; null: of the process as a whole
     * @param current in force
     * @param proposed between {@code min} and {@code max}
     * @param min least value that the process's definition allows
     * @param max greatest value that it allows
     * @param reason one or two sentences; empty where none was given that can be passed on
     */
    public record Change(
            String parameter,
            @Nullable String stepId,
            double current,
            double proposed,
            double min,
            double max,
            String reason,
            List<Evidence> evidence) {
        public Change {
            evidence = List.copyOf(evidence);
        }
    }

    /** In rising order. */
    public enum RiskLevel {
        LOW("low"),
        MEDIUM("medium"),
        HIGH("high");

        private final String label;

        RiskLevel(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }
    }
}
