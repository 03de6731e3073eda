package io.processoptimizer.window;

import io.processoptimizer.event.ProcessDefinition;

/**
 * What tells the states of one process, pane by pane: the definition in force at a pane's start. What lies before a window is told
 * by it, so that it does not depend on how often, and up to where, rows were folded away. It remembers the last stretch in which the
 * rules were the same, for most processes never change theirs.
 */
final class RulesInForce {
    private final String processId;
    private final ShardWindows shard;

    /** In {@code [knownFrom, knownTo)}, edges of panes, the rules are those of {@code known}. */
    private long knownFrom;

    private long knownTo;
    private ProcessDefinition known = ProcessDefinition.DEFAULT;

    RulesInForce(String processId, ShardWindows shard) {
        this.processId = processId;
        this.shard = shard;
    }

    /** A definition with the rules at an instant. */
    ProcessDefinition at(long millis) {
        if (millis < knownFrom || millis >= knownTo) {
            long pane = shard.policy().paneStart(millis);
            known = lookUp(pane);
            knownFrom = pane;
            knownTo = pane + shard.policy().paneMillis();
        }
        return known;
    }

    /** Where they change first behind {@code at}, at most {@code to}. */
    long endOf(long at, long to) {
        ProcessDefinition rules = at(at);
        while (knownTo < to && lookUp(knownTo).tellsStatesAs(rules)) {
            knownTo += shard.policy().paneMillis();
        }
        return Math.min(knownTo, to);
    }

    private ProcessDefinition lookUp(long millis) {
        return shard.definitions().of(processId, millis);
    }
}
