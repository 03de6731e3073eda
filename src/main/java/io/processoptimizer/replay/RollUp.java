package io.processoptimizer.replay;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.processoptimizer.analyse.oee.Loss;
import io.processoptimizer.analyse.oee.OeeStatus;
import io.processoptimizer.event.Place;
import io.processoptimizer.event.ProcessDefinitions;
import io.processoptimizer.event.TelemetryEvent;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Processes together, of a site or an area over the whole replay, or of a shift: sums of their times, and OEE as a division of those sums,
 * never a mean of their ratios: a line that ran for an hour does not count like one that ran all day.
 */
final class RollUp {
    private static final double MICROS_PER_MILLI = 1e3;
    private static final Comparator<Place> BY_NAME = Comparator.comparing(
                    Place::site, Comparator.nullsFirst(Comparator.<String>naturalOrder()))
            .thenComparing(Place::area, Comparator.nullsFirst(Comparator.<String>naturalOrder()));

    private int processes;
    private int belowTarget;
    private long plannedMillis;
    private long productivePlannedMillis;
    private long productiveMicros;
    private final Map<Loss, Double> lossMillis = new EnumMap<>(Loss.class);

    void add(ProcessSummary process) {
        processes++;
        belowTarget += process.shortfall() > 0 ? 1 : 0;
        plannedMillis += process.plannedMillis();
        productivePlannedMillis += process.productivePlannedMillis();
        productiveMicros += process.productiveMicros();
        for (Loss loss : Loss.values()) {
            lossMillis.merge(loss, process.lossMillis(loss), Double::sum);
        }
    }

    /** One of its windows, such as a shift, alone. */
    void add(WindowDigest digest) {
        processes++;
        belowTarget += digest.status() == OeeStatus.BELOW_TARGET ? 1 : 0;
        plannedMillis += digest.plannedMillis();
        if (digest.fullyProductiveMicros() != TelemetryEvent.ABSENT) {
            productivePlannedMillis += digest.plannedMillis();
            productiveMicros += digest.fullyProductiveMicros();
        }
        Loss[] losses = Loss.values();
        for (int i = 0; i < losses.length; i++) {
            long micros = digest.lossMicros()[i];
            lossMillis.merge(losses[i], micros == TelemetryEvent.ABSENT ? 0.0 : micros / MICROS_PER_MILLI, Double::sum);
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
        ArrayNode sites = node.putArray("sites");
        ArrayNode areas = node.putArray("areas");
        byPlace(summaries, definitions).forEach((place, sums) -> {
            if (place.area() == null) {
                sums.write(sites.addObject().put("site", place.site()));
            } else {
                sums.write(areas.addObject().put("site", place.site()).put("area", place.area()));
            }
        });
    }

    /** The sites, each before its areas, of the processes whose definition at their last window says where they stand. */
    static Map<Place, RollUp> byPlace(Collection<ProcessSummary> summaries, ProcessDefinitions definitions) {
        Map<Place, RollUp> places = new TreeMap<>(BY_NAME);
        for (ProcessSummary process : summaries) {
            Place place = placeOf(process, definitions);
            if (place.site() != null) {
                places.computeIfAbsent(new Place(place.site(), null), key -> new RollUp())
                        .add(process);
            }
            if (place.area() != null) {
                places.computeIfAbsent(place, key -> new RollUp()).add(process);
            }
        }
        return places;
    }

    /** Where a process stood in its last window. */
    static Place placeOf(ProcessSummary process, ProcessDefinitions definitions) {
        return definitions.of(process.processId, process.lastEndMillis - 1).place();
    }

    /** Adds the sums to an object. */
    void write(ObjectNode node) {
        node.put("processes", processes);
        node.put("below_target", belowTarget);
        node.put("planned_ms", plannedMillis);
        node.put("fully_productive_ms", productiveMicros / MICROS_PER_MILLI);
        node.put("oee", Double.isNaN(oee()) ? null : Double.valueOf(oee()));
        ObjectNode losses = node.putObject("losses");
        lossMillis.forEach((loss, millis) -> losses.put(loss.label(), millis));
    }
}
