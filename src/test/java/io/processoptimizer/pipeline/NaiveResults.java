package io.processoptimizer.pipeline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the table must hold, computed from the raw records the slow and obvious way: with a JSON tree, lists, decimals and a look at
 * every record for every window. For canonical events with open states under the default policy (5 minutes by 1, disorder 5 s,
 * lateness 10 min, idle after 60 s, signal timeout 15 min) and the default process definition (roll-up). Shares no code with the
 * product.
 */
public final class NaiveResults {
    private static final long MINUTE = 60_000;
    private static final long SIZE = 5 * MINUTE;
    private static final long DISORDER = 5_000;
    private static final long LATENESS = 10 * MINUTE;
    private static final long IDLE = 60_000;
    private static final long FUTURE = 60_000;
    private static final long SIGNAL_TIMEOUT = 15 * MINUTE;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A record as the stream holds it. */
    @SuppressWarnings("ArrayRecordComponent") // the bytes as they came, only read
    public record RawRecord(long arrivalMillis, byte[] data) {}

    private record Event(long time, String step, JsonNode body) {}

    private static final class Line {
        final List<Event> accepted = new ArrayList<>();
        final Set<String> ids = new HashSet<>();
        long newest = Long.MIN_VALUE;
        long watermark = Long.MIN_VALUE;
        long lastArrival;

        /** How many of the accepted events were there when the watermark last crossed a pane edge. */
        int known;

        void advance(long to) {
            if (to <= watermark) {
                return;
            }
            boolean edge = watermark != Long.MIN_VALUE && Math.floorDiv(to, MINUTE) > Math.floorDiv(watermark, MINUTE);
            watermark = to;
            if (edge) {
                known = accepted.size();
            }
        }
    }

    private NaiveResults() {}

    /**
     * The final results, by process and window end.
     *
     * @param records of one shard, in stream order
     */
    public static Map<String, Map<String, Object>> of(List<RawRecord> records) {
        Map<String, Line> processes = new TreeMap<>();
        for (RawRecord record : records) {
            take(record, processes);
        }
        Map<String, Map<String, Object>> results = new LinkedHashMap<>();
        processes.forEach((id, process) -> windowsOf(id, process, results));
        return results;
    }

