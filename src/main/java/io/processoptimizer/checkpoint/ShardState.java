package io.processoptimizer.checkpoint;

import io.processoptimizer.event.RecordPosition;
import org.jspecify.annotations.Nullable;

/**
 * The complete state of a shard at one position.
 *
 * @param position the last record that the state contains; null: the state stands before the first record
 * @param data the state as the pipeline serialised it, not compressed; not copied: treat as read-only
 */
@SuppressWarnings("ArrayRecordComponent") // megabytes, handed from the pipeline to the store
public record ShardState(@Nullable RecordPosition position, byte[] data) {}
