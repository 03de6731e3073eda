package io.processoptimizer.decode;

import io.processoptimizer.decode.FieldSource.Condition;
import io.processoptimizer.decode.FieldSource.Value;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How records of one foreign shape are read as canonical events.
 *
 * @param name as in the setting and in messages
 * @param version changes with the content of its file
 * @param records conditions that all hold for the records of this shape and for no others
 * @param each where the observations stand, or empty: the record is one
 * @param event the fields of every observation: of each the sources, of which the first that says something holds
 * @param rules of which the first whose conditions hold adds the fields of an observation; where there is none, {@code event} is all
 * @param quality which observations may be believed; null: all
 */
public record InputMapping(
        String name,
        String version,
        List<Condition> records,
        List<Pointer> each,
        Map<MappedField, List<FieldSource>> event,
        List<Rule> rules,
        @Nullable Quality quality) {
    public InputMapping {
        records = List.copyOf(records);
        each = List.copyOf(each);
        event = Map.copyOf(event);
        rules = List.copyOf(rules);
    }

    /** Fields of the observations for which all conditions hold. */
    public record Rule(List<Condition> when, Map<MappedField, List<FieldSource>> fields) {
        public Rule {
            when = List.copyOf(when);
            fields = Map.copyOf(fields);
        }
    }

    /**
     * Which observations may be believed. Of another one the state is UNKNOWN and no other fact counts.
     *
     * @param value what states the quality; an observation that states none is believed
     * @param good texts in lower case
     */
    public record Quality(Value value, Set<String> good) {
        public Quality {
            good = Set.copyOf(good);
        }
    }

    boolean reads(Scope root) {
        return Condition.allHold(records, root);
    }
}
