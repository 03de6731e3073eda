package io.processoptimizer.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/** A report's data, made up from a seed: plausible to look at, of the shape that {@link ReportPage} documents. */
final class SyntheticReport {
    /** What the input lacks. */
    static final String NOTE = "recording may lack records of shardId-000000000003 before its first";

    static final long SEED = 20_260_101;

    private static final long MINUTE = 60_000;
    private static final long FROM = 1_767_247_200_000L;
    private static final int WINDOWS = 480;
    private static final int SPARK = 24;
    private static final double TARGET = 0.85;
    private static final int MAX_DETAILS = 50;
    private static final List<String> STEPS =
            List.of("depalletizer", "rinser", "filler", "capper", "labeler", "packer", "palletizer");
    private static final List<String> LOSSES = List.of(
            "breakdowns_ms",
            "setup_ms",
            "minor_stops_ms",
            "reduced_speed_ms",
            "startup_rejects_ms",
            "production_rejects_ms",
            "no_signal_ms");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final SplittableRandom random;
    private final JsonNodeFactory nodes = JsonNodeFactory.instance;
    private final List<String> steps;

    private SyntheticReport(long seed, List<String> steps) {
        this.random = new SplittableRandom(seed);
        this.steps = steps;
    }

    /** A shift of some processes, without a comparison. */
    static ObjectNode of(int processes) {
        return new SyntheticReport(SEED, STEPS).report(processes, "Bottling, early shift");
    }

    /** The same with two further configurations. */
    static ObjectNode compared(int processes) {
        SyntheticReport synthetic = new SyntheticReport(SEED, STEPS);
        ObjectNode report = synthetic.report(processes, "Bottling, early shift: three configurations");
        report.set("comparison", synthetic.comparison(report));
        return report;
    }

    /** The same on two sites with two halls each, in four shifts; of the first process its shifts, too. */
    static ObjectNode placed(int processes) {
        SyntheticReport synthetic = new SyntheticReport(SEED, STEPS);
        ObjectNode report = synthetic.report(processes, "Bottling, early shift: on two sites");
        report.set("comparison", synthetic.comparison(report));
        List<String> sites = List.of("Nürnberg", "Ulm");
        List<String> halls = List.of("Hall 1", "A hall of which the name is so long that a phone has no room for it");
        int index = 0;
        for (JsonNode row : report.withArray("/processes")) {
            ((ObjectNode) row).put("site", sites.get(index % 2)).put("area", halls.get(index / 2 % 2));
            index++;
        }
        ArrayNode places = report.putArray("places");
        for (String site : sites) {
            synthetic.together(places.addObject().put("site", site).putNull("area"), processes / 2);
            halls.forEach(hall ->
                    synthetic.together(places.addObject().put("site", site).put("area", hall), processes / 4));
        }
        synthetic.addShifts(report, processes);
        synthetic.addShifts((ObjectNode) report.withArray("/details").get(0), 1);
        return report;
    }

    private void addShifts(ObjectNode node, int processes) {
        ArrayNode shifts = node.putArray("shifts");
        for (int i = 0; i < 4; i++) {
            long from = FROM + i * 120L * MINUTE;
            together(
                    shifts.addObject()
                            .put("day", "2026-01-0" + (1 + i / 3))
                            .put("shift", List.of("early", "late", "night").get(i % 3))
                            .put("from", from)
                            .put("to", from + 120 * MINUTE)
                            .put("target", TARGET)
                            .put("constraint", "filler")
                            .put("provisional", i == 3 ? processes : 0),
                    processes);
        }
    }

    private void together(ObjectNode node, int processes) {
        double oee = round(0.4 + 0.5 * random.nextDouble());
        node.put("processes", processes).put("below_target", processes / 3).put("oee", oee);
        addLosses(node, WINDOWS * MINUTE * Math.max(1, processes), oee);
    }

    /** A replay that found nothing. */
    static ObjectNode empty() {
        ObjectNode report = new SyntheticReport(SEED, STEPS).report(0, "Nothing");
        report.putNull("from").putNull("to");
        report.withObject("/plant").putNull("planned_ms").putNull("fully_productive_ms");
        return report;
    }

