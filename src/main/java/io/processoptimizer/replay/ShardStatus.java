package io.processoptimizer.replay;

import org.jspecify.annotations.Nullable;

/**
 * How far the recording of a shard is.
 *
 * @param records lines of its file, those not yet on the disk included
 * @param newRecords those of them that this run read
 * @param newBytes bytes of their data
 * @param behindMillis how far behind the newest record, ms; -1: not known yet
 * @param ended why it ended; null: it runs
 */
public record ShardStatus(
        String shardId,
        long records,
        long newRecords,
        long newBytes,
        long behindMillis,
        RecordingManifest.@Nullable End ended) {}
