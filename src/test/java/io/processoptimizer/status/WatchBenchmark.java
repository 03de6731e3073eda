package io.processoptimizer.status;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Locale;

/**
 * What the page costs with 2,000 processes: bytes and time of the first answer, of a refresh in which a thirtieth has changed (windows close
 * once a minute, the page asks every two seconds), and of an overview that a worker leaves for the others.
 */
final class WatchBenchmark {
    private static final int PROCESSES = 2_000;
    private static final int CHANGED = PROCESSES / 30;
    private static final int ROUNDS = 50;

    private WatchBenchmark() {}

    public static void main(String[] arguments) throws IOException {
        ObjectMapper json = new ObjectMapper();
        PlantBoard board = new PlantBoard(
                new PlantBoard.Shape("process-optimizer", "main", 300_000, 60_000, 30_000), Clock.systemUTC());
        FixedFacts facts = new FixedFacts();
        ObjectNode overview = WatchPageIT.overview(PROCESSES, 0);
        board.take(List.of(json.writeValueAsBytes(overview)));
        byte[] all = board.json(facts, "", 0);
        JsonNode first = json.readTree(all);
        say("first answer", all, time(() -> board.json(facts, "", 0)));
        byte[] packedOverview = Gzip.compress(json.writeValueAsBytes(overview));
        System.out.printf(
                Locale.ROOT,
                "overview left for others      %6.1f KB compressed: %d write units%n",
                packedOverview.length / 1e3,
                (packedOverview.length + 1_023) / 1_024);

        for (int i = 0; i < CHANGED; i++) {
            ((ObjectNode) ((ArrayNode) overview.get("cards")).get(i)).put("oee", 0.123);
        }
        overview.put("written", System.currentTimeMillis() + 5);
        board.take(List.of(json.writeValueAsBytes(overview)));
        String instance = first.get("instance").asText();
        long version = first.get("version").asLong();
        say(
                "refresh, " + CHANGED + " changed",
                board.json(facts, instance, version),
                time(() -> board.json(facts, instance, version)));
        JsonNode last = json.readTree(board.json(facts, instance, version));
        long now = last.get("version").asLong();
        say("refresh, nothing changed", board.json(facts, instance, now), time(() -> board.json(facts, instance, now)));
    }

    private static double time(Runnable answer) {
        for (int i = 0; i < ROUNDS; i++) {
            answer.run();
        }
        long begun = System.nanoTime();
        for (int i = 0; i < ROUNDS; i++) {
            answer.run();
        }
        return (System.nanoTime() - begun) / 1e6 / ROUNDS;
    }

    private static void say(String what, byte[] answer, double millis) {
        System.out.printf(
                Locale.ROOT,
                "%-28s %7.1f KB, %6.1f KB compressed, %5.1f ms%n",
                what,
                new String(answer, StandardCharsets.UTF_8).length() / 1e3,
                Gzip.compress(answer).length / 1e3,
                millis);
    }
}