    /** One process of which almost nothing is known. */
    static ObjectNode unknown() {
        SyntheticReport synthetic = new SyntheticReport(SEED, STEPS);
        ObjectNode report = synthetic.report(1, "Unknown");
        ObjectNode process = (ObjectNode) report.withArray("/processes").get(0);
        List.of("oee", "availability", "performance", "quality", "target", "worst_oee", "worst_at", "constraint")
                .forEach(process::putNull);
        process.putNull("largest_loss").putNull("largest_loss_share").putNull("constraint_share");
        process.putArray("spark");
        ObjectNode detail = (ObjectNode) report.withArray("/details").get(0);
        detail.putNull("target").putNull("fully_productive_ms");
        List.of("oee", "a", "p", "q").forEach(ratio -> {
            int windows = detail.withArray("/" + ratio).size();
            ArrayNode nulls = detail.putArray(ratio);
            for (int i = 0; i < windows; i++) {
                nulls.addNull();
            }
        });
        List.of("reduced_speed_ms", "startup_rejects_ms", "production_rejects_ms")
                .forEach(loss -> detail.withObject("/losses").putNull(loss));
        detail.withArray("/constraint").forEach(stretch -> ((ObjectNode) stretch).putNull("step"));
        detail.putArray("gaps").addArray().add(windowEnd(WINDOWS - 5)).addNull();
        detail.putObject("states");
        return report;
    }

    /** Every text that a machine or a person may give is the payload. */
    static ObjectNode hostile(String payload) {
        SyntheticReport synthetic = new SyntheticReport(SEED, List.of("filler", payload));
        ObjectNode report = synthetic.report(3, payload);
        report.withArray("/inputs").removeAll().add(payload);
        report.withObject("/settings").put(payload, payload);
        report.withObject("/window").put("name", payload);
        report.withObject("/totals").withObject("/refused").put(payload, 7);
        report.withObject("/totals").withArray("/notes").add(payload);
        report.withObject("/totals").withObject("/ignored_fields").put(payload, 9);
        ObjectNode process = (ObjectNode) report.withArray("/processes").get(0);
        process.put("id", payload).put("constraint", payload).put("largest_loss", payload);
        ObjectNode detail = (ObjectNode) report.withArray("/details").get(0);
        detail.put("id", payload);
        detail.withObject("/refused").put(payload, 1);
        detail.withArray("/adjustments")
                .forEach(adjustment -> ((ObjectNode) adjustment)
                        .put("text", payload)
                        .put("step", payload)
                        .put("lever", payload)
                        .put("priority", payload)
                        .put("source", payload));
        process.put("site", payload).put("area", payload);
        synthetic.together(
                report.putArray("places").addObject().put("site", payload).put("area", payload), 3);
        synthetic.addShifts(report, 3);
        synthetic.addShifts(detail, 1);
        List.of(report, detail)
                .forEach(of -> of.withArray("/shifts")
                        .forEach(shift -> ((ObjectNode) shift)
                                .put("day", payload)
                                .put("shift", payload)
                                .put("constraint", payload)));
        ObjectNode stretch = (ObjectNode) detail.withArray("/constraint").get(0);
        stretch.put("step", payload).put("confidence", payload);
        report.set("comparison", synthetic.comparison(report));
        report.withObject("/comparison")
                .withArray("/summary")
                .forEach(variant -> ((ObjectNode) variant).put("name", payload));
        report.withObject("/comparison")
                .withArray("/changes")
                .forEach(change -> ((ObjectNode) change)
                        .put("variant", payload)
                        .put("what", payload)
                        .put("base", payload)
                        .put("variant_value", payload)
                        .put("why", payload));
        return report;
    }

    static byte[] bytes(ObjectNode report) {
        try {
            return JSON.writeValueAsBytes(report);
        } catch (JsonProcessingException e) {
            throw new AssertionError("a tree is always written", e);
        }
    }

