package io.processoptimizer.recover.rehearse;

/**
 * Where a shard's recording ends.
 *
 * @param sequence of its last record
 * @param closed whether no more can come
 */
record RecordingEnd(String sequence, boolean closed) {}
