package io.processoptimizer.decode;

import io.processoptimizer.event.ProcessSnapshot;
import io.processoptimizer.event.RejectReason;
import io.processoptimizer.event.TelemetryEvent;

/** Takes what a decoder reads out of one record, in the order of the record. */
public interface DecodedInput {
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
