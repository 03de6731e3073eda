/**
 * EventBridge, in memory: rules with event patterns and targets, and PutEvents, which matches each event against the rules of its
 * bus and keeps it, with the targets that it would have gone to, for inspection. Nothing is delivered to a target, and nothing
 * runs on a schedule.
 */
@NullMarked
package io.processoptimizer.local.eventbridge;

import org.jspecify.annotations.NullMarked;