    private ObjectNode report(int processes, String title) {
        ObjectNode report = nodes.objectNode();
        report.put("title", title)
                .put("product", "process-optimizer 0.1.0")
                .put("created", FROM + WINDOWS * MINUTE * 2);
        report.putArray("inputs").add("recordings/shard-0.ndjson.gz").add("recordings/shard-1.ndjson.gz");
        report.put("from", FROM).put("to", FROM + (WINDOWS + 4) * MINUTE);
        report.putObject("window")
                .put("name", "default")
                .put("size_ms", 5 * MINUTE)
                .put("slide_ms", MINUTE);
        report.putObject("settings").put("window.allowed_lateness", "20m").put("bottleneck.threshold", 0.92);
        List<ObjectNode> rows = new ArrayList<>();
        for (int i = 0; i < processes; i++) {
            rows.add(process(String.format("LINE-%04d", i + 1)));
        }
        rows.sort(Comparator.comparingDouble(row -> row.get("oee").asDouble()));
        ArrayNode details = nodes.arrayNode();
        for (int i = 0; i < rows.size(); i++) {
            if (i < MAX_DETAILS) {
                details.add(detail(rows.get(i)));
                rows.get(i).put("detail", i);
            } else {
                rows.get(i).putNull("detail");
            }
        }
        report.set("totals", totals(rows));
        report.set("plant", plant(rows));
        report.putArray("processes").addAll(rows);
        report.set("details", details);
        report.putNull("comparison");
        return report;
    }

    private ObjectNode totals(List<ObjectNode> rows) {
        ObjectNode totals = nodes.objectNode();
        long records = rows.size() * 28_800L + 131;
        totals.put("records", records)
                .put("accepted", records - 131)
                .put("duplicates", 40)
                .put("cut_claims", 3);
        totals.putArray("notes").add(NOTE);
        totals.putObject("refused")
                .put("late", 57)
                .put("malformed", 4)
                .put("bad_value", 22)
                .put("misrouted", 5);
        totals.putObject("ignored_fields").put("operator", records - 131).put("shift", records - 131);
        totals.put("gaps", rows.size() / 3)
                .put("windows", (long) rows.size() * WINDOWS)
                .put("provisional", rows.size())
                .put("revised", rows.size() * 2)
                .put("processes", rows.size())
                .put(
                        "below_target",
                        rows.stream().filter(SyntheticReport::isBelow).count())
                .put(
                        "adjustments",
                        rows.stream()
                                .mapToInt(row -> row.get("adjustments").asInt())
                                .sum());
        return totals;
    }

    private static boolean isBelow(ObjectNode row) {
        return row.get("oee").asDouble() < TARGET;
    }

    private ObjectNode plant(List<ObjectNode> rows) {
        ObjectNode plant = nodes.objectNode();
        ArrayNode t = plant.putArray("t");
        ArrayNode low = plant.putArray("p10");
        ArrayNode median = plant.putArray("median");
        ArrayNode high = plant.putArray("p90");
        ArrayNode below = plant.putArray("below_target");
        ArrayNode processes = plant.putArray("processes");
        double level = 0.76;
        for (int i = 0; i < (rows.isEmpty() ? 0 : WINDOWS); i++) {
            level = wander(level, 0.76, 0.012);
            double dip = i > 200 && i < 260 ? 0.14 : 0;
            t.add(windowEnd(i));
            median.add(round(level - dip));
            low.add(round(Math.max(0, level - dip - 0.16 - 0.05 * random.nextDouble())));
            high.add(round(Math.min(1, level + 0.12 - dip / 2)));
            below.add(Math.round(rows.size() * Math.min(1, 0.42 + dip * 2.5 + 0.04 * random.nextDouble())));
            processes.add(rows.size());
        }
        addLosses(plant, WINDOWS * MINUTE * Math.max(1, rows.size()), 0.74);
        return plant;
    }

