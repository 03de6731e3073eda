package io.processoptimizer.aws.provision;

import io.processoptimizer.aws.NotOffered;
import io.processoptimizer.aws.PatientCalls;
import io.processoptimizer.aws.provision.Resource.Aspect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.EncryptionType;
import software.amazon.awssdk.services.kinesis.model.KinesisException;
import software.amazon.awssdk.services.kinesis.model.ResourceInUseException;
import software.amazon.awssdk.services.kinesis.model.ResourceNotFoundException;
import software.amazon.awssdk.services.kinesis.model.StreamDescriptionSummary;
import software.amazon.awssdk.services.kinesis.model.StreamMode;
import software.amazon.awssdk.services.kinesis.model.StreamStatus;

/** The stream: its retention and encryption are changed, its shards and mode never, since who scales it has his reasons. */
final class StreamExamination {
    /** A new stream takes AWS half a minute, a change of its encryption as long. */
    private static final Duration READY_WITHIN = Duration.ofMinutes(3);

    private static final long POLL_MILLIS = 500;

    private final KinesisAsyncClient kinesis;
    private final Blueprint.StreamSpec wanted;
    private final PatientCalls calls = new PatientCalls();

    StreamExamination(KinesisAsyncClient kinesis, Blueprint.StreamSpec wanted) {
        this.kinesis = kinesis;
        this.wanted = wanted;
    }

    Resource examine() throws InterruptedException {
        List<Aspect> aspects = new ArrayList<>();
        try {
            StreamDescriptionSummary found = describe();
            aspects.add(Aspect.ok(shards(found)));
            aspects.add(retention(found));
            aspects.add(encryption(found));
        } catch (ResourceNotFoundException e) {
            aspects.add(Aspect.missing(
                    wanted.shards() + " shards, retention " + wanted.retentionHours() + " h, encrypted with "
                            + Blueprint.STREAM_KEY,
                    this::create));
        }
        return new Resource("stream", wanted.name(), aspects);
    }

    private StreamDescriptionSummary describe() throws InterruptedException {
        return calls.answer(() -> kinesis.describeStreamSummary(r -> r.streamName(wanted.name())))
                .streamDescriptionSummary();
    }

    private String shards(StreamDescriptionSummary found) {
        boolean onDemand =
                found.streamModeDetails() != null && found.streamModeDetails().streamMode() == StreamMode.ON_DEMAND;
        String text = found.openShardCount() + " open shards, " + (onDemand ? "on demand" : "provisioned") + ", "
                + found.streamStatusAsString();
        boolean other = !onDemand && found.openShardCount() != wanted.shards();
        return other ? text + " (a new one would get " + wanted.shards() + "; shards are left as they are)" : text;
    }

    private Aspect retention(StreamDescriptionSummary found) {
        int hours = found.retentionPeriodHours();
        if (hours >= wanted.retentionHours()) {
            return Aspect.ok("retention " + hours + " h");
        }
        return Aspect.differs(
                "retention " + hours + " h; the savepoints that are kept reach back " + wanted.retentionHours() + " h",
                () -> change(() -> kinesis.increaseStreamRetentionPeriod(
                        r -> r.streamName(wanted.name()).retentionPeriodHours(wanted.retentionHours()))));
    }

    private Aspect encryption(StreamDescriptionSummary found) {
        if (found.encryptionType() == EncryptionType.KMS) {
            return Aspect.ok("encrypted with " + (found.keyId() == null ? "a key of KMS" : found.keyId()));
        }
        return Aspect.differs("not encrypted", () -> {
            try {
                change(() -> kinesis.startStreamEncryption(r -> r.streamName(wanted.name())
                        .encryptionType(EncryptionType.KMS)
                        .keyId(Blueprint.STREAM_KEY)));
            } catch (KinesisException e) {
                if (!NotOffered.says(e)) {
                    throw e;
                }
                throw new NotOfferedException("encryption of a stream", e);
            }
        });
    }

    private void create() throws InterruptedException {
        try {
            calls.answer(
                    () -> kinesis.createStream(r -> r.streamName(wanted.name()).shardCount(wanted.shards())));
        } catch (ResourceInUseException e) {
            // Somebody else makes it at the same moment; the next look says what it is.
        }
        awaitActive();
    }

    /** A stream takes one change at a time. */
    private void change(Supplier<CompletableFuture<?>> call) throws InterruptedException {
        awaitActive();
        calls.answer(() -> call.get().thenApply(answer -> Boolean.TRUE));
        awaitActive();
    }

    private void awaitActive() throws InterruptedException {
        long deadline = System.nanoTime() + READY_WITHIN.toNanos();
        StreamStatus status = describe().streamStatus();
        while (status != StreamStatus.ACTIVE) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("stream " + wanted.name() + " is " + status + " after "
                        + READY_WITHIN.toSeconds() + " s; look at it in the console and run this again");
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            status = describe().streamStatus();
        }
    }
}
