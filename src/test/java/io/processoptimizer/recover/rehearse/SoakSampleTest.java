package io.processoptimizer.recover.rehearse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SoakSampleTest {
    private static final Duration STEADY = Duration.ofMinutes(10);

    @Test
    void aHeapThatGrowsAfterTheBeginningIsAProblem() {
        List<SoakSample> flat = List.of(heap(5, 100), heap(10, 200), heap(15, 209), heap(20, 203));
        assertThat(SoakSample.problems(flat, STEADY)).isEmpty();
        assertThat(SoakSample.heapText(flat, STEADY)).contains("200 to 209 MiB in 3 intervals, which is 4.5 %");

        List<SoakSample> growing = List.of(heap(5, 1_000), heap(10, 1_000), heap(15, 1_030), heap(20, 1_060));
        assertThat(SoakSample.problems(growing, STEADY))
                .singleElement()
                .asString()
                .contains("differs by 6.0 %");
        assertThat(SoakSample.problems(List.of(heap(10, 60), heap(15, 75), heap(20, 66)), STEADY))
                .as("what is in hand at the moment")
                .isEmpty();
    }

    @Test
    void twoIntervalsTellNothingOfTheHeap() {
        List<SoakSample> two = List.of(heap(5, 1), heap(10, 200), heap(15, 300));
        assertThat(SoakSample.problems(two, STEADY)).isEmpty();
        assertThat(SoakSample.heapText(two, STEADY)).startsWith("Too short to judge the heap");
    }

    @Test
    void aLagThatIsLongOrStaysIsAProblem() {
        SoakSample after = new SoakSample(Duration.ofMinutes(5), 1, 1, 60_000, 9_000, 1);
        SoakSample tooLong = new SoakSample(Duration.ofMinutes(10), 1, 1, 121_000, 9_000, 1);
        SoakSample stays = new SoakSample(Duration.ofMinutes(15), 1, 1, 60_000, 31_000, 1);
        assertThat(SoakSample.problems(List.of(after, tooLong, stays), Duration.ofHours(1)))
                .hasSize(2)
                .anySatisfy(text -> assertThat(text).contains("until minute 10", "121 s behind"))
                .anySatisfy(text -> assertThat(text).contains("in minute 15", "31 s behind"));
    }

    @Test
    void theHeapIsReadWhateverCollectorThereIs() throws IOException {
        assertThat(FullCollection.used("""
                        4711:
                         garbage-first heap   total 264192K, used 2048K [0x1, 0x2)
                          region size 1024K, 1 young (1024K), 0 survivors (0K)
                         Metaspace       used 120K, committed 320K, reserved 1114112K
                        """)).isEqualTo(2 << 20);
        assertThat(FullCollection.used("""
                         def new generation   total 9792K, used 1024K [0x1, 0x2, 0x3)
                          eden space 8704K,   2% used [0x1, 0x2, 0x3)
                         tenured generation   total 21888K, used 3072K [0x1, 0x2, 0x3)
                           the space 21888K,   9% used [0x1, 0x2, 0x3, 0x4)
                         Metaspace       used 120K, committed 320K, reserved 1114112K
                        """)).isEqualTo(4 << 20);
        assertThatThrownBy(() -> FullCollection.used("no such process")).isInstanceOf(IOException.class);
    }

    @Test
    void theToolMeasuresAProcessAsItIs() throws Exception {
        assertThat(new FullCollection().heapBytes(ProcessHandle.current().pid()))
                .isPositive();
    }

    @Test
    void intervalsAreLongEnoughForATakeOver() {
        assertThatThrownBy(() -> new SoakPlan(Duration.ofMinutes(5), Duration.ofSeconds(30), STEADY))
                .hasMessageContaining("--kill-every (30s) must be at least 60s");
        assertThatThrownBy(() -> new SoakPlan(Duration.ofMinutes(1), Duration.ofMinutes(5), STEADY))
                .hasMessageContaining("--for (60s) must be at least --kill-every (300s)");
    }

    private static SoakSample heap(int minutes, long mebibytes) {
        return new SoakSample(Duration.ofMinutes(minutes), 1_000, 100, 10_000, 9_000, mebibytes << 20);
    }
}
