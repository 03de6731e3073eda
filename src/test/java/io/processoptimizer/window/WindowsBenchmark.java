package io.processoptimizer.window;

import com.sun.management.ThreadMXBean;
import io.processoptimizer.event.ProcessDefinitions;
import io.processoptimizer.event.StepState;
import io.processoptimizer.event.TelemetryEvent;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.SplittableRandom;

/**
 * How many records a second one shard's windows take: 2000 processes of 8 steps, a record of each step every 10 s of event time, windows
 * of 5 min by 1 min. Run its main; the argument is the number of hours of event time, half an hour of which warms up.
 */
final class WindowsBenchmark {
    private static final int PROCESSES = 2_000;
    private static final int STEPS = 8;
    private static final long EVERY_MILLIS = 10_000;
    private static final long START = 1_767_225_600_000L;
    private static final long WARM_UP_MILLIS = 1_800_000;

    private final TelemetryEvent slot = new TelemetryEvent();
    private final String[] processIds = new String[PROCESSES];
    private final String[] stepIds = new String[STEPS];
    private final Counter counter = new Counter();
    private final ShardWindows windows = new ShardWindows(
            WindowPolicy.DEFAULT, WindowLimits.DEFAULT, PROCESSES, ProcessDefinitions.DEFAULTS, counter);
    private final SplittableRandom random = new SplittableRandom(1);
    private long records;

    private WindowsBenchmark() {
        for (int i = 0; i < PROCESSES; i++) {
            processIds[i] = "line-" + i;
        }
        for (int i = 0; i < STEPS; i++) {
            stepIds[i] = "station-" + i;
        }
    }

    public static void main(String[] arguments) throws IOException {
        long hours = arguments.length > 0 ? Long.parseLong(arguments[0]) : 1;
        WindowsBenchmark benchmark = new WindowsBenchmark();
        benchmark.play(START, START + WARM_UP_MILLIS);
        benchmark.records = 0;
        benchmark.counter.windows = 0;
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated = threads.getCurrentThreadAllocatedBytes();
        long cpu = threads.getCurrentThreadCpuTime();
        benchmark.play(START + WARM_UP_MILLIS, START + WARM_UP_MILLIS + hours * 3_600_000);
        cpu = threads.getCurrentThreadCpuTime() - cpu;
        allocated = threads.getCurrentThreadAllocatedBytes() - allocated;
        System.out.printf(
                "%,d records/s of CPU time, %,d windows/s, %d bytes allocated a record (%d a window)%n",
                benchmark.records * 1_000_000_000L / cpu,
                benchmark.counter.windows * 1_000_000_000L / cpu,
                allocated / benchmark.records,
                allocated / benchmark.counter.windows);
        benchmark.measureSnapshot(threads);
    }

    private void play(long from, long to) {
        for (long time = from; time < to; time += EVERY_MILLIS) {
            for (String processId : processIds) {
                for (String stepId : stepIds) {
                    slot.reset();
                    slot.processId = processId;
                    slot.stepId = stepId;
                    slot.timestampMillis = time + random.nextInt(3_000);
                    slot.state = random.nextInt(10) == 0 ? StepState.STARVED : StepState.RUNNING;
                    slot.good = random.nextInt(12);
                    slot.energyMilliwattHours = 31;
                    windows.accept(slot, time + 3_000);
                    records++;
                }
            }
        }
    }

    private void measureSnapshot(ThreadMXBean threads) throws IOException {
        long cpu = threads.getCurrentThreadCpuTime();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        windows.write(new DataOutputStream(bytes));
        cpu = threads.getCurrentThreadCpuTime() - cpu;
        System.out.printf("snapshot: %,d bytes in %d ms of CPU time%n", bytes.size(), cpu / 1_000_000);
    }

    private static final class Counter implements WindowOutput {
        long windows;

        @Override
        public void closed(WindowFacts facts, Emission emission) {
            windows++;
        }

        @Override
        public void gap(String processId, long fromMillis) {}
    }
}
