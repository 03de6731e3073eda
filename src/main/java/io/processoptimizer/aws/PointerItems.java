package io.processoptimizer.aws;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromBool;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import io.processoptimizer.checkpoint.Claim;
import io.processoptimizer.checkpoint.Reprocessing;
import io.processoptimizer.checkpoint.ShardPointer;
import io.processoptimizer.checkpoint.ShardPointer.Failure;
import io.processoptimizer.checkpoint.Snapshot;
import io.processoptimizer.event.RecordPosition;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Pointers and savepoints as attributes of their items: epoch, holder, state (the id), sequence, subsequence, chunks, bytes, committed_at,
 * configuration, label (of a savepoint that is kept), children, failures, without_state; and of a rewind: generation, processes, until,
 * publish, configuration_required, generations_before (by process; {@link Reprocessing#ALL} stands for all).
 */
public final class PointerItems {
    /** What a rewind asks for; all of them are of the same rewind. */
    public static final List<String> REPROCESSING =
            List.of("generation", "processes", "until", "publish", "configuration_required", "generations_before");

    /** What says where a state is and what it contains. */
    static final List<String> STATE =
            List.of("state", "chunks", "bytes", "committed_at", "sequence", "subsequence", "configuration");

    private PointerItems() {}

    static ShardPointer pointer(Map<String, AttributeValue> item) {
        String state = text(item, "state");
        AttributeValue withoutState = item.get("without_state");
        return new ShardPointer(
                new Claim(text(item, "holder", "?"), number(item, "epoch")),
                state == null ? null : snapshot(state, item),
                Set.copyOf(texts(item, "children")),
                texts(item, "failures").stream().map(PointerItems::failure).toList(),
                withoutState != null && Boolean.TRUE.equals(withoutState.bool()),
                item.containsKey("generation") ? reprocessing(item) : null);
    }

    /** {@code SEQUENCE/SUBSEQUENCE/TIMES}. */
    private static Failure failure(String text) {
        String[] fields = text.split("/", 3);
        return new Failure(new RecordPosition(fields[0], Long.parseLong(fields[1])), Integer.parseInt(fields[2]));
    }

    static String text(Failure failure) {
        return text(failure.position()) + "/" + failure.times();
    }

    private static String text(RecordPosition position) {
        return position.sequenceNumber() + "/" + position.subSequenceNumber();
    }

    static Snapshot snapshot(String id, Map<String, AttributeValue> item) {
        String sequence = text(item, "sequence");
        return new Snapshot(
                id,
                sequence == null ? null : new RecordPosition(sequence, number(item, "subsequence")),
                (int) number(item, "chunks"),
                number(item, "bytes"),
                number(item, "committed_at"),
                text(item, "configuration"),
                text(item, "label"));
    }

    /** Without the id and the label. */
    static Map<String, AttributeValue> fields(Snapshot snapshot) {
        Map<String, AttributeValue> fields = new HashMap<>();
        fields.put("chunks", number(snapshot.parts()));
        fields.put("bytes", number(snapshot.bytes()));
        fields.put("committed_at", number(snapshot.writtenMillis()));
        RecordPosition position = snapshot.position();
        if (position != null) {
            fields.put("sequence", fromS(position.sequenceNumber()));
            fields.put("subsequence", number(position.subSequenceNumber()));
        }
        if (snapshot.configuration() != null) {
            fields.put("configuration", fromS(snapshot.configuration()));
        }
        return fields;
    }

    private static Reprocessing reprocessing(Map<String, AttributeValue> item) {
        String until = text(item, "until");
        String[] fields = until == null ? new String[0] : until.split("/", 2);
        AttributeValue publish = item.get("publish");
        AttributeValue before = item.get("generations_before");
        Map<String, Long> earlier = new HashMap<>();
        if (before != null) {
            before.m().forEach((process, generation) -> earlier.put(process, Long.parseLong(generation.n())));
        }
        return new Reprocessing(
                number(item, "generation"),
                Set.copyOf(texts(item, "processes")),
                until == null ? null : new RecordPosition(fields[0], Long.parseLong(fields[1])),
                publish != null && Boolean.TRUE.equals(publish.bool()),
                text(item, "configuration_required"),
                earlier);
    }

    static Map<String, AttributeValue> fields(Reprocessing asked) {
        Map<String, AttributeValue> fields = new HashMap<>();
        fields.put("generation", number(asked.generation()));
        fields.put("publish", fromBool(asked.publish()));
        if (!asked.processes().isEmpty()) {
            fields.put("processes", AttributeValue.fromSs(List.copyOf(asked.processes())));
        }
        if (asked.until() != null) {
            fields.put("until", fromS(text(asked.until())));
        }
        if (asked.configuration() != null) {
            fields.put("configuration_required", fromS(asked.configuration()));
        }
        if (!asked.earlier().isEmpty()) {
            Map<String, AttributeValue> earlier = new HashMap<>();
            asked.earlier().forEach((process, generation) -> earlier.put(process, number(generation)));
            fields.put("generations_before", AttributeValue.fromM(earlier));
        }
        return fields;
    }

    static AttributeValue number(long value) {
        return fromN(Long.toString(value));
    }

    static List<String> texts(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item.get(name);
        return value == null ? List.of() : value.ss();
    }

    static @Nullable String text(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item.get(name);
        return value == null ? null : value.s();
    }

    static String text(Map<String, AttributeValue> item, String name, String otherwise) {
        String text = text(item, name);
        return text == null ? otherwise : text;
    }

    static long number(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item.get(name);
        return value == null || value.n() == null ? 0 : Long.parseLong(value.n());
    }
}
