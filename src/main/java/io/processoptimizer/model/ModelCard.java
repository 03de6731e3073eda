package io.processoptimizer.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.processoptimizer.decode.Printable;
import io.processoptimizer.model.EfficiencyModel.Guess;
import io.processoptimizer.model.Training.Importance;
import io.processoptimizer.model.Training.Outcome;
import io.processoptimizer.model.Training.Trained;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a model is, what it was trained on and what it is worth: as a page to look at, as JSON, and as lines for a terminal. */
final class ModelCard {
    static final String FILE = "model-card.html";
    static final String FIGURES = "evaluation.json";

    private static final int FEATURES_SHOWN = 12;
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final Trained trained;

    ModelCard(Trained trained) {
        this.trained = trained;
    }

    // ---- lines

    String text() {
        StringBuilder text = new StringBuilder();
        text.append(line(
                "%,d windows (%s) of %d processes; trained on those up to %s, evaluated on what came later%n%n",
                trained.windows(), Printable.text(trained.window()), trained.processes(), cut()));
        text.append(table(evaluations()));
        for (Outcome outcome : trained.outcomes().values()) {
            text.append(outcome.forest().what().label())
                    .append(": ")
                    .append(verdict(outcome))
                    .append('\n');
        }
        return text.toString();
    }

    private List<Evaluation> evaluations() {
        return trained.outcomes().values().stream().map(Outcome::forest).toList();
    }

    /** Mean absolute errors, a row for each thing that is predicted. */
    static String table(List<Evaluation> evaluations) {
        StringBuilder text = new StringBuilder(line(
                "%-18s %8s %8s %8s %8s   %s%n",
                "mean absolute error", "windows", "as last", "as mean", "model", "better than both by"));
        for (Evaluation each : evaluations) {
            text.append(row("%-19s %,7d %8.3f %8.3f %8.3f   %.3f ± %s%n", each));
        }
        return text.append(
                        "efficiency_score in OEE (0 … 1), the others in parts of what is usual for the process; ± one standard"
                                + " error\n\n")
                .toString();
    }

    private static String row(String format, Evaluation of) {
        String gainError = of.isTooLittleToTell() ? "?" : line("%.3f", of.gainError());
        return line(format, of.what().label(), of.examples(), of.last(), of.mean(), of.model(), of.gain(), gainError);
    }

    private static String verdict(Outcome outcome) {
        Evaluation forest = outcome.forest();
        if (forest.isSurelyBetter()) {
            return "the forest is shipped";
        }
        String baseline = "'as the " + (outcome.shipped() == Guess.LAST ? "last window" : "mean of the last windows")
                + "' is shipped";
        return forest.isTooLittleToTell()
                ? "too few hours or processes to tell how sure the error is, so " + baseline
                : "the forest is not surely better than the better baseline, so " + baseline;
    }

    private String cut() {
        return Instant.ofEpochMilli(trained.cutMillis())
                .truncatedTo(ChronoUnit.SECONDS)
                .toString();
    }

