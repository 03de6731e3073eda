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
 */
public record Advice(Priority priority, String summary, List<Recommendation> recommendations, Risk risk) {
    public Advice {
        recommendations = List.copyOf(recommendations);
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

    /** In rising order. */
    public enum RiskLevel {
        LOW("low"),
        MEDIUM("medium");

        private final String label;

        RiskLevel(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }
    }
}
