package io.processoptimizer.advise;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.processoptimizer.emit.Advice;
import io.processoptimizer.emit.Advice.Change;
import io.processoptimizer.emit.Advice.Risk;
import io.processoptimizer.emit.Advice.RiskLevel;
import io.processoptimizer.emit.Consultation.Stripped;
import io.processoptimizer.emit.Evidence;
import io.processoptimizer.emit.Lever;
import io.processoptimizer.emit.Priority;
import io.processoptimizer.emit.Recommendation;
import io.processoptimizer.emit.Recommendation.ExpectedImprovement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The guardrails: makes advice of what a language model answered, whatever that is. Only what can be checked against the briefing gets
 * through: known levers, steps and figures, sentences without invented numbers, changes that {@link ProposedChanges} lets through. The
 * answer is taken as hostile throughout, since whoever can name a machine can write into the prompt.
 */
public final class Answer {
    static final int MAX_RECOMMENDATIONS = 3;
    static final int MAX_EVIDENCE = 8;

    /** Ten times what 1,500 tokens come to; more is not advice. */
    private static final int MAX_CHARS = 64_000;

    private static final int MAX_DEPTH = 16;
    private static final int MAX_NUMBER_CHARS = 100;
    private static final int MAX_SUMMARY = 300;
    private static final int MAX_TEXT = 600;
    private static final int MAX_NOTE = 300;

    /** What is left out is named so often: the record of an answer that is all rubbish must still fit an item of a table. */
    static final int MAX_STRIPPED = 100;

    /** Strict: what two readers could read differently is not read at all. */
    private static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxNumberLength(MAX_NUMBER_CHARS)
                            .maxStringLength(MAX_CHARS)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private final Briefing briefing;
    private final Map<String, Double> figures;
    private final List<String> steps;
    private final GivenNumbers numbers;
    private final boolean doubtful;
    private final List<Stripped> stripped = new ArrayList<>();

    private Answer(Briefing briefing) {
        this.briefing = briefing;
        figures = WindowNumbers.of(briefing);
        steps = Prompt.steps(briefing);
        ObjectNode data = Prompt.data(briefing);
        numbers = new GivenNumbers(data);
        doubtful = RuleAdvisor.isDoubtful(
                briefing.result().analysis(), briefing.result().complete());
    }

    /** What becomes of an answer. */
    public sealed interface Verdict {}

    /**
     * It may be passed on.
     *
     * @param stripped what of it was left out
     */
    public record Usable(Advice advice, List<Stripped> stripped) implements Verdict {}

    /**
     * Nothing of it may be passed on.
     *
     * @param why in a few words
     */
    public record Unusable(String why, List<Stripped> stripped) implements Verdict {}

    /**
     * Judges an answer.
     *
     * @param text the tool's input as JSON, or whatever came instead
     * @param resting parameters that were changed within their cooldown
     */
    public static Verdict judge(String text, Briefing briefing, Set<String> resting) {
        if (text.length() > MAX_CHARS) {
            return new Unusable(
                    "it is " + text.length() + " characters long; at most " + MAX_CHARS + " are read", List.of());
        }
        JsonNode root;
        try {
            root = MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            return new Unusable("it is not JSON: " + e.getOriginalMessage(), List.of());
        }
        if (root == null || !root.isObject()) {
            return new Unusable("it is not a JSON object", List.of());
        }
        return new Answer(briefing).judge(root, resting);
    }

    private Verdict judge(JsonNode root, Set<String> resting) {
        List<Recommendation> recommendations = recommendations(root.path("recommendations"));
        ProposedChanges proposed = new ProposedChanges(briefing.control(), resting, this::evidence, this::text);
        List<Change> changes = doubtful ? none(root.path("changes")) : proposed.of(root.path("changes"), this::strip);
        if (recommendations.isEmpty()) {
            return new Unusable("it holds no recommendation that can be checked", stripped);
        }
        Advice rules = RuleAdvisor.advise(
                briefing.result().analysis(), briefing.result().complete());
        String summary = text(root.path("summary"), "summary", MAX_SUMMARY);
        return new Usable(
                new Advice(
                        recommendations.get(0).priority(),
                        summary.isEmpty() ? rules.summary() : summary,
                        recommendations,
                        risk(root.path("risk"), recommendations.get(0).lever()),
                        changes),
                List.copyOf(stripped));
    }

    private List<Change> none(JsonNode proposed) {
        if (proposed.size() > 0) {
            strip("changes", "the figures of the window are incomplete or suspect");
        }
        return List.of();
    }

    private void strip(String part, String why) {
        if (stripped.size() < MAX_STRIPPED) {
            stripped.add(new Stripped(part, why));
        } else if (stripped.size() == MAX_STRIPPED) {
            stripped.add(new Stripped("answer", "more than " + MAX_STRIPPED + " parts were left out"));
        }
    }

    // ---- recommendations

