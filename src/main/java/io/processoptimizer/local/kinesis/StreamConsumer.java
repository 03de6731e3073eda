package io.processoptimizer.local.kinesis;

/**
 * A registered consumer with a throughput of its own.
 *
 * @param name unique in its stream
 * @param arn ends in the creation's epoch second
 * @param createdMillis epoch ms
 */
record StreamConsumer(String name, String arn, long createdMillis) {}
