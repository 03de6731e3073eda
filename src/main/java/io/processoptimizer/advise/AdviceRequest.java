package io.processoptimizer.advise;

import io.processoptimizer.emit.AdviceRecord;
import io.processoptimizer.emit.AdviceRecord.Given;
import io.processoptimizer.emit.WindowResult;
import io.processoptimizer.event.Control;
import org.jspecify.annotations.Nullable;

/**
 * A result that was looked at for advice, with everything about it that a re-run decides alike. What comes of it is settled by an
 * {@link AdviceDesk}.
 *
 * @param unaided what is recorded where no model is asked or none answers: advice by the rules, or why nobody is asked
 * @param briefing what models are told; null where none is to be asked
 * @param control what may be changed at the process, as the definition in force at the window's start says
 * @param closingArrivalMillis when the record that closed the window arrived on the stream, epoch milliseconds, or
 *     {@link io.processoptimizer.event.TelemetryEvent#ABSENT}
 * @param withheld decided in the course of a rewind that publishes nothing
 */
public record AdviceRequest(
        AdviceRecord unaided,
        @Nullable Briefing briefing,
        Control control,
        long closingArrivalMillis,
        boolean withheld) {

    public WindowResult result() {
        return unaided.result();
    }

    /** Whether advice is to be given, and not only an expectation. */
    public boolean wantsAdvice() {
        return unaided.outcome() instanceof Given;
    }
}