    private ObjectNode process(String id) {
        double oee = 0.3 + 0.62 * Math.pow(random.nextDouble(), 0.6);
        ObjectNode row = nodes.objectNode();
        row.put("id", id)
                .put("oee", round(oee))
                .put("availability", round(Math.min(1, oee + 0.05 + 0.1 * random.nextDouble())))
                .put("performance", round(Math.min(1, oee + 0.1 + 0.08 * random.nextDouble())))
                .put("quality", round(0.94 + 0.06 * random.nextDouble()))
                .put("target", TARGET)
                .put("windows", WINDOWS)
                .put("below", Math.round(WINDOWS * Math.min(1, Math.max(0, 1.35 - oee))))
                .put("worst_oee", round(oee * random.nextDouble()))
                .put("worst_at", windowEnd(random.nextInt(WINDOWS)))
                .put("largest_loss", LOSSES.get(random.nextInt(4)))
                .put("largest_loss_share", round((1 - oee) * 0.6))
                .put("constraint", steps.get(random.nextInt(steps.size())))
                .put("constraint_share", round(0.4 + 0.5 * random.nextDouble()))
                .put("adjustments", random.nextInt(6))
                .put("late", random.nextInt(4) == 0 ? random.nextInt(40) : 0)
                .put("refused", random.nextInt(8) == 0 ? random.nextInt(9) : 0)
                .put("gaps", random.nextInt(3) == 0 ? 1 : 0);
        ArrayNode spark = row.putArray("spark");
        double level = oee;
        for (int i = 0; i < SPARK; i++) {
            level = wander(level, oee, 0.06);
            if (random.nextInt(40) == 0) {
                spark.addNull();
            } else {
                spark.add(round(level));
            }
        }
        return row;
    }

    private ObjectNode detail(ObjectNode row) {
        ObjectNode detail = nodes.objectNode();
        double oee = row.get("oee").asDouble();
        detail.put("id", row.get("id").asText()).put("target", TARGET);
        steps.forEach(detail.putArray("steps")::add);
        ArrayNode t = detail.putArray("t");
        ArrayNode values = detail.putArray("oee");
        ArrayNode a = detail.putArray("a");
        ArrayNode p = detail.putArray("p");
        ArrayNode q = detail.putArray("q");
        ArrayNode isFinal = detail.putArray("final");
        double level = oee;
        for (int i = 0; i < WINDOWS; i++) {
            level = wander(level, oee, 0.035);
            t.add(windowEnd(i));
            a.add(round(Math.min(1, level + 0.12)));
            p.add(round(Math.min(1, level + 0.15)));
            q.add(0.97);
            isFinal.add(i >= WINDOWS - 3 ? 0 : 1);
            if (i > 300 && i < 312) {
                values.addNull();
            } else {
                values.add(round(level));
            }
        }
        addLosses(detail, WINDOWS * MINUTE, oee);
        addConstraint(detail);
        ObjectNode states = detail.putObject("states");
        steps.forEach(step -> states.set(step, states(oee)));
        addAdjustments(detail, row.get("adjustments").asInt());
        ArrayNode gaps = detail.putArray("gaps");
        if (row.get("gaps").asInt() > 0) {
            gaps.addArray().add(windowEnd(300)).add(windowEnd(312));
        }
        detail.putObject("refused");
        if (row.get("late").asInt() > 0) {
            detail.withObject("/refused").put("late", row.get("late").asInt());
        }
        return detail;
    }

    private void addConstraint(ObjectNode detail) {
        ArrayNode stretches = detail.putArray("constraint");
        long at = FROM;
        long end = FROM + WINDOWS * MINUTE;
        int step = random.nextInt(steps.size());
        while (at < end) {
            long until = Math.min(end, at + (5 + random.nextInt(70)) * MINUTE);
            stretches
                    .addObject()
                    .put("from", at)
                    .put("to", until)
                    .put("step", steps.get(step))
                    .put("confidence", List.of("high", "high", "medium", "low").get(random.nextInt(4)));
            at = until;
            step = (step + (random.nextBoolean() ? 1 : steps.size() - 1)) % steps.size();
        }
    }

    private ArrayNode states(double oee) {
        ArrayNode intervals = nodes.arrayNode();
        long at = FROM;
        long end = FROM + WINDOWS * MINUTE;
        boolean running = true;
        while (at < end) {
            long length = running
                    ? (2 + random.nextInt(22)) * MINUTE
                    : (1 + random.nextInt((int) (3 + 18 * (1 - oee)))) * MINUTE;
            long until = Math.min(end, at + length);
            String state = running
                    ? "RUNNING"
                    : List.of("DOWN", "STARVED", "STARVED", "BLOCKED", "BLOCKED", "SETUP", "IDLE", "UNKNOWN")
                            .get(random.nextInt(8));
            if (at > FROM + 235 * MINUTE && at < FROM + 255 * MINUTE) {
                state = "PLANNED_STOP";
            }
            intervals.addArray().add(at).add(until).add(state);
            at = until;
            running = !running;
        }
        return intervals;
    }

