package io.processoptimizer.window;

import io.processoptimizer.event.StepState;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a step made and used in one window, summed as a sweep meets it: parts, those of planned time by kind, and energy. */
final class StepSums {
    private final PartSums parts;
    private long unplannedGood;
    private long energyRunning;
    private long energyOther;
    private long inferredSetup;
    private long inferredStartupRejects;

    StepSums() {
        this(PartSums.USUAL_KINDS);
    }

    /** @param room for so many kinds of parts, to begin with */
    StepSums(int room) {
        parts = new PartSums(room);
    }

    void clear() {
        parts.clear();
        unplannedGood = 0;
        energyRunning = 0;
        energyOther = 0;
        inferredSetup = 0;
        inferredStartupRejects = 0;
    }

    void copyFrom(StepSums other) {
        parts.copyFrom(other.parts);
        unplannedGood = other.unplannedGood;
        energyRunning = other.energyRunning;
        energyOther = other.energyOther;
        inferredSetup = other.inferredSetup;
        inferredStartupRejects = other.inferredStartupRejects;
    }

    void add(StepSums other) {
        parts.add(other.parts);
        unplannedGood += other.unplannedGood;
        energyRunning += other.energyRunning;
        energyOther += other.energyOther;
        inferredSetup += other.inferredSetup;
        inferredStartupRejects += other.inferredStartupRejects;
    }

    void parts(@Nullable String product, long idealCycle, long good, long reject, long startupReject, long rework) {
        parts.add(product, idealCycle, good, reject, startupReject, rework);
    }

    /** Good parts of a time that is not planned. */
    void unplanned(long good) {
        unplannedGood += good;
    }

    void energy(StepState state, long milliwattHours) {
        if (state == StepState.RUNNING) {
            energyRunning += milliwattHours;
        } else {
            energyOther += milliwattHours;
        }
    }

    /** Planned milliseconds of changeovers that nobody stated. */
    void inferredSetup(long millis) {
        inferredSetup += millis;
    }

    void inferredStartupRejects(long rejects) {
        inferredStartupRejects += rejects;
    }

    StepFacts.Inferred inferred() {
        return inferredSetup == 0 && inferredStartupRejects == 0
                ? StepFacts.Inferred.NOTHING
                : new StepFacts.Inferred(inferredSetup, inferredStartupRejects);
    }

    List<StepFacts.PartCounts> partCounts() {
        return parts.counts();
    }

    long unplannedGood() {
        return Math.max(0, unplannedGood); // as of the others: corrections
    }

    long energyRunning() {
        return energyRunning;
    }

    long energyOther() {
        return energyOther;
    }

    void write(DataOutput out) throws IOException {
        parts.write(out);
        Wire.writeNumber(out, unplannedGood);
        Wire.writeNumber(out, energyRunning);
        Wire.writeNumber(out, energyOther);
        Wire.writeNumber(out, inferredSetup);
        Wire.writeNumber(out, inferredStartupRejects);
    }

    void read(DataInput in) throws IOException {
        parts.read(in);
        unplannedGood = Wire.readNumber(in);
        energyRunning = Wire.readNumber(in);
        energyOther = Wire.readNumber(in);
        inferredSetup = Wire.readNumber(in);
        inferredStartupRejects = Wire.readNumber(in);
    }
}
