package io.processoptimizer.recover.rehearse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.processoptimizer.emit.AdviceJson;
import io.processoptimizer.recover.JsonDifference;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Adjustments, as a replay decides them and as a consumer of the event bus received them. The same content under the same id may come
 * more than once; another content under it may not, nor may one window have two ids.
 */
final class AdjustmentCheck {
    /** What an adjustment's line has beside its event's detail. */
    private static final List<String> OF_THE_LINE =
            List.of("id", "kind", "window", "generation", "closing_arrival", AdviceJson.EFFECT);

    private final Agreement agreement = new Agreement("adjustments");
    private final Map<String, JsonNode> expected = new HashMap<>();
    private final Map<String, JsonNode> received = new HashMap<>();
    private final Map<String, String> idOfWindow = new HashMap<>();

    /** @param line of adjustments.ndjson; its fields beside the event's are removed */
    void replayed(ObjectNode line) {
        line.remove(OF_THE_LINE);
        expected.put(id(line), line);
    }

    /** @param detail of an event */
    void received(JsonNode detail) {
        JsonNode before = received.putIfAbsent(id(detail), detail);
        if (before != null) {
            String difference = JsonDifference.first(before, detail);
            if (difference == null) {
                agreement.addRedelivered();
            } else {
                agreement.addDifferent(name(detail) + " came with two contents: " + difference);
            }
            return;
        }
        String other = idOfWindow.putIfAbsent(
                detail.path("process_id") + " " + detail.path("window_start") + " " + detail.path("window_end"),
                id(detail));
        if (other != null) {
            agreement.addDoubled(name(detail) + " beside " + other);
        }
    }

    /** To be called once, when all were handed over. */
    Agreement compare() {
        expected.forEach((id, adjustment) -> {
            JsonNode found = received.get(id);
            if (found == null) {
                agreement.addMissing(name(adjustment));
                return;
            }
            agreement.addCompared();
            String difference = JsonDifference.first(adjustment, found);
            if (difference != null) {
                agreement.addDifferent(name(found) + " " + difference);
            }
        });
        received.forEach((id, detail) -> {
            if (!expected.containsKey(id)) {
                agreement.addUnexpected(name(detail));
            }
        });
        return agreement;
    }

    private static String id(JsonNode adjustment) {
        return adjustment.path("adjustment_id").asText();
    }

    private static String name(JsonNode adjustment) {
        return id(adjustment) + " of " + adjustment.path("process_id").asText() + " "
                + Instant.ofEpochMilli(adjustment.path("window_end").asLong());
    }
}