    private static void take(RawRecord record, Map<String, Line> processes) {
        JsonNode body;
        try {
            body = JSON.readTree(new String(record.data(), StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            return;
        }
        boolean negative = false;
        for (String count : List.of("good", "reject", "startup_reject", "rework")) {
            negative |= body.path(count).asLong() < 0;
        }
        long time = body.path("timestamp").asLong();
        if (negative || !body.has("process_id") || time > record.arrivalMillis() + FUTURE) {
            return;
        }
        Line process = processes.computeIfAbsent(body.get("process_id").asText(), id -> new Line());
        long gap = record.arrivalMillis() - process.lastArrival;
        long watermark = process.watermark;
        if (process.newest != Long.MIN_VALUE && gap > IDLE) {
            watermark = Math.max(watermark, process.newest + gap - DISORDER);
        }
        String eventId = body.path("event_id").asText("");
        long paneEnd = Math.floorDiv(time, MINUTE) * MINUTE + MINUTE;
        boolean late = watermark != Long.MIN_VALUE && watermark >= paneEnd + LATENESS;
        if (process.ids.contains(eventId) || late) {
            return;
        }
        process.advance(watermark);
        process.lastArrival = record.arrivalMillis();
        if (!eventId.isEmpty()) {
            process.ids.add(eventId);
        }
        process.accepted.add(new Event(time, body.path("step_id").asText("_"), body));
        process.newest = Math.max(process.newest, time);
        process.advance(process.newest - DISORDER);
    }

    private static void windowsOf(String id, Line process, Map<String, Map<String, Object>> results) {
        List<Event> known = process.accepted.subList(0, process.known);
        long first = known.stream().mapToLong(Event::time).min().orElse(Long.MAX_VALUE);
        if (first == Long.MAX_VALUE) {
            return;
        }
        long end = Math.floorDiv(first, MINUTE) * MINUTE + MINUTE;
        for (; end <= process.watermark; end += MINUTE) {
            Map<String, Object> result = window(known, end - SIZE, end);
            if (!result.isEmpty()) {
                results.put(id + " " + end, result);
            }
        }
    }

    /** Empty where nothing is known in the window. */
    private static Map<String, Object> window(List<Event> events, long start, long end) {
        TreeSet<String> steps = new TreeSet<>();
        events.stream().filter(event -> event.time() < end).forEach(event -> steps.add(event.step()));
        Map<String, Object> result = new TreeMap<>();
        boolean anything = false;
        Sums process = new Sums();
        for (String step : steps) {
            List<Event> own = events.stream()
                    .filter(event -> event.step().equals(step) && event.time() < end)
                    .sorted((a, b) -> Long.compare(a.time(), b.time()))
                    .toList();
            Sums sums = sumsOf(own, start, end);
            boolean silent = sums.times.keySet().stream().allMatch(state -> state.equals("UNKNOWN"))
                    && own.stream().allMatch(event -> event.time() < start);
            if (silent) {
                continue; // nobody named it: no part of the window
            }
            anything = true;
            sums.put(step + ".", result);
            process.add(sums);
        }
        process.putOee("", result);
        return anything ? result : Map.of();
    }

    private static final class Sums {
        final Map<String, Long> times = new TreeMap<>();
        long good;
        long processed;
        BigDecimal idealGood = BigDecimal.ZERO;
        boolean idealKnown = true;

        void add(Sums other) {
            other.times.forEach((state, millis) -> times.merge(state, millis, Long::sum));
            good += other.good;
            processed += other.processed;
            idealGood = idealGood.add(other.idealGood);
            idealKnown &= other.idealKnown;
        }

        long planned() {
            return times.values().stream().mapToLong(Long::longValue).sum() - times.getOrDefault("PLANNED_STOP", 0L);
        }

        void put(String prefix, Map<String, Object> result) {
            times.forEach((state, millis) -> result.put(prefix + state, millis));
            result.put(prefix + "good", good);
            result.put(prefix + "processed", processed);
            putOee(prefix, result);
        }

        void putOee(String prefix, Map<String, Object> result) {
            if (planned() > 0 && idealKnown && processed > 0) {
                // The ideal time in seconds, the planned time in milliseconds.
                result.put(
                        prefix + "oee",
                        idealGood
                                .multiply(BigDecimal.valueOf(1000))
                                .divide(BigDecimal.valueOf(planned()), MathContext.DECIMAL128)
                                .doubleValue());
            }
        }
    }

    private static Sums sumsOf(List<Event> own, long start, long end) {
        Sums sums = new Sums();
        TreeSet<Long> edges = new TreeSet<>(List.of(start, end));
        for (Event event : own) {
            edges.add(event.time());
            edges.add(event.time() + SIGNAL_TIMEOUT);
        }
        Long from = null;
        for (long edge : edges) {
            if (from != null
                    && from >= start
                    && edge <= end
                    && from >= own.get(0).time()) {
                sums.times.merge(stateAt(own, from), edge - from, Long::sum);
            }
            from = edge;
        }
        for (Event event : own) {
            long good = event.body().path("good").asLong();
            long processed = good
                    + event.body().path("reject").asLong()
                    + event.body().path("rework").asLong();
            if (event.time() < start
                    || processed == 0
                    || stateAt(own, event.time()).equals("PLANNED_STOP")) {
                continue;
            }
            sums.good += good;
            sums.processed += processed;
            JsonNode ideal = event.body().get("ideal_cycle_time");
            sums.idealKnown &= ideal != null;
            if (ideal != null) {
                sums.idealGood = sums.idealGood.add(new BigDecimal(ideal.asText()).multiply(BigDecimal.valueOf(good)));
            }
        }
        return sums;
    }

    private static String stateAt(List<Event> own, long instant) {
        String state = "UNKNOWN";
        long lastSignal = Long.MIN_VALUE;
        for (Event event : own) {
            if (event.time() <= instant) {
                state = event.body().path("state").asText(state);
                lastSignal = event.time();
            }
        }
        return instant >= lastSignal + SIGNAL_TIMEOUT ? "UNKNOWN" : state;
    }

    /** The same figures read off a result's JSON, for comparison. */
    public static Map<String, Object> figuresOf(JsonNode result) {
        Map<String, Object> figures = new TreeMap<>();
        for (JsonNode step : result.get("steps")) {
            String prefix = step.get("step_id").asText() + ".";
            for (String state :
                    List.of("RUNNING", "SETUP", "DOWN", "STARVED", "BLOCKED", "IDLE", "PLANNED_STOP", "UNKNOWN")) {
                long millis = step.get(state.toLowerCase(java.util.Locale.ROOT) + "_ms")
                        .asLong();
                if (millis > 0) {
                    figures.put(prefix + state, millis);
                }
            }
            long good = step.get("good").asLong();
            figures.put(prefix + "good", good);
            long processed =
                    good + step.get("reject").asLong() + step.get("rework").asLong();
            figures.put(prefix + "processed", processed);
            if (processed > 0 && !step.get("oee").isNull()) {
                figures.put(prefix + "oee", step.get("oee").asDouble());
            }
        }
        if (!result.get("oee").isNull() && figures.keySet().stream().anyMatch(name -> name.endsWith(".oee"))) {
            figures.put("oee", result.get("oee").asDouble());
        }
        return figures;
    }
}