    private List<Recommendation> recommendations(JsonNode node) {
        List<Recommendation> found = new ArrayList<>();
        for (int i = 0; i < node.size() && node.isArray(); i++) {
            String part = "recommendations[" + i + "]";
            if (found.size() == MAX_RECOMMENDATIONS) {
                strip(part, "more than " + MAX_RECOMMENDATIONS);
                break;
            }
            Recommendation recommendation = recommendation(node.get(i), part);
            if (recommendation != null) {
                found.add(recommendation);
            }
        }
        found.sort(Comparator.comparing(Recommendation::priority).reversed()); // stable: the model's order among equals
        return found;
    }

    private @Nullable Recommendation recommendation(JsonNode node, String part) {
        Lever lever = labelled(Lever.values(), Lever::label, node.path("lever"));
        if (lever == null) {
            strip(part, "no known lever");
            return null;
        }
        Priority priority = labelled(Priority.values(), Priority::label, node.path("priority"));
        if (priority == null) {
            strip(part, "no known priority");
            return null;
        }
        JsonNode step = node.path("step_id");
        boolean named =
                !step.isMissingNode() && !step.isNull() && !step.asText().isEmpty();
        if (named && !(step.isTextual() && steps.contains(step.textValue()))) {
            strip(part, "no step of this process");
            return null;
        }
        List<Evidence> evidence = evidence(node.path("evidence"), part);
        if (evidence.isEmpty()) {
            strip(part, "no evidence among the figures given");
            return null;
        }
        String text = text(node.path("text"), part + ".text", MAX_TEXT);
        if (text.isEmpty()) {
            strip(part, "no sentence that can be passed on");
            return null;
        }
        boolean capped = doubtful && priority == Priority.HIGH;
        if (capped) {
            strip(part + ".priority", "the figures of the window are incomplete or suspect");
        }
        return new Recommendation(
                lever,
                named ? step.textValue() : null,
                capped ? Priority.MEDIUM : priority,
                text,
                Double.NaN,
                expected(node.path("expected_improvement"), part + ".expected_improvement"),
                evidence);
    }

    /** An estimate of more than there is to gain is none. */
    private @Nullable ExpectedImprovement expected(JsonNode node, String part) {
        if (!node.isObject()) {
            return null;
        }
        double oee = figures.getOrDefault("oee", Double.NaN);
        double oeeGain = gain(node.path("oee_gain"), Double.isNaN(oee) ? 1 : Math.max(0, 1 - oee), part + ".oee_gain");
        double throughputGain =
                gain(node.path("throughput_gain"), oee > 0 ? Math.max(0, 1 / oee - 1) : 1, part + ".throughput_gain");
        if (Double.isNaN(oeeGain) && Double.isNaN(throughputGain)) {
            return null;
        }
        return new ExpectedImprovement(
                oeeGain, throughputGain, text(node.path("assumption"), part + ".assumption", MAX_NOTE));
    }

    private double gain(JsonNode node, double most, String part) {
        if (node.isMissingNode() || node.isNull()) {
            return Double.NaN;
        }
        double value = node.isNumber() ? node.doubleValue() : Double.NaN;
        if (!(value >= 0 && value <= most)) {
            strip(part, "not a number between 0 and what there is to gain");
            return Double.NaN;
        }
        return Estimate.rounded(value);
    }

    private Risk risk(JsonNode node, Lever first) {
        RiskLevel level = labelled(RiskLevel.values(), RiskLevel::label, node.path("level"));
        String note = level == null ? "" : text(node.path("note"), "risk.note", MAX_NOTE);
        Risk known = LossRules.risk(first);
        if (level == null || note.isEmpty()) {
            strip("risk", "no known level with a note");
            return known;
        }
        return new Risk(level, note);
    }

    // ---- parts

    private List<Evidence> evidence(JsonNode node, String part) {
        Map<String, Evidence> found = new TreeMap<>();
        for (int i = 0; i < node.size() && node.isArray() && i < MAX_EVIDENCE; i++) {
            String name = node.get(i).isTextual() ? node.get(i).textValue() : "";
            Double value = figures.get(name);
            if (value == null) {
                strip(part + ".evidence[" + i + "]", "not one of the figures given");
            } else {
                found.put(name, new Evidence(name, value));
            }
        }
        return List.copyOf(found.values());
    }

    private String text(JsonNode node, String part, int maxLength) {
        if (!node.isTextual()) {
            return "";
        }
        return PlainText.of(
                node.textValue(),
                maxLength,
                numbers,
                () -> strip(part, "a sentence with a number that was not given, a link or markup, or one too long"));
    }

    private String text(JsonNode node, String part) {
        return text(node, part, MAX_NOTE);
    }

    private static <T> @Nullable T labelled(T[] values, java.util.function.Function<T, String> label, JsonNode node) {
        for (T value : values) {
            if (node.isTextual() && label.apply(value).equals(node.textValue())) {
                return value;
            }
        }
        return null;
    }
}
