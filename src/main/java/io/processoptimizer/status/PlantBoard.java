package io.processoptimizer.status;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.processoptimizer.emit.Outputs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The whole plant as the page shows it: the worker's own shards live, the others as their workers have left overviews of them. A client
 * says which version it has and gets what has changed since. Thread safe.
 *
 * <pre>{@code
 * {"instance": changes when all is to be fetched anew, "version": to be given as since, "full": whether all cards are here, "now",
 *  "product", "worker", "window": {"size_ms","slide_ms"}, "health": {"live","phase","problems":[],"warnings":[]},
 *  "shared": whether the shards of other workers are shown, "late_ms": a word of another worker that is older is late,
 *  "shards": [{"shard","owner","here": whether this worker processes it,"records","lag_ms","seen","committed","written",
 *              "processes","left_out","windows","refused":{}}],
 *  "outputs": {"waiting","capacity","dropped_metrics"}, "budget": {"model","calls","most_calls","tokens","most_tokens"} or null,
 *  "processes": [cards, see ProcessCard]}
 * }</pre>
 */
public final class PlantBoard {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** Without a word for so long an overview is deleted: its shard has ended, or nobody has run for a day. */
    static final long DELETED_MILLIS = 24 * 3_600_000L;

    /** So many silent turns of a worker, and something is wrong with it. */
    private static final int LATE_TURNS = OverviewSharing.QUIET_TURNS + 2;

    /** So many, and its overview is not shown any more: the shard has ended, or its next holder has left one of its own. */
    private static final int SHOWN_TURNS = 5 * OverviewSharing.QUIET_TURNS;

    private final Shape shape;
    private final Clock clock;
    private final AtomicLong versions = new AtomicLong();
    private final String run = UUID.randomUUID().toString().substring(0, 8);
    private final Map<String, ShardBoard> boards = new HashMap<>();
    private final Map<String, Overview> overviews = new TreeMap<>();
    private Set<String> known = new HashSet<>();
    private long forgotten;
    private volatile long askedMillis;

    /**
     * What is shown.
     *
     * @param product name and version
     * @param window name of the window
     * @param shareMillis how often workers leave overviews; 0: never
     */
    public record Shape(String product, String window, long sizeMillis, long slideMillis, long shareMillis) {}

    /** An overview that is to be deleted. */
    record Stale(String shardId, long epoch) {}

    /** What another worker has left of a shard: what it says of it, and its cards. */
    private record Overview(JsonNode head, long epoch, long writtenMillis, Map<String, ShardBoard.Row> rows) {}

    public PlantBoard(Shape shape, Clock clock) {
        this.shape = shape;
        this.clock = clock;
    }

    // ---- own shards

    /** A tenure of a shard begins: what comes of it is to be told to what is returned. */
    public synchronized Outputs begin(String shardId, long epoch) {
        ShardBoard board = new ShardBoard(
                new ShardBoard.Scope(shardId, epoch, shape.window(), shape.slideMillis()), versions::incrementAndGet);
        Overview left = overviews.get(shardId);
        if (left != null) {
            board.goOnFrom(left.head());
        }
        boards.put(shardId, board);
        return board;
    }

    /** The boards of the shards that the worker processes; others are dropped. */
    synchronized List<ShardBoard> own(Collection<String> held) {
        boards.keySet().retainAll(held);
        return List.copyOf(boards.values());
    }

    // ---- other shards

    /**
     * Takes overviews of all shards, in place of those that came before; what cannot be read is left out.
     *
     * @return those of shards that are gone
     */
    synchronized List<Stale> take(Collection<byte[]> read) {
        Map<String, Overview> taken = new HashMap<>();
        List<Stale> stale = new ArrayList<>();
        for (byte[] json : read) {
            Overview overview = overview(json);
            if (overview == null) {
                continue;
            }
            String shardId = overview.head().path("shard").asText();
            if (clock.millis() - overview.writtenMillis() > DELETED_MILLIS) {
                stale.add(new Stale(shardId, overview.epoch()));
            } else {
                taken.put(shardId, overview);
                ShardBoard own = boards.get(shardId);
                if (own != null) {
                    own.goOnFrom(overview.head());
                }
            }
        }
        overviews.clear();
        overviews.putAll(taken);
        return stale;
    }

    private boolean isShown(Overview overview) {
        return clock.millis() - overview.writtenMillis() < SHOWN_TURNS * shape.shareMillis();
    }

    private @Nullable Overview overview(byte[] json) {
        try {
            JsonNode head = MAPPER.readTree(json);
            Overview before = overviews.get(head.path("shard").asText());
            long written = head.path("written").asLong();
            if (before != null && before.writtenMillis() == written) {
                return before;
            }
            Map<String, ShardBoard.Row> rows = new HashMap<>();
            for (JsonNode card : head.path("cards")) {
                String processId = card.path("id").asText();
                byte[] text = card.toString().getBytes(StandardCharsets.UTF_8);
                ShardBoard.Row was = before == null ? null : before.rows().get(processId);
                rows.put(
                        processId,
                        was != null && java.util.Arrays.equals(was.json(), text)
                                ? was
                                : new ShardBoard.Row(
                                        processId, card.path("end").asLong(), versions.incrementAndGet(), text));
            }
            return new Overview(head, head.path("epoch").asLong(), written, rows);
        } catch (IOException e) {
            return null; // of another version, or cut off: shown again when its worker has written the next
        }
    }

    /** When the page was asked for last, epoch milliseconds, or 0. */
    long askedMillis() {
        return askedMillis;
    }

    // ---- what is sent

