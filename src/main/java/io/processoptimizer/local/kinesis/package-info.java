/**
 * A Kinesis Data Streams endpoint of our own, in memory, for development and tests: requests in the service's JSON and CBOR
 * protocols enter through {@link io.processoptimizer.local.kinesis.KinesisHandler}, its documented answers and errors leave.
 * The model (streams, shards, records, sequence numbers) knows no HTTP; the calls translate between the two; the handler and
 * the subscriptions are all that touch the server. It authenticates nobody and keeps nothing when the process ends.
 */
@NullMarked
package io.processoptimizer.local.kinesis;

import org.jspecify.annotations.NullMarked;
