package io.processoptimizer.simulate;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** The process definitions (YAML) that tell a receiver about the lines of a factory. */
public final class FactoryDefinitions {

    private FactoryDefinitions() {}

    /**
     * Creates or overwrites the file.
     *
     * @throws IOException where it cannot be written
     */
    public static void write(Factory factory, Path file) throws IOException {
        Files.writeString(file, yaml(factory));
    }

    /** The definitions of all lines, one after the other, each matched by its exact id. */
    public static String yaml(Factory factory) {
        StringBuilder yaml = new StringBuilder("# Process definitions of the simulated factory.\nprocesses:\n");
        List<LineSpec> lines = factory.lines();
        for (int i = 0; i < lines.size(); i++) {
            append(yaml, lines.get(i), Plant.knowsIdeal(i));
        }
        return yaml.toString();
    }

    private static void append(StringBuilder yaml, LineSpec line, boolean knowsIdeal) {
        List<StepSpec> steps = line.steps();
        yaml.append("  - match: ").append(line.processId());
        yaml.append("\n    steps: [")
                .append(steps.stream().map(StepSpec::id).collect(Collectors.joining(", ")))
                .append("]\n    output_step: ")
                .append(steps.get(steps.size() - 1).id())
                .append('\n');
        if (!knowsIdeal) {
            yaml.append("    # No ideal cycle times are known: performance and OEE cannot be had.\n");
            return;
        }
        yaml.append("    ideal_cycle_times:\n");
        for (int step = 0; step < steps.size(); step++) {
            yaml.append("      ").append(steps.get(step).id()).append(": {");
            for (int product = 0; product < line.products().size(); product++) {
                yaml.append(product == 0 ? "" : ", ")
                        .append(line.products().get(product).id())
                        .append(": ")
                        .append(seconds(line.idealMicros(step, product)));
            }
            yaml.append("}\n");
        }
    }

    private static String seconds(long micros) {
        return BigDecimal.valueOf(micros, 6).stripTrailingZeros().toPlainString();
    }
}
