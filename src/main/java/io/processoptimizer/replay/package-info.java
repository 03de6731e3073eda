/**
 * Recordings: in come the records of a stream's shards through the port {@link io.processoptimizer.replay.StreamSource}, out goes a folder
 * with one file a shard and a manifest that tells what is in them and where to go on. Knows neither AWS nor what a record means.
 */
@NullMarked
package io.processoptimizer.replay;

import org.jspecify.annotations.NullMarked;
