package io.processoptimizer.local.eventbridge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EventArchiveTest {
    private final EventArchive archive = new EventArchive();

    @Test
    void newestComesFirstAndTheOldestIsForgottenBeyondTheBound() {
        for (int i = 0; i < 10_200; i++) {
            archive.keep("default", event("source", "" + i), List.of());
        }

        JsonNode kept = archive.read(null, null, 50_000);

        assertThat(kept.get("events")).hasSize(10_000);
        assertThat(kept.at("/events/0/event/id").asText()).isEqualTo("10199");
        assertThat(kept.at("/events/9999/event/id").asText()).isEqualTo("200");
        assertThat(kept.get("forgotten").asInt()).isEqualTo(200);
    }

    @Test
    void largeEventsAreBoundedBySize() {
        String megabyte = "x".repeat(1 << 20);
        for (int i = 0; i < 20; i++) {
            archive.keep("default", event("source", i + megabyte), List.of());
        }

        assertThat(archive.read(null, null, 5_000).get("events")).hasSize(15);
    }

    @Test
    void sourceAndRuleSelect() {
        Rule rule = new Rule(Map.of("Name", "high", "State", Rule.ENABLED), null, Map.of());
        archive.keep("default", event("a", "1"), List.of(rule));
        archive.keep("default", event("b", "2"), List.of());

        assertThat(archive.read("b", null, 10).get("events").findValuesAsText("id"))
                .containsExactly("2");
        assertThat(archive.read(null, "high", 10).get("events").findValuesAsText("id"))
                .containsExactly("1");
        assertThat(archive.read(null, null, 1).get("events").findValuesAsText("id"))
                .containsExactly("2");
    }

    @Test
    void aConsumerGetsEachEventOnceInOrder() {
        for (int i = 1; i <= 5; i++) {
            archive.keep("default", event("source", "" + i), List.of());
        }

        assertThat(archive.readAfter(0, 2).get("events").findValuesAsText("id")).containsExactly("1", "2");
        assertThat(archive.readAfter(2, 10).get("events").findValuesAsText("number"))
                .containsExactly("3", "4", "5");
        assertThat(archive.readAfter(5, 10).get("events")).isEmpty();
    }

    private static ObjectNode event(String source, String id) {
        return JsonNodeFactory.instance.objectNode().put("source", source).put("id", id);
    }
}
