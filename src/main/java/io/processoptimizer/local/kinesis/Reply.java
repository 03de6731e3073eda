package io.processoptimizer.local.kinesis;

import java.io.IOException;

/** Writes the members of one object of an answer. */
@FunctionalInterface
interface Reply {
    /** An answer without members. */
    Reply EMPTY = writer -> {};

    void writeTo(ReplyWriter writer) throws IOException;
}