    /**
     * What has changed.
     *
     * @param instance of the client's last answer; another than the present one: everything
     * @param since version of the client's last answer
     */
    public byte[] json(WorkerFacts worker, String instance, long since) {
        askedMillis = clock.millis();
        List<WorkerFacts.ShardFacts> shards = worker.shards();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        synchronized (this) {
            long version = versions.get();
            Map<String, ShardBoard.Row> rows = rows(shards);
            if (!rows.keySet().containsAll(known)) {
                forgotten++;
            }
            known = new HashSet<>(rows.keySet());
            String present = run + "-" + forgotten;
            boolean isFull = !present.equals(instance) || since > version;
            try (JsonGenerator json = ShardBoard.JSON.createGenerator(bytes)) {
                json.writeStartObject();
                json.writeStringField("instance", present);
                json.writeNumberField("version", version);
                json.writeBooleanField("full", isFull);
                head(worker, json);
                shards(shards, json);
                json.writeArrayFieldStart("processes");
                for (ShardBoard.Row row : rows.values()) {
                    if (isFull || row.version() > since) {
                        json.writeRawValue(new String(row.json(), StandardCharsets.UTF_8));
                    }
                }
                json.writeEndArray();
                json.writeEndObject();
            } catch (IOException e) {
                throw new UncheckedIOException("writing to memory cannot fail", e);
            }
        }
        return bytes.toByteArray();
    }

    /** By process: a shard that was split may have left cards of processes that its children have now, so the newest window counts. */
    private Map<String, ShardBoard.Row> rows(List<WorkerFacts.ShardFacts> shards) {
        Map<String, ShardBoard.Row> rows = new HashMap<>();
        for (WorkerFacts.ShardFacts shard : shards) {
            ShardBoard board = boards.get(shard.shardId());
            if (board != null) {
                board.rows().forEach(row -> rows.merge(row.processId(), row, PlantBoard::newer));
            }
        }
        Set<String> own = new HashSet<>();
        shards.forEach(shard -> own.add(shard.shardId()));
        overviews.forEach((shardId, overview) -> {
            if (!own.contains(shardId) && isShown(overview)) {
                overview.rows().values().forEach(row -> rows.merge(row.processId(), row, PlantBoard::newer));
            }
        });
        return rows;
    }

    private static ShardBoard.Row newer(ShardBoard.Row a, ShardBoard.Row b) {
        return b.endMillis() > a.endMillis() ? b : a;
    }

    private void head(WorkerFacts worker, JsonGenerator json) throws IOException {
        json.writeNumberField("now", clock.millis());
        json.writeStringField("product", shape.product());
        json.writeStringField("worker", worker.workerId());
        json.writeBooleanField("shared", shape.shareMillis() > 0);
        json.writeNumberField("late_ms", LATE_TURNS * shape.shareMillis());
        json.writeObjectFieldStart("window");
        json.writeNumberField("size_ms", shape.sizeMillis());
        json.writeNumberField("slide_ms", shape.slideMillis());
        json.writeEndObject();
        Health health = worker.health();
        json.writeObjectFieldStart("health");
        json.writeBooleanField("live", health.isLive());
        json.writeStringField("phase", health.phase().label());
        strings("problems", health.problems(), json);
        strings("warnings", health.warnings(), json);
        json.writeEndObject();
        WorkerFacts.Outflow outflow = worker.outflow();
        json.writeObjectFieldStart("outputs");
        json.writeNumberField("waiting", outflow.waiting());
        json.writeNumberField("capacity", outflow.capacity());
        json.writeNumberField("dropped_metrics", outflow.droppedMetrics());
        json.writeEndObject();
        WorkerFacts.Spending spending = worker.spending();
        if (spending == null) {
            json.writeNullField("budget");
        } else {
            json.writeObjectFieldStart("budget");
            json.writeStringField("model", spending.model());
            json.writeNumberField("calls", spending.calls());
            json.writeNumberField("most_calls", spending.mostCalls());
            json.writeNumberField("tokens", spending.tokens());
            json.writeNumberField("most_tokens", spending.mostTokens());
            json.writeEndObject();
        }
    }

    private static void strings(String name, List<String> texts, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart(name);
        for (String text : texts) {
            json.writeString(text);
        }
        json.writeEndArray();
    }

    private void shards(List<WorkerFacts.ShardFacts> own, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("shards");
        Set<String> ids = new HashSet<>();
        for (WorkerFacts.ShardFacts facts : own) {
            ids.add(facts.shardId());
            json.writeStartObject();
            json.writeBooleanField("here", true);
            write(facts, 0, json);
            ShardBoard board = boards.get(facts.shardId());
            if (board != null) {
                board.writeCounts(json);
            }
            json.writeEndObject();
        }
        List<String> others = new ArrayList<>(overviews.keySet());
        others.removeAll(ids);
        for (String shardId : others) {
            Overview overview = overviews.get(shardId);
            if (overview == null || !isShown(overview)) {
                continue;
            }
            json.writeStartObject();
            json.writeBooleanField("here", false);
            for (var field : overview.head().properties()) {
                if (!field.getKey().equals("cards") && !field.getKey().equals("here")) {
                    json.writeFieldName(field.getKey());
                    MAPPER.writeTree(json, field.getValue());
                }
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** The fields of a shard that its worker knows. */
    static void write(WorkerFacts.ShardFacts facts, long epoch, JsonGenerator json) throws IOException {
        json.writeStringField("shard", facts.shardId());
        json.writeStringField("owner", facts.owner());
        json.writeNumberField("epoch", epoch);
        json.writeNumberField("records", facts.records());
        json.writeNumberField("lag_ms", facts.lagMillis());
        json.writeNumberField("seen", facts.seenMillis());
        json.writeNumberField("committed", facts.committedMillis());
    }
}
