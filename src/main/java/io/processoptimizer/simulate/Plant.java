package io.processoptimizer.simulate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Designs plausible lines from a seed: step names by trade, one slow and one unreliable step per line, products, batches
 * and breaks. Line i is the same however many others there are.
 */
final class Plant {

    private static final List<List<String>> TRADES = List.of(
            List.of("filler", "capper", "labeller", "packer"),
            List.of("saw", "lathe", "mill", "washer", "inspection"),
            List.of("printer", "placer", "reflow", "optical-inspection", "depaneler"),
            List.of("moulder", "trimmer", "tester"),
            List.of("depalletizer", "rinser", "filler", "capper", "labeller", "packer"),
            List.of("former", "feeder", "sealer", "cartoner", "checkweigher"),
            List.of("press", "welder", "painter", "assembly", "end-of-line-test"),
            List.of("mixer", "divider", "oven", "wrapper"));

    private static final long MINUTE = 60_000;

    private Plant() {}

    /** Lines PROC-001, PROC-002, … in order. */
    static List<LineSpec> lines(SimulationOptions options) {
        SplittableRandom random = new SplittableRandom(options.seed() ^ 0x5EED_0F_91A27L);
        List<LineSpec> lines = new ArrayList<>(options.processes());
        for (int i = 0; i < options.processes(); i++) {
            lines.add(line(i, names(i, options.steps()), random.split()));
        }
        return List.copyOf(lines);
    }

    /** Whether the events of line {@code index} name the ideal cycle time. */
    static boolean statesIdeal(int index) {
        return index % 2 == 0;
    }

    /** Whether a definition of line {@code index} knows ideal cycle times; where nobody states any, OEE cannot be had. */
    static boolean knowsIdeal(int index) {
        return index % 8 != 3;
    }

    /** Of a line with more steps than its trade has, the later ones are the same once more, numbered. */
    private static List<String> names(int index, int steps) {
        List<String> trade = TRADES.get(index % TRADES.size());
        if (steps == SimulationOptions.AS_ITS_TRADE) {
            return trade;
        }
        List<String> names = new ArrayList<>(steps);
        for (int i = 0; i < steps; i++) {
            int round = i / trade.size() + 1;
            names.add(trade.get(i % trade.size()) + (round == 1 ? "" : "-" + round));
        }
        return names;
    }

    private static LineSpec line(int index, List<String> names, SplittableRandom random) {
        double taktMillis = between(random, 4_000, 12_000);
        int slow = random.nextInt(names.size());
        int unreliable = random.nextInt(names.size());
        double care = between(random, 0.3, 1.6);
        List<StepSpec> steps = new ArrayList<>(names.size());
        for (int i = 0; i < names.size(); i++) {
            double share = i == slow ? 1 : between(random, 0.72, 0.94);
            double trouble = care * (i == unreliable ? 1.5 : 0.4);
            steps.add(step(names.get(i), taktMillis * share, trouble, random));
        }
        int batch = (int) (between(random, 60, 150) * MINUTE / taktMillis);
        long breakEvery = Math.round(between(random, 3.5, 4.5) * 60) * MINUTE;
        LineSpec.Breaks breaks =
                new LineSpec.Breaks(MINUTE * (10 + random.nextLong(breakEvery / MINUTE - 20)), breakEvery, 15 * MINUTE);
        return new LineSpec(
                String.format(Locale.ROOT, "PROC-%03d", index + 1),
                steps,
                products(index, random),
                batch,
                1 + random.nextInt(batch),
                breaks);
    }

    private static StepSpec step(String id, double idealMillis, double trouble, SplittableRandom random) {
        double cyclesPerHour = 3_600_000 / idealMillis;
        StepSpec.Stops stops = new StepSpec.Stops(
                Math.max(1, cyclesPerHour * between(random, 0.8, 1.6) / trouble),
                Math.round(between(random, 4, 8) * MINUTE),
                Math.max(1, cyclesPerHour * between(random, 0.15, 0.3) / trouble),
                Math.round(between(random, 15_000, 35_000)));
        StepSpec.Quality quality = new StepSpec.Quality(
                between(random, 0.001, 0.012) * (0.5 + trouble),
                between(random, 0.1, 0.4),
                3 + random.nextInt(8),
                3 * MINUTE);
        int watts = 500 + random.nextInt(8_000);
        return new StepSpec(
                id,
                new StepSpec.Cycle(Math.round(idealMillis) * 1_000, between(random, 0.02, 0.08), 0.7),
                stops,
                quality,
                new StepSpec.Power(watts, watts / 4, watts / 20),
                Math.round(between(random, 3, 8) * MINUTE),
                random.nextInt(3, 13));
    }

    private static List<LineSpec.Product> products(int index, SplittableRandom random) {
        int count = 2 + random.nextInt(2);
        List<LineSpec.Product> products = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            double factor = i == 0 ? 1 : Math.round(between(random, 0.9, 1.25) * 20) / 20.0;
            products.add(new LineSpec.Product("SKU-" + (10 * (index + 1) + i + 1), factor));
        }
        return products;
    }

    private static double between(SplittableRandom random, double low, double high) {
        return low + (high - low) * random.nextDouble();
    }
}