    private void addAdjustments(ObjectNode detail, int count) {
        ArrayNode adjustments = detail.putArray("adjustments");
        for (int i = 0; i < count; i++) {
            String step = steps.get(random.nextInt(steps.size()));
            adjustments
                    .addObject()
                    .put("at", windowEnd((i + 1) * WINDOWS / (count + 1)))
                    .put("id", String.format("%032x", random.nextLong()))
                    .put("step", step)
                    .put("lever", "reduce_breakdowns")
                    .put(
                            "text",
                            "Find the cause of the repeated stops of " + step
                                    + ": 38 % of the planned time was lost to breakdowns; half of it back is worth 0.19 OEE.")
                    .put("priority", "high")
                    .put("source", "rules");
        }
    }

    private void addLosses(ObjectNode of, long planned, double oee) {
        double lost = (1 - oee) * planned;
        double[] shares = {0.34, 0.12, 0.2, 0.2, 0.03, 0.07, 0.04};
        ObjectNode losses = of.putObject("losses");
        double sum = 0;
        for (int i = 0; i < shares.length; i++) {
            double value = Math.rint(lost * shares[i]);
            losses.put(LOSSES.get(i), value);
            sum += value;
        }
        of.put("planned_ms", planned).put("fully_productive_ms", planned - sum);
    }

    private ObjectNode comparison(ObjectNode report) {
        ObjectNode comparison = nodes.objectNode();
        ArrayNode variants = comparison.putArray("variants");
        ArrayNode summary = comparison.putArray("summary");
        List<String> names = List.of("base", "long window", "strict target");
        for (int i = 0; i < names.size(); i++) {
            ObjectNode settings = variants.addObject().put("name", names.get(i)).putObject("settings");
            if (i == 1) {
                settings.put("window.size", "15m").put("window.slide", "5m");
            } else if (i == 2) {
                settings.put("oee.target", 0.9);
            }
            summary.addObject()
                    .put("name", names.get(i))
                    .put("windows", i == 1 ? 96 : WINDOWS)
                    .put("oee_median", 0.741 + i * 0.004)
                    .put("below_target", 212 + i * 31)
                    .put("meeting_target", 268 - i * 31)
                    .put("bottlenecks_flagged", 90 - i * 12)
                    .put("adjustments", 14 + i * 3)
                    .put("changed_status", i * 31)
                    .put("changed_constraint", i * 7)
                    .put("changed_bottlenecks", i * 12)
                    .put("adjustments_added", i * 4)
                    .put("adjustments_removed", i)
                    .put("only_in_base", i == 1 ? 384 : 0)
                    .put("only_in_variant", 0);
        }
        ArrayNode changes = comparison.putArray("changes");
        for (int i = 0; i < 120; i++) {
            changes.addObject()
                    .put("variant", names.get(1 + i % 2))
                    .put(
                            "process",
                            report.at("/processes/"
                                            + i % report.withArray("/processes").size() + "/id")
                                    .asText())
                    .put("window_end", windowEnd(i))
                    .put("what", i % 3 == 0 ? "constraint" : "status")
                    .put("base", i % 3 == 0 ? "filler" : "meeting_target")
                    .put("variant_value", i % 3 == 0 ? "capper" : "below_target")
                    .put("why", i % 3 == 0 ? "longest active period moved" : "OEE 0.862 against a target of 0.9");
        }
        comparison.put("changes_left_out", 40);
        return comparison;
    }

    private double wander(double level, double home, double by) {
        double next = level + (home - level) * 0.08 + (random.nextDouble() - 0.5) * 2 * by;
        return Math.max(0, Math.min(1, next));
    }

    private static long windowEnd(int index) {
        return FROM + (index + 5) * MINUTE;
    }

    private static double round(double ratio) {
        return Math.rint(ratio * 10_000) / 10_000;
    }
}
