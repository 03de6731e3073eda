package io.processoptimizer.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.analyse.oee.Factors;
import io.processoptimizer.analyse.oee.Loss;
import io.processoptimizer.analyse.oee.OeeStatus;
import io.processoptimizer.status.BoardTable.Size;
import java.util.List;
import org.junit.jupiter.api.Test;

class BoardTableTest {
    private static final long NOW = 1_767_225_600_000L;

    private static final ProcessRow BAD = new ProcessRow(
            "PROC-001",
            NOW - 60_000,
            true,
            new Factors(0.888, 0.861, 0.978, 0.74794),
            OeeStatus.BELOW_TARGET,
            "filler (high)",
            Loss.BREAKDOWNS,
            95_000_000,
            "reduce breakdowns @ filler",
            "OEE +4.2 points (±1.1) better",
            false,
            NOW - 7_000);

    private static final ProcessRow UNKNOWN =
            new ProcessRow("DEMO", NOW, false, Factors.NONE, OeeStatus.NO_DATA, null, null, 0, null, null, false, NOW);

    @Test
    void aWideTerminalShowsEverything() {
        assertThat(BoardTable.draw(List.of(BAD, UNKNOWN), NOW, new Size(200, 24, false)))
                .containsExactly(
                        "PROCESS     OEE      A      P      Q  STATUS   CONSTRAINT     LARGEST LOSS      LAST ADJUSTMENT"
                                + "             LAST EFFECT                    WINDOW END  RESULT       AGE",
                        "PROC-001  74.8%  88.8%  86.1%  97.8%  below    filler (high)  breakdowns 1m35s"
                                + "  reduce breakdowns @ filler  OEE +4.2 points (±1.1) better  23:59:00Z   final         7s",
                        "DEMO          –      –      –      –  no data  –              –                 –"
                                + "                           –                              00:00:00Z   provisional   0s");
    }

    @Test
    void noLineIsWiderThanTheTerminalAndTheOeeStaysLongest() {
        for (int width = 20; width <= 200; width++) {
            List<String> lines = BoardTable.draw(List.of(BAD, UNKNOWN), NOW, new Size(width, 24, false));
            int columns = width;
            assertThat(lines)
                    .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(columns))
                    .anySatisfy(line -> assertThat(line).contains("PROC-001").contains("74.8%"));
        }
    }

    @Test
    void rowsThatDoNotFitAreCounted() {
        List<ProcessRow> rows = java.util.Collections.nCopies(50, BAD);
        List<String> lines = BoardTable.draw(rows, NOW, new Size(100, 10, false));
        assertThat(lines).hasSize(10);
        assertThat(lines.get(9)).isEqualTo("… and 42 better ones");
    }

    @Test
    void coloursTakeNoWidth() {
        List<String> plain = BoardTable.draw(List.of(BAD), NOW, new Size(100, 10, false));
        List<String> coloured = BoardTable.draw(List.of(BAD), NOW, new Size(100, 10, true));
        assertThat(coloured).isNotEqualTo(plain);
        assertThat(coloured.stream().map(line -> line.replaceAll("\u001b\\[\\d+m", "")))
                .containsExactlyElementsOf(plain);
    }

    @Test
    void durationsNameTheirTwoLargestUnits() {
        assertThat(Times.duration(-5)).isEqualTo("0s");
        assertThat(Times.duration(59_999)).isEqualTo("59s");
        assertThat(Times.duration(3_599_000)).isEqualTo("59m59s");
        assertThat(Times.duration(86_399_000)).isEqualTo("23h59m");
        assertThat(Times.duration(90_000_000)).isEqualTo("1d01h");
    }
}
