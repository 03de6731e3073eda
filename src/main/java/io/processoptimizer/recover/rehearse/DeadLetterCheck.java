package io.processoptimizer.recover.rehearse;

import com.fasterxml.jackson.databind.JsonNode;
import io.processoptimizer.recover.JsonDifference;
import java.util.HashMap;
import java.util.Map;

/** Refused records, as a replay and the table have them: the same ones, for the same reasons, with the same bytes. */
final class DeadLetterCheck {
    private final Agreement agreement = new Agreement("dead letters");
    private final Map<String, JsonNode> expected = new HashMap<>();
    private final Map<String, JsonNode> stored = new HashMap<>();

    /** @param letter with id, reason and whatever else is to be the same */
    void replayed(JsonNode letter) {
        expected.put(letter.path("id").asText(), letter);
    }

    /** @param letter as of {@link #replayed} */
    void stored(JsonNode letter) {
        // The table's key is reason and id: one record refused for two reasons would be there twice.
        JsonNode before = stored.putIfAbsent(letter.path("id").asText(), letter);
        if (before != null) {
            agreement.addDoubled(
                    name(letter) + " beside " + before.path("reason").asText());
        }
    }

    /** To be called once, when all were handed over. */
    Agreement compare() {
        expected.forEach((id, letter) -> {
            JsonNode found = stored.get(id);
            if (found == null) {
                agreement.addMissing(name(letter));
                return;
            }
            agreement.addCompared();
            String difference = JsonDifference.first(letter, found);
            if (difference != null) {
                agreement.addDifferent(name(found) + " " + difference);
            }
        });
        stored.forEach((id, letter) -> {
            if (!expected.containsKey(id)) {
                agreement.addUnexpected(name(letter));
            }
        });
        return agreement;
    }

    private static String name(JsonNode letter) {
        return letter.path("id").asText() + " (" + letter.path("reason").asText() + ")";
    }
}
