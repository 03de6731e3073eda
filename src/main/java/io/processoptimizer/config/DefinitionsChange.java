package io.processoptimizer.config;

import io.processoptimizer.event.ProcessDefinition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a changed file of process definitions means for workers that run. Only additions can be taken over: every version in force is in the
 * new file with the same content, the patterns among them are tried in the same order, and each version that is new begins later than
 * anything anybody may have computed (see {@link DefinitionsLead}). Then no definition that was looked up, at any event time so far,
 * is another one.
 */
public sealed interface DefinitionsChange {
    /** The file says what is in force. */
    record None() implements DefinitionsChange {}

    /**
     * To be taken over.
     *
     * @param definitions all that is in force from now on; versions known before are the same objects
     * @param added what is new, by process and time, in words; sites and areas change no result and may be all that is new
     */
    record Addition(ConfiguredProcesses definitions, List<String> added) implements DefinitionsChange {}

    /**
     * Not to be taken over.
     *
     * @param why each reason, by process and time, in words; not empty
     */
    record Refusal(List<String> why) implements DefinitionsChange {}

    /**
     * Decides.
     *
     * @param inForce what is worked by
     * @param offered what the file says now, read with the same defaults
     * @param latestTakenMillis event time after which versions that are new must begin, epoch ms
     */
    static DefinitionsChange of(ConfiguredProcesses inForce, ConfiguredProcesses offered, long latestTakenMillis) {
        if (!inForce.defaults().equals(offered.defaults())) {
            throw new IllegalArgumentException("definitions with different defaults cannot be compared");
        }
        List<String> added = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        List<String> placed = new ArrayList<>();
        SortedMap<String, NavigableMap<Long, ProcessDefinition>> known = inForce.byMatch();
        SortedMap<String, NavigableMap<Long, ProcessDefinition>> now = offered.byMatch();
        known.forEach((match, versions) -> versions.forEach((from, definition) -> {
            ProcessDefinition other = versionsOf(now, match).get(from);
            if (other == null) {
                refused.add(name(match, from) + " is gone");
            } else if (!other.version().equals(definition.version())) {
                refused.add(name(match, from) + " is another (version " + definition.version() + ", now "
                        + other.version() + ")");
            } else if (!other.place().equals(definition.place())) {
                placed.add(name(match, from) + " (site and area)");
            }
        }));
        now.forEach((match, versions) -> versions.forEach((from, definition) -> {
            if (versionsOf(known, match).containsKey(from)) {
                return;
            }
            if (from > latestTakenMillis) {
                added.add(name(match, from) + " (version " + definition.version() + ")");
            } else {
                refused.add(name(match, from) + " is new and begins too early: effective_from must be later than "
                        + Instant.ofEpochMilli(latestTakenMillis));
            }
        }));
        List<String> kept = offered.patternsInOrder().stream()
                .filter(inForce.patternsInOrder()::contains)
                .toList();
        // Where a pattern is gone that is said already.
        if (kept.size() == inForce.patternsInOrder().size() && !kept.equals(inForce.patternsInOrder())) {
            refused.add("the patterns " + String.join(", ", kept) + " stand in another order");
        }
        if (!refused.isEmpty()) {
            return new Refusal(List.copyOf(refused));
        }
        added.addAll(placed);
        return added.isEmpty()
                ? new None()
                : new Addition(offered.with(version -> sameObject(known, version)), List.copyOf(added));
    }

    /** The object in force where it says the same: what is remembered by object stays valid. */
    private static ProcessDefinition sameObject(
            Map<String, NavigableMap<Long, ProcessDefinition>> known, ConfiguredProcesses.Version offered) {
        ProcessDefinition old = versionsOf(known, offered.match()).get(offered.effectiveFromMillis());
        ProcessDefinition now = offered.definition();
        return old != null && old.place().equals(now.place()) ? old : now;
    }

    private static NavigableMap<Long, ProcessDefinition> versionsOf(
            Map<String, NavigableMap<Long, ProcessDefinition>> of, String match) {
        return of.getOrDefault(match, new TreeMap<>());
    }

    private static String name(String match, long from) {
        return match + (from == Long.MIN_VALUE ? " without effective_from" : " from " + Instant.ofEpochMilli(from));
    }
}
