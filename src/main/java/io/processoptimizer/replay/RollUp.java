package io.processoptimizer.replay;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.processoptimizer.analyse.oee.Loss;
import io.processoptimizer.event.Place;
import io.processoptimizer.event.ProcessDefinitions;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Processes of one site or area together, over the whole replay: sums of their times, and OEE as a division of those sums, never a mean of
 * their ratios: a line that ran for an hour does not count like one that ran all day.
 */
final class RollUp {
    private static final double MICROS_PER_MILLI = 1e3;
    private static final Comparator<Place> BY_NAME = Comparator.comparing(
                    Place::site, Comparator.nullsFirst(Comparator.<String>naturalOrder()))
            .thenComparing(Place::area, Comparator.nullsFirst(Comparator.<String>naturalOrder()));

    private int processes;
    private long plannedMillis;
    private long productivePlannedMillis;
    private long productiveMicros;
    private final Map<Loss, Double> lossMillis = new EnumMap<>(Loss.class);

    private RollUp() {}

    private void add(ProcessSummary process) {
        processes++;
        plannedMillis += process.plannedMillis();
        productivePlannedMillis += process.productivePlannedMillis();
        productiveMicros += process.productiveMicros();
        for (Loss loss : Loss.values()) {
            lossMillis.merge(loss, process.lossMillis(loss), Double::sum);
        }
    }

    /** Fully productive time over planned time, of the processes that know both; NaN where none does. */
    private double oee() {
        return productivePlannedMillis > 0 ? productiveMicros / MICROS_PER_MILLI / productivePlannedMillis : Double.NaN;
    }

    /**
     * Writes {@code sites} and {@code areas}, of the processes whose definition says where they stand.
     *
     * @param definitions looked up at a process's last window
     */
    static void write(Collection<ProcessSummary> summaries, ProcessDefinitions definitions, ObjectNode node) {
        Map<Place, RollUp> sites = new TreeMap<>(BY_NAME);
        Map<Place, RollUp> areas = new TreeMap<>(BY_NAME);
        for (ProcessSummary process : summaries) {
            Place place =
                    definitions.of(process.processId, process.lastEndMillis - 1).place();
            if (place.site() != null) {
                sites.computeIfAbsent(new Place(place.site(), null), key -> new RollUp())
                        .add(process);
            }
            if (place.area() != null) {
                areas.computeIfAbsent(place, key -> new RollUp()).add(process);
            }
        }
        ArrayNode siteNodes = node.putArray("sites");
        sites.forEach((place, sums) -> sums.write(siteNodes.addObject().put("site", place.site())));
        ArrayNode areaNodes = node.putArray("areas");
        areas.forEach((place, sums) ->
                sums.write(areaNodes.addObject().put("site", place.site()).put("area", place.area())));
    }

    private void write(ObjectNode node) {
        node.put("processes", processes);
        node.put("planned_ms", plannedMillis);
        node.put("fully_productive_ms", productiveMicros / MICROS_PER_MILLI);
        node.put("oee", Double.isNaN(oee()) ? null : Double.valueOf(oee()));
        ObjectNode losses = node.putObject("losses");
        lossMillis.forEach((loss, millis) -> losses.put(loss.label(), millis));
    }
}
