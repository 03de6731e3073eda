package io.processoptimizer.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;

/** Files of results, as small as training takes them, of processes whose OEE follows a rule. */
final class WrittenResults {
    static final long MINUTE = 60_000;
    static final long BEGIN = 1_772_431_200_000L;

    private WrittenResults() {}

    /** Each process's OEE goes on from its last by the rule, with some noise. */
    static Path write(Path file, int processes, int windows, double noise, DoubleUnaryOperator rule)
            throws IOException {
        List<String> lines = new ArrayList<>();
        for (int process = 0; process < processes; process++) {
            Random random = new Random(process);
            double oee = random.nextDouble();
            for (int window = 0; window < windows; window++) {
                lines.add(line("P" + process, BEGIN + window * MINUTE, oee));
                oee = Math.min(1, Math.max(0, rule.applyAsDouble(oee) + noise * random.nextGaussian()));
            }
        }
        return Files.write(file, lines);
    }

    static String line(String processId, long end, double oee) {
        return String.format(
                Locale.ROOT,
                "{\"process_id\":\"%s\",\"window_end\":%d,\"window\":\"main\",\"final\":true,\"complete\":true,\"oee\":%s,"
                        + "\"kpis\":{\"throughput\":%s,\"cycle_time\":%s}}",
                processId,
                end,
                oee,
                100 * oee + 1,
                36 / (oee + 0.01));
    }
}