    private static String line(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    // ---- JSON

    String json() {
        ObjectNode node = JSON.createObjectNode();
        node.put("window", trained.window());
        node.put("horizon_ms", trained.model().horizon().toMillis());
        node.put("seed", trained.seed());
        node.put("processes", trained.processes());
        node.put("windows", trained.windows());
        node.put("trained_examples", trained.earlier());
        node.put("trained_until", trained.cutMillis());
        ObjectNode predicted = node.putObject("predicted");
        for (Map.Entry<Predicted, Outcome> entry : trained.outcomes().entrySet()) {
            Outcome outcome = entry.getValue();
            ObjectNode each = evaluation(outcome.forest());
            each.put("shipped", outcome.shipped().label());
            ArrayNode importance = each.putArray("importance");
            for (Importance feature : outcome.importance()) {
                importance.addObject().put("feature", feature.feature().label()).put("error_rise", feature.errorRise());
            }
            predicted.set(entry.getKey().label(), each);
        }
        return print(node);
    }

    /** Evaluations as one JSON object by what is predicted. */
    static String json(List<Evaluation> evaluations, double seenShare) {
        ObjectNode node = JSON.createObjectNode();
        put(node, "trained_on_share", seenShare);
        evaluations.forEach(each -> node.set(each.what().label(), evaluation(each)));
        return print(node);
    }

    private static ObjectNode evaluation(Evaluation evaluation) {
        ObjectNode node = JSON.createObjectNode();
        node.put("examples", evaluation.examples());
        put(node, "error_as_last", evaluation.last());
        put(node, "error_as_mean", evaluation.mean());
        put(node, "error_of_model", evaluation.model());
        put(node, "gain", evaluation.gain());
        put(node, "gain_standard_error", evaluation.gainError());
        return node;
    }

    /** JSON knows no NaN: what cannot be told is null. */
    private static void put(ObjectNode node, String name, double value) {
        if (Double.isFinite(value)) {
            node.put(name, value);
        } else {
            node.putNull(name);
        }
    }

    private static String print(ObjectNode node) {
        try {
            return JSON.writeValueAsString(node) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree can be written", e);
        }
    }

    // ---- page

    String page() {
        StringBuilder page = new StringBuilder(HEAD);
        Duration horizon = trained.model().horizon();
        page.append("<h1>How a process will do in ").append(minutes(horizon)).append("</h1>\n<p>");
        page.append(line(
                "Trained on %,d windows (%s) of %d processes up to %s, evaluated on the windows after it. Seed %d.",
                trained.earlier(), escape(trained.window()), trained.processes(), cut(), trained.seed()));
        page.append(
                "</p>\n<h2>Error on later time</h2>\n<table><tr><th>predicted</th><th>windows</th><th>as last window</th>"
                        + "<th>as mean of the last windows</th><th>forest</th><th>forest better by</th><th>shipped</th></tr>\n");
        for (Outcome outcome : trained.outcomes().values()) {
            page.append(row(
                    "<tr><td>%s</td><td>%,d</td><td>%.3f</td><td>%.3f</td><td>%.3f</td><td>%.3f ± %s</td>",
                    outcome.forest()));
            page.append("<td>").append(outcome.shipped().label()).append("</td></tr>\n");
        }
        page.append(
                "</table>\n<p class=\"note\">Mean absolute errors: of efficiency in OEE (0 … 1), of the others in parts of what is"
                        + " usual for the process. A forest is shipped where it is better than both baselines by more than two standard"
                        + " errors, else the better baseline is.</p>\n");
        page.append("<h2>").append(escape(seriesTitle())).append("</h2>\n").append(new CardPicture(trained).svg());
        for (Outcome outcome : trained.outcomes().values()) {
            page.append("<h2>What the forest goes by: ")
                    .append(outcome.forest().what().label())
                    .append("</h2>\n");
            page.append("<p class=\"note\">By how much its error rises where a feature is shuffled.</p>\n");
            page.append(CardPicture.bars(outcome.importance()
                    .subList(0, Math.min(FEATURES_SHOWN, outcome.importance().size()))));
        }
        return page.append(FOOT).toString();
    }

    private String seriesTitle() {
        return "Efficiency of " + CardPicture.processOf(trained) + ", as it was and as it was predicted "
                + minutes(trained.model().horizon()) + " before";
    }

    private static String minutes(Duration horizon) {
        return horizon.toSeconds() % 60 == 0 ? horizon.toMinutes() + " min" : horizon.toSeconds() + " s";
    }

    /** For text in a page: ids come from telemetry. */
    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private static final String HEAD = """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Efficiency model</title>
            <style>
            body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1f2933; background: #fff }
            h1 { font-size: 1.6rem } h2 { font-size: 1.15rem; margin-top: 2rem }
            table { border-collapse: collapse; display: block; overflow-x: auto }
            th, td { padding: .3rem .8rem; text-align: right; border-bottom: 1px solid #d5dbe1 }
            th:first-child, td:first-child, td:last-child, th:last-child { text-align: left }
            .note { color: #52606d; font-size: .9rem }
            .picture { overflow-x: auto } svg { width: 100%; min-width: 40rem; height: auto } svg text { font: 12px system-ui, sans-serif; fill: #1f2933 }
            </style></head><body>
            """;

    private static final String FOOT = """
            <h2>Use</h2>
            <p>It tells an advisor what to expect if nothing is done. It is no ground for changing a machine, and it knows of nothing
            that is not in the telemetry: orders, shifts to come, people. It is asked with the features of a window and of the windows
            before it; of a process that it never saw it knows as much as of the others, since it learns from ratios and shares
            alone.</p>
            </body></html>
            """;
}
