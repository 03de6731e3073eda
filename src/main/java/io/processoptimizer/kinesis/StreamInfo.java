package io.processoptimizer.kinesis;

import java.time.Instant;

/**
 * The stream that a worker reads.
 *
 * @param arn its name in AWS
 * @param openShards how many shards take records
 * @param created when it was made: a stream that was deleted and made anew has the same ARN and another time
 */
public record StreamInfo(String arn, int openShards, Instant created) {}
