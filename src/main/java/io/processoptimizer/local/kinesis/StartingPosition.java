package io.processoptimizer.local.kinesis;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * Where a reader asks to start in a shard.
 *
 * @param type how
 * @param number for the two types by sequence number, else null
 * @param millis for {@code AT_TIMESTAMP}, epoch ms, else null
 */
record StartingPosition(
        Type type, @Nullable BigInteger number, @Nullable Long millis) {
    enum Type {
        AT_SEQUENCE_NUMBER,
        AFTER_SEQUENCE_NUMBER,
        TRIM_HORIZON,
        LATEST,
        AT_TIMESTAMP
    }

    /** The position's place in the shard at this moment. @throws KinesisException InvalidArgument */
    long in(Shard shard, long nowMillis) {
        return switch (type) {
            case TRIM_HORIZON -> shard.oldestPosition();
            case LATEST -> shard.latestPosition();
            case AT_TIMESTAMP -> shard.positionAtTime(time(nowMillis));
            case AT_SEQUENCE_NUMBER -> shard.positionAtNumber(numberOf(shard), false);
            case AFTER_SEQUENCE_NUMBER -> shard.positionAtNumber(numberOf(shard), true);
        };
    }

    private long time(long nowMillis) {
        if (millis == null) {
            throw KinesisError.INVALID_ARGUMENT.with("Must specify Timestamp for a position of type AT_TIMESTAMP.");
        }
        if (millis > nowMillis) {
            throw KinesisError.INVALID_ARGUMENT.with("The Timestamp (" + millis
                    + " ms) cannot be greater than the current" + " time of this endpoint (" + nowMillis + " ms).");
        }
        return millis;
    }

    private BigInteger numberOf(Shard shard) {
        if (number == null) {
            throw KinesisError.INVALID_ARGUMENT.with(
                    "Must specify a sequence number for a position of type " + type + ".");
        }
        int index = SequenceNumber.shardIndexOf(number);
        if (SequenceNumber.isOurs(number) && index != shard.place().index()) {
            throw KinesisError.INVALID_ARGUMENT.with("Invalid sequence number " + number + ". It encodes "
                    + Shard.idOf(index) + ", while it was used in a call to a shard with " + shard.id());
        }
        if (!SequenceNumber.isOurs(number)
                || SequenceNumber.shardCreatedMillisOf(number) != shard.place().createdMillis()) {
            throw KinesisError.INVALID_ARGUMENT.with("The sequence number " + number + " used on shard " + shard.id()
                    + " is invalid because it did not come from this stream.");
        }
        return number;
    }
}
