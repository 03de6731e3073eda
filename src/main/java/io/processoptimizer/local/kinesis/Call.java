package io.processoptimizer.local.kinesis;

/** One operation of the service that answers at once. */
@FunctionalInterface
interface Call {
    /** @throws KinesisException where the request is refused */
    Reply answer(Fields request);
}
