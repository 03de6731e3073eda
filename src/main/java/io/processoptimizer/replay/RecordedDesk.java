package io.processoptimizer.replay;

import io.processoptimizer.advise.AdjustmentPolicy;
import io.processoptimizer.advise.AdviceDesk;
import io.processoptimizer.advise.AdviceRequest;
import io.processoptimizer.emit.AdviceOutputs;
import io.processoptimizer.emit.AdviceRecord;
import io.processoptimizer.emit.AdviceRecord.Given;
import io.processoptimizer.emit.Consultation;
import io.processoptimizer.emit.Consultation.Fallback;
import io.processoptimizer.emit.Consultation.Reason;
import io.processoptimizer.emit.RecordedAdvice;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;

/**
 * Answers as it was recorded, and asks nobody. Where nothing was recorded on a window the rules answer, marked as a fallback. Thread
 * safe.
 */
public final class RecordedDesk {
    /** What such advice is said to be by, instead of a model. */
    private static final String MODEL = "recorded";

    private final AdviceArchive archive;

    /** Whether the record counts whatever the settings would ask: live, too, who reads a window again goes by the record. */
    private final boolean always;

    private final LongAdder asRecorded = new LongAdder();
    private final LongAdder notRecorded = new LongAdder();

    private RecordedDesk(AdviceArchive archive, boolean always) {
        this.archive = archive;
        this.always = always;
    }

    /**
     * Lets the archive answer in all of them. In the first every record counts; in the others, which are compared with it, only where they
     * would have asked as it was asked, since they differ in that, too.
     */
    public static List<Variant> advise(List<Variant> variants, AdviceArchive archive) {
        List<Variant> advised = new ArrayList<>();
        for (Variant variant : variants) {
            advised.add(variant.advisedBy(new RecordedDesk(archive, advised.isEmpty())));
        }
        return advised;
    }

    AdviceDesk desk(AdviceOutputs outputs, AdjustmentPolicy policy) {
        return AdviceDesk.settling(this::settle, outputs, policy);
    }

    private AdviceRecord settle(AdviceRequest request) {
        AdviceRecord unaided = request.unaided();
        RecordedAdvice found = archive.find(unaided);
        if (found != null && (always || found.outcome() instanceof Given == request.wantsAdvice())) {
            asRecorded.increment();
            return found.about(request.result());
        }
        if (always || request.wantsAdvice()) {
            notRecorded.increment();
        }
        return unrecorded(unaided);
    }

    private AdviceRecord unrecorded(AdviceRecord unaided) {
        if (!(unaided.outcome() instanceof Given given)) {
            return unaided;
        }
        Fallback fallback = new Fallback(Reason.NOT_RECORDED, "no advice on this window is in " + archive.name());
        return new AdviceRecord(
                unaided.result(),
                new Given("fallback", given.advice(), new Consultation(MODEL, 0, 0, 0, List.of(), fallback)),
                unaided.efficiency());
    }

    /** Windows of which the record was used. */
    public long asRecorded() {
        return asRecorded.sum();
    }

    /** Windows of which there was none. */
    public long notRecorded() {
        return notRecorded.sum();
    }

    /** A line for a person. */
    public String told() {
        return String.format(
                Locale.ROOT,
                "advice on %,d of %,d windows as recorded in %s (%,d records)%s",
                asRecorded(),
                asRecorded() + notRecorded(),
                archive.name(),
                archive.size(),
                notRecorded() == 0
                        ? ""
                        : String.format(
                                Locale.ROOT,
                                "; on %,d nothing is recorded: where advice was due the rules gave it, marked not_recorded",
                                notRecorded()));
    }
}
