package io.processoptimizer.local.eventbridge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The latest events with the rules and targets that they matched, for inspection. Thread safe. */
public final class EventArchive {
    /** What a consumer has seconds to fetch; by number and, since a detail may have a megabyte, by size. */
    private static final int MAX_EVENTS = 10_000;

    private static final long MAX_CHARACTERS = 16L * 1024 * 1024;

    private final Deque<Kept> oldestFirst = new ArrayDeque<>();
    private long characters;
    private long forgotten;
    private long numbers;

    private record Kept(long number, ObjectNode entry, int characters) {}

    EventArchive() {}

    synchronized void keep(String bus, ObjectNode event, List<Rule> matched) {
        ObjectNode entry = JsonNodeFactory.instance.objectNode();
        numbers++;
        entry.put("number", numbers);
        entry.put("bus", bus);
        entry.set("event", event);
        ArrayNode rules = entry.putArray("matched");
        for (Rule rule : matched) {
            ObjectNode described = rules.addObject().put("rule", rule.name());
            ArrayNode targets = described.putArray("targets");
            rule.targets().values().forEach(targets::add);
        }
        int size = entry.toString().length();
        oldestFirst.add(new Kept(numbers, entry, size));
        characters += size;
        while (oldestFirst.size() > MAX_EVENTS || (characters > MAX_CHARACTERS && oldestFirst.size() > 1)) {
            characters -= oldestFirst.remove().characters();
            forgotten++;
        }
    }

    /**
     * What is kept, the newest first.
     *
     * @param source only events of this source, or null for all
     * @param rule only events that matched this rule, or null for all
     * @param limit at most so many
     * @return {@code {"events":[{"number","bus","event","matched":[{"rule","targets"}]}],"forgotten":n}}
     */
    public synchronized JsonNode read(@Nullable String source, @Nullable String rule, int limit) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ArrayNode events = answer.putArray("events");
        Iterator<Kept> newestFirst = oldestFirst.descendingIterator();
        while (newestFirst.hasNext() && events.size() < limit) {
            ObjectNode entry = newestFirst.next().entry();
            if (isWanted(entry, source, rule)) {
                events.add(entry);
            }
        }
        answer.put("forgotten", forgotten);
        return answer;
    }

    private static boolean isWanted(ObjectNode entry, @Nullable String source, @Nullable String rule) {
        return (source == null || source.equals(entry.at("/event/source").asText()))
                && (rule == null
                        || entry.get("matched").findValuesAsText("rule").contains(rule));
    }

    /**
     * For a consumer that wants all: what came after an event, the oldest first.
     *
     * @param number of the last event that the consumer has, 0 before the first; events are numbered from 1 on without gaps
     * @param limit at most so many
     * @return as {@link #read}, with all sources and rules; where the first number is not the next one, some were forgotten meanwhile
     */
    public synchronized JsonNode readAfter(long number, int limit) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ArrayNode events = answer.putArray("events");
        for (Kept kept : oldestFirst) {
            if (events.size() == limit) {
                break;
            }
            if (kept.number() > number) {
                events.add(kept.entry());
            }
        }
        answer.put("forgotten", forgotten);
        return answer;
    }
}
