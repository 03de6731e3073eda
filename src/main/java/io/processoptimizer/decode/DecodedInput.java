package io.processoptimizer.decode;

import io.processoptimizer.event.ProcessSnapshot;
import io.processoptimizer.event.RejectReason;
import io.processoptimizer.event.TelemetryEvent;

/** Takes what a decoder reads out of one record, in the order of the record. */
public interface DecodedInput {
    /**
     * What comes next is a refused input that an operator redrove: called before the record's event, snapshot or refusal.
     *
     * @param bodyFrom where the input itself begins in the record, bytes from the record's start
     */
    default void redriven(RedriveMark mark, int bodyFrom) {}

    /** One observation of the record says nothing that is read: takes its place among them. */
    default void ignored() {}

    /** One observation; the slot is the decoder's and is valid during the call only. */
    void event(TelemetryEvent event);

    /** A process states its own figures. */
    void snapshot(ProcessSnapshot snapshot);

    /**
     * The record, or one observation of it, is refused.
     *
     * @param detail one sentence for a person: names the field, the value and what is expected
     */
    void rejected(RejectReason reason, String detail);
}
