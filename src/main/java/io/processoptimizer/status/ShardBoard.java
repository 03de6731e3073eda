package io.processoptimizer.status;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.processoptimizer.emit.Adjustment;
import io.processoptimizer.emit.AdviceRecord;
import io.processoptimizer.emit.DeadLetter;
import io.processoptimizer.emit.Effect;
import io.processoptimizer.emit.Outputs;
import io.processoptimizer.emit.WindowResult;
import io.processoptimizer.event.RejectReason;
import io.processoptimizer.window.WindowFacts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the page knows of one shard, in one tenure: a card a process, and what was refused. It is told once a closed window, not once a
 * record, and never fails: what cannot be shown must not stop what is computed. Thread safe.
 */
final class ShardBoard implements Outputs {
    private static final Logger LOG = LoggerFactory.getLogger(ShardBoard.class);

    /** About 1 KB each; of more processes of one shard the page says how many it leaves out. */
    static final int MAX_PROCESSES = 5_000;

    static final JsonFactory JSON = new ObjectMapper().getFactory();

    private final Scope scope;
    private final LongSupplier versions;
    private final Map<String, Shown> cards = new HashMap<>();
    private final Map<RejectReason, Long> refused = new EnumMap<>(RejectReason.class);
    private long windows;
    private long leftOut;
    private long changed;
    private @Nullable JsonNode former;

    /**
     * What the board is about.
     *
     * @param epoch of the tenure
     * @param window name of the window that is shown
     * @param slideMillis of that window
     */
    record Scope(String shardId, long epoch, String window, long slideMillis) {}

    /** A card and the version of its last change. */
    private static final class Shown {
        final ProcessCard card;
        long version;
        byte @Nullable [] json;

        Shown(ProcessCard card) {
            this.card = card;
        }
    }

    /**
     * A card as it is sent.
     *
     * @param version of its last change
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    record Row(String processId, long endMillis, long version, byte[] json) {}

    /** @param versions numbers changes; rises */
    ShardBoard(Scope scope, LongSupplier versions) {
        this.scope = scope;
        this.versions = versions;
    }

    Scope scope() {
        return scope;
    }

    /** The history that the former holder of the shard has left; what came since stays. */
    synchronized void goOnFrom(JsonNode overview) {
        if (former == null) {
            former = overview;
            for (JsonNode node : overview.path("cards")) {
                String processId = node.path("id").asText();
                if (!cards.containsKey(processId) && cards.size() < MAX_PROCESSES) {
                    Shown shown = new Shown(ProcessCard.read(node, scope.slideMillis()));
                    cards.put(processId, shown);
                    touch(shown);
                }
            }
        }
    }

    private void touch(Shown shown) {
        shown.version = versions.getAsLong();
        shown.json = null;
        changed = shown.version;
    }

    private synchronized void update(String processId, boolean isNew, Consumer<ProcessCard> change) {
        try {
            Shown shown = cards.get(processId);
            if (shown == null) {
                if (!isNew) {
                    return;
                }
                if (cards.size() >= MAX_PROCESSES) {
                    leftOut++;
                    return;
                }
                shown = new Shown(new ProcessCard(processId, scope.slideMillis()));
                cards.put(processId, shown);
            }
            change.accept(shown.card);
            touch(shown);
        } catch (RuntimeException e) {
            LOG.warn("The page does not show what came of {}", processId, e);
        }
    }

    @Override
    public void result(WindowResult result, WindowFacts facts) {
        if (result.window().equals(scope.window())) {
            update(result.processId(), true, card -> card.result(result));
            synchronized (this) {
                windows++;
            }
        }
    }

    @Override
    public synchronized void deadLetter(DeadLetter letter) {
        refused.merge(letter.reason(), 1L, Long::sum);
        changed = versions.getAsLong();
    }

    @Override
    public void gap(String processId, long fromMillis) {
        update(processId, false, card -> card.gap(fromMillis));
    }

    @Override
    public void advice(AdviceRecord advice) {}

    @Override
    public void adjustment(Adjustment adjustment) {
        if (!adjustment.withheld()) {
            update(adjustment.grounds().processId(), false, card -> card.adjustment(adjustment));
        }
    }

    @Override
    public void effect(Effect effect) {
        update(effect.processId(), false, card -> card.effect(effect));
    }

    // ---- what is shown

    /** All cards. */
    synchronized List<Row> rows() {
        List<Row> rows = new ArrayList<>(cards.size());
        cards.forEach((processId, shown) -> {
            byte[] json = shown.json;
            if (json == null) {
                json = json(shown.card);
                shown.json = json;
            }
            rows.add(new Row(processId, shown.card.endMillis(), shown.version, json));
        });
        return rows;
    }

    private byte[] json(ProcessCard card) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1_024);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            card.write(json, scope.shardId());
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory cannot fail", e);
        }
        return bytes.toByteArray();
    }

    synchronized long changed() {
        return changed;
    }

    synchronized void writeCounts(JsonGenerator json) throws IOException {
        json.writeNumberField("processes", cards.size());
        json.writeNumberField("left_out", leftOut);
        json.writeNumberField("windows", windows);
        json.writeObjectFieldStart("refused");
        for (Map.Entry<RejectReason, Long> reason : refused.entrySet()) {
            json.writeNumberField(reason.getKey().label(), reason.getValue());
        }
        json.writeEndObject();
    }

    /**
     * The overview that other workers show, as JSON: {@code shard, owner, epoch, written, records, lag_ms, committed, processes, left_out,
     * windows, refused, cards}.
     *
     * @param most bytes of cards; the processes whose windows ended last come first
     */
    byte[] overview(WorkerFacts.ShardFacts facts, long nowMillis, int most) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        List<Row> rows = new ArrayList<>(rows());
        rows.sort(Comparator.comparingLong(Row::endMillis).reversed().thenComparing(Row::processId));
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            PlantBoard.write(facts, scope.epoch(), json);
            json.writeNumberField("written", nowMillis);
            writeCounts(json);
            json.writeArrayFieldStart("cards");
            int room = most;
            for (Row row : rows) {
                room -= row.json().length;
                if (room < 0) {
                    break;
                }
                json.writeRawValue(new String(row.json(), java.nio.charset.StandardCharsets.UTF_8));
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory cannot fail", e);
        }
        return bytes.toByteArray();
    }
}
