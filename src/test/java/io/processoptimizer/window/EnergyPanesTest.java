package io.processoptimizer.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.window.WindowFacts.EnergyPeak;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class EnergyPanesTest {
    private static final long MINUTE = 60_000;
    private static final long KWH = 1_000_000;

    @Test
    void theEarliestOfEqualPanesIsThePeakOfAllSteps() {
        EnergyPanes energy = new EnergyPanes(MINUTE);
        energy.begin(10 * MINUTE);
        energy.add(11 * MINUTE, 2 * KWH);
        energy.add(13 * MINUTE + 59_999, 3 * KWH);
        // Another step.
        energy.add(11 * MINUTE + 1, KWH);
        assertThat(energy.peak()).isNull();
        energy.settle(15 * MINUTE);
        assertThat(energy.peak()).isEqualTo(new EnergyPeak(11 * MINUTE, MINUTE, 3 * KWH));
        energy.add(15 * MINUTE, 3 * KWH);
        energy.settle(16 * MINUTE);
        assertThat(energy.peak()).isEqualTo(new EnergyPeak(11 * MINUTE, MINUTE, 3 * KWH));
    }

    @Test
    void panesOfAnotherLengthAreComparedByTheirPower() throws IOException {
        EnergyPanes before = new EnergyPanes(5 * MINUTE);
        before.begin(0);
        before.add(0, 5 * KWH);
        before.settle(5 * MINUTE);
        EnergyPanes energy = restored(before, new EnergyPanes(MINUTE));
        energy.add(5 * MINUTE, KWH);
        energy.settle(6 * MINUTE);
        assertThat(energy.peak()).isEqualTo(new EnergyPeak(0, 5 * MINUTE, 5 * KWH));
        energy.add(6 * MINUTE, KWH + 1);
        energy.settle(7 * MINUTE);
        assertThat(energy.peak()).isEqualTo(new EnergyPeak(6 * MINUTE, MINUTE, KWH + 1));
    }

    @Test
    void goesOnWhereAnotherStands() {
        EnergyPanes energy = new EnergyPanes(MINUTE);
        energy.begin(0);
        energy.add(0, KWH);
        energy.settle(MINUTE);
        EnergyPanes ahead = new EnergyPanes(MINUTE);
        ahead.goOnFrom(energy);
        ahead.add(2 * MINUTE, 2 * KWH);
        ahead.settle(3 * MINUTE);
        assertThat(ahead.peak()).isEqualTo(new EnergyPeak(2 * MINUTE, MINUTE, 2 * KWH));
        assertThat(energy.peak()).isEqualTo(new EnergyPeak(0, MINUTE, KWH));
    }

    private static EnergyPanes restored(EnergyPanes energy, EnergyPanes into) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        energy.write(new DataOutputStream(bytes));
        into.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
        return into;
    }
}
