package io.processoptimizer.decode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.processoptimizer.decode.FieldSource.Condition;
import io.processoptimizer.event.RejectReason;
import io.processoptimizer.event.StepState;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns a record of a foreign shape into canonical events, by a mapping. Pure: the same record and mapping give the same events. Cost:
 * one look-up a pointer and observation.
 */
final class InputMapper {
    /** Observations of one record: far above what gateways bundle, and few enough that each can be refused with the record's bytes. */
    static final int MAX_OBSERVATIONS = 1_000;

    /** Takes the observations of one record in its order: of each exactly one call. */
    interface Receiver {
        /**
         * One observation.
         *
         * @param event a canonical event, not yet checked
         * @param sources of each field the places it was read from, as pointers; empty unless they are traced
         */
        void event(int index, ObjectNode event, Map<MappedField, Set<String>> sources);

        /** One that says nothing this mapping reads. */
        void ignored(int index, String why);

        void refused(int index, Refusal refusal);
    }

    private final InputMapping mapping;
    private final Set<String> trace = new LinkedHashSet<>();
    private final Set<String> used = new LinkedHashSet<>();
    private final boolean isTraced;

    /** @param isTraced whether the places that values come from are noted, which costs time */
    InputMapper(InputMapping mapping, boolean isTraced) {
        this.mapping = mapping;
        this.isTraced = isTraced;
    }

    /**
     * Reads all observations of a record.
     *
     * @throws Refusal where it holds too many; then none was handed over
     */
    void read(JsonNode record, Receiver out) throws Refusal {
        List<Scope> observations = observations(Scope.of(record, isTraced ? trace : null));
        if (observations.size() > MAX_OBSERVATIONS) {
            throw new Refusal(
                    RejectReason.TOO_LARGE,
                    "the record holds more than " + MAX_OBSERVATIONS + " observations; send them in several records");
        }
        for (int i = 0; i < observations.size(); i++) {
            try {
                read(i, observations.get(i), out);
            } catch (Refusal refusal) {
                out.refused(i, refusal);
            }
        }
    }

    /** Every place that was looked at since the last call, as pointers, where it is traced. */
    Set<String> takeUsed() {
        Set<String> taken = new LinkedHashSet<>(used);
        taken.addAll(trace);
        used.clear();
        trace.clear();
        return taken;
    }

    private List<Scope> observations(Scope root) {
        if (mapping.each().isEmpty()) {
            return List.of(root);
        }
        List<Scope> found = new ArrayList<>();
        for (Pointer pointer : mapping.each()) {
            pointer.find(root, 0, MAX_OBSERVATIONS, found);
        }
        return found;
    }

    private void read(int index, Scope observation, Receiver out) throws Refusal {
        InputMapping.Rule rule = rule(observation);
        if (rule == null && !mapping.rules().isEmpty()) {
            out.ignored(index, "no rule of 'facts' reads it");
            return;
        }
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        Map<MappedField, Set<String>> sources = new EnumMap<>(MappedField.class);
        boolean believed = isBelieved(observation);
        boolean hasFact = false;
        for (MappedField field : MappedField.values()) {
            List<FieldSource> from = rule == null ? null : rule.fields().get(field);
            from = from == null ? mapping.event().get(field) : from;
            if (from == null) {
                continue;
            }
            if (!believed && field == MappedField.STATE) {
                event.put(field.json(), StepState.UNKNOWN.name());
                hasFact = true;
            } else if (believed || MappedField.SURE.contains(field)) {
                hasFact |= read(index, field, from, observation, event, sources) && isFact(field);
            }
        }
        if (hasFact) {
            settleGood(event);
            out.event(index, event, sources);
        } else {
            out.ignored(index, believed ? "it states no fact" : "its quality is not good, and it states no state");
        }
    }

    /** Whether a source says something; it then stands in the event. */
    private boolean read(
            int index,
            MappedField field,
            List<FieldSource> from,
            Scope observation,
            ObjectNode event,
            Map<MappedField, Set<String>> sources)
            throws Refusal {
        for (FieldSource source : from) {
            used.addAll(trace);
            trace.clear();
            JsonNode value = source.read(field, observation);
            if (!value.isMissingNode()) {
                event.set(
                        field.json(), field == MappedField.EVENT_ID ? ownId(source, value, index, observation) : value);
                sources.put(field, isTraced ? new LinkedHashSet<>(trace) : Set.of());
                return true;
            }
        }
        return false;
    }

    /** An id of the whole record is none of its observations': all but the first would count as repetitions of it. */
    private JsonNode ownId(FieldSource source, JsonNode id, int index, Scope observation) {
        boolean isName = id.isTextual() && !id.textValue().isEmpty();
        return isName && !mapping.each().isEmpty() && source.value().isShared(observation)
                ? new TextNode(id.textValue() + ":" + index)
                : id;
    }

    /** Where one of the three is no number, it is left for the reader of canonical events to refuse. */
    private static void settleGood(ObjectNode event) {
        JsonNode processed = event.remove(MappedField.PROCESSED.json());
        if (processed == null || event.has(MappedField.GOOD.json())) {
            return;
        }
        BigDecimal all = MappedUnit.number(processed);
        BigDecimal reject = parts(event, MappedField.REJECT);
        BigDecimal rework = parts(event, MappedField.REWORK);
        event.set(
                MappedField.GOOD.json(),
                all == null || reject == null || rework == null
                        ? processed
                        : DecimalNode.valueOf(all.subtract(reject).subtract(rework)));
    }

    /** Zero where the observation states none, null where what it states is no number. */
    private static @Nullable BigDecimal parts(ObjectNode event, MappedField field) {
        JsonNode stated = event.path(field.json());
        return stated.isMissingNode() ? BigDecimal.ZERO : MappedUnit.number(stated);
    }

    /** What makes an observation worth handing over: an ideal cycle or a reason alone says nothing of what happened. */
    private static boolean isFact(MappedField field) {
        EventField canonical = EventField.named(field.json());
        return field == MappedField.PROCESSED || (canonical != null && (EventField.FACTS & canonical.bit()) != 0);
    }

    private InputMapping.@Nullable Rule rule(Scope observation) {
        for (InputMapping.Rule rule : mapping.rules()) {
            if (Condition.allHold(rule.when(), observation)) {
                return rule;
            }
        }
        return null;
    }

    private boolean isBelieved(Scope observation) {
        InputMapping.Quality quality = mapping.quality();
        if (quality == null) {
            return true;
        }
        JsonNode stated = quality.value().in(observation);
        return stated.isMissingNode() || stated.isNull() || quality.good().contains(FieldSource.textOf(stated));
    }
}
