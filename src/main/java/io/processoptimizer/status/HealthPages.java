package io.processoptimizer.status;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;

/** {@code /healthz}, {@code /readyz} and {@code /metrics}. */
public final class HealthPages {
    private static final int OK = 200;
    private static final int UNAVAILABLE = 503;

    private HealthPages() {}

    /** The pages, by path. */
    public static Map<String, StatusServer.Page> of(WorkerFacts worker, WorkerMetrics metrics, Clock clock) {
        return Map.of(
                "/healthz",
                query -> {
                    Health health = worker.health();
                    return answer(health.isLive(), health, worker, clock);
                },
                "/readyz",
                query -> {
                    Health health = worker.health();
                    return answer(health.isReady(), health, worker, clock);
                },
                "/metrics",
                query -> new StatusServer.Answer(
                        OK,
                        "text/plain; version=0.0.4; charset=utf-8",
                        metrics.scrape().getBytes(StandardCharsets.UTF_8),
                        null));
    }

    private static StatusServer.Answer answer(boolean isFine, Health health, WorkerFacts worker, Clock clock) {
        ObjectNode body = JsonNodeFactory.instance
                .objectNode()
                .put("status", isFine ? "ok" : "unavailable")
                .put("live", health.isLive())
                .put("ready", health.isReady())
                .put("phase", health.phase().label())
                .put("worker", worker.workerId());
        ArrayNode problems = body.putArray("problems");
        health.problems().forEach(problems::add);
        ArrayNode warnings = body.putArray("warnings");
        health.warnings().forEach(warnings::add);
        ArrayNode shards = body.putArray("shards");
        long now = clock.millis();
        for (WorkerFacts.ShardFacts shard : worker.shards()) {
            ObjectNode node = shards.addObject()
                    .put("shard", shard.shardId())
                    .put("lag_ms", shard.lagMillis())
                    .put("called_ms_ago", now - shard.seenMillis());
            if (shard.committedMillis() > 0) {
                node.put("committed_ms_ago", now - shard.committedMillis());
            } else {
                node.putNull("committed_ms_ago");
            }
        }
        byte[] text = (body.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
        return StatusServer.Answer.json(isFine ? OK : UNAVAILABLE, text);
    }
}
