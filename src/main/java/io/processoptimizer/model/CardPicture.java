package io.processoptimizer.model;

import io.processoptimizer.model.Training.Importance;
import io.processoptimizer.model.Training.Trained;
import io.processoptimizer.model.TrainingData.Example;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** The pictures of a model card, as SVG. */
final class CardPicture {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 260;
    private static final int LEFT = 44;
    private static final int TOP = 26;
    private static final int BOTTOM = 24;
    private static final int MAX_POINTS = 400;
    private static final int BAR = 18;
    private static final int LABEL_WIDTH = 210;
    private static final int VALUE_WIDTH = 70;

    /** Told apart by people who do not see red and green as two colours (Okabe and Ito 2008). */
    private static final String ACTUAL = "#000000";

    private static final String PREDICTED = "#d55e00";

    private final Trained trained;

    CardPicture(Trained trained) {
        this.trained = trained;
    }

    private static List<Example> shown(Trained trained) {
        Map<String, List<Example>> byProcess = new TreeMap<>();
        for (Example example : Evaluation.usable(Predicted.EFFICIENCY, trained.later())) {
            byProcess
                    .computeIfAbsent(example.processId(), id -> new ArrayList<>())
                    .add(example);
        }
        List<Example> most = List.of();
        for (List<Example> examples : byProcess.values()) {
            most = examples.size() > most.size() ? examples : most;
        }
        return most.subList(0, Math.min(most.size(), MAX_POINTS));
    }

    /** The process that knows most of its later windows. */
    static String processOf(Trained trained) {
        return shown(trained).get(0).processId();
    }

    /** The efficiency of one process as it was, and as it was predicted. */
    String svg() {
        List<Example> examples = shown(trained);
        long horizon = trained.model().horizon().toMillis();
        long from = examples.get(0).endMillis() + horizon;
        long to = Math.max(from + 1, examples.get(examples.size() - 1).endMillis() + horizon);
        ToDoubleFunction<Example> x =
                example -> LEFT + (WIDTH - LEFT - 10.0) * (example.endMillis() + horizon - from) / (to - from);
        StringBuilder svg = open(HEIGHT, "efficiency as it was and as it was predicted");
        for (int percent = 0; percent <= 100; percent += 25) {
            svg.append(line(
                    "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#d5dbe1\"/><text x=\"4\" y=\"%.1f\">%d %%</text>%n",
                    LEFT, WIDTH - 10, y(percent / 100.0), y(percent / 100.0), y(percent / 100.0) + 4, percent));
        }
        svg.append(path(examples, x, example -> example.actual(Predicted.EFFICIENCY), ACTUAL, ""));
        svg.append(path(
                examples,
                x,
                example -> trained.model().predict(example.features()).efficiencyScore(),
                PREDICTED,
                "6 3"));
        svg.append(line(
                "<text x=\"%d\" y=\"14\">— as it was</text><text x=\"%d\" y=\"14\" style=\"fill:%s\">- - as predicted</text>%n",
                LEFT, LEFT + 110, PREDICTED));
        svg.append(line(
                "<text x=\"%d\" y=\"%d\">%s</text><text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text></svg></div>%n",
                LEFT, HEIGHT - 6, Instant.ofEpochMilli(from), WIDTH - 10, HEIGHT - 6, Instant.ofEpochMilli(to)));
        return svg.toString();
    }

    private static double y(double ratio) {
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * Math.min(1, ratio);
    }

    private static String path(
            List<Example> examples,
            ToDoubleFunction<Example> x,
            ToDoubleFunction<Example> value,
            String colour,
            String dashes) {
        StringBuilder points = new StringBuilder();
        for (Example example : examples) {
            points.append(line("%.1f,%.1f ", x.applyAsDouble(example), y(value.applyAsDouble(example))));
        }
        return line(
                "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"2\" stroke-dasharray=\"%s\" points=\"%s\"/>%n",
                colour, dashes, points.toString().strip());
    }

    /** A bar for each feature, those that tell nothing left out. */
    static String bars(List<Importance> importance) {
        List<Importance> shown =
                importance.stream().filter(each -> each.errorRise() > 0).toList();
        double most = shown.isEmpty() ? 1 : shown.get(0).errorRise();
        StringBuilder svg = open(shown.size() * BAR + 4, "importance of features");
        int top = 2;
        for (Importance each : shown) {
            svg.append(line(
                    "<text x=\"0\" y=\"%d\">%s</text><rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"#0072b2\"/>"
                            + "<text x=\"%.1f\" y=\"%d\">%.4f</text>%n",
                    top + 13,
                    each.feature().label(),
                    LABEL_WIDTH,
                    top + 3,
                    width(each, most),
                    BAR - 6,
                    LABEL_WIDTH + width(each, most) + 6,
                    top + 13,
                    each.errorRise()));
            top += BAR;
        }
        return svg.append("</svg></div>\n").toString();
    }

    private static double width(Importance importance, double most) {
        return (WIDTH - LABEL_WIDTH - VALUE_WIDTH) * importance.errorRise() / most;
    }

    private static StringBuilder open(int height, String what) {
        return new StringBuilder(line(
                "<div class=\"picture\"><svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">%n",
                WIDTH, height, what));
    }

    private static String line(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
