package io.processoptimizer.aws;

import java.time.Duration;
import software.amazon.awssdk.services.kinesis.model.ResourceInUseException;
import software.amazon.awssdk.services.kinesis.model.ResourceNotFoundException;

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

    /**
     * Asks for the stream.
     *
     * @return whether it exists
     * @throws software.amazon.awssdk.core.exception.SdkException where AWS does not answer, or refuses to
     */
    public static boolean exists(AwsClients clients, String stream) throws InterruptedException {
        try {
            Calls.await(clients.kinesis().describeStreamSummary(r -> r.streamName(stream)), ANSWER_WITHIN);
            return true;
        } catch (ResourceNotFoundException e) {
            return false;
        }
    }
}
