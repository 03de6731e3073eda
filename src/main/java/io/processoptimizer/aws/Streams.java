package io.processoptimizer.aws;

import java.time.Duration;
import software.amazon.awssdk.services.kinesis.model.ResourceInUseException;

/** Makes the stream of a local run; a stream in AWS is somebody's decision and is only ever read. */
public final class Streams {
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(20);

    private Streams() {}

    /** Makes the stream where it is missing; it may still be getting ready when this returns. */
    public static void createIfMissing(AwsClients clients, String stream, int shards) throws InterruptedException {
        try {
            Calls.await(clients.kinesis().createStream(r -> r.streamName(stream).shardCount(shards)), ANSWER_WITHIN);
        } catch (ResourceInUseException e) {
            // It is there already, with as many shards as it was given.
            return;
        }
    }
}
