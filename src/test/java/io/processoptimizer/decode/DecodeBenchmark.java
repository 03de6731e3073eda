package io.processoptimizer.decode;

import com.sun.management.ThreadMXBean;
import io.processoptimizer.event.ProcessSnapshot;
import io.processoptimizer.event.RejectReason;
import io.processoptimizer.event.TelemetryEvent;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.Consumer;

/** Prints records per second on one thread, by the fast parser and by the thorough reader. Run its main. */
final class DecodeBenchmark implements DecodedInput {
    private static final int ROUNDS = 8;
    private static final int RECORDS = 400_000;

    private long sum;

    private DecodeBenchmark() {}

    public static void main(String[] arguments) {
        byte[][] records = new byte[1000][];
        long bytes = 0;
        for (int i = 0; i < records.length; i++) {
            records[i] = """
                    {"process_id":"PROC-%03d","step_id":"step-%d","timestamp":%d,"state":"RUNNING","duration_ms":1000,\
                    "product":"SKU-%d","cycle_time":1.1%d,"ideal_cycle_time":1.0,"good":1,"reject":0,"rework":0,\
                    "energy_kwh":0.0%d,"utilization":0.9%d}""".formatted(i % 50, i % 7, 1_767_225_600_000L + i * 250L, i % 5, i, i + 1, i)
                    .getBytes(StandardCharsets.UTF_8);
            bytes += records[i].length;
        }
        System.out.println("bytes per record: " + bytes / records.length);
        NameTable names = new NameTable(1 << 14);
        IgnoredFields ignored = new IgnoredFields();
        EventDecoder fast = new EventDecoder();
        RecordReader thorough = new RecordReader(names, ignored);
        TelemetryEvent slot = new TelemetryEvent();
        DecodeBenchmark out = new DecodeBenchmark();
        for (int round = 0; round < ROUNDS; round++) {
            measure("fast", records, record -> fast.decode(record, 0, record.length, 0, out));
            measure("thorough", records, record -> thorough.read(record, 0, record.length, 0, slot, out));
        }
        System.out.println("checksum " + out.sum);
    }

    /** By the thread's own time, so that a busy machine does not count. */
    private static void measure(String name, byte[][] records, Consumer<byte[]> decode) {
        ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long bytes = thread.getCurrentThreadAllocatedBytes();
        long start = thread.getCurrentThreadCpuTime();
        for (int i = 0; i < RECORDS; i++) {
            decode.accept(records[i % records.length]);
        }
        long nanos = thread.getCurrentThreadCpuTime() - start;
        System.out.printf(
                Locale.ROOT,
                "%s: %,.0f records/s, %.1f bytes allocated a record%n",
                name,
                RECORDS * 1e9 / nanos,
                (thread.getCurrentThreadAllocatedBytes() - bytes) / (double) RECORDS);
    }

    @Override
    public void event(TelemetryEvent event) {
        sum += event.timestampMillis + event.good + event.processId.length();
    }

    @Override
    public void snapshot(ProcessSnapshot snapshot) {
        throw new AssertionError(snapshot);
    }

    @Override
    public void rejected(RejectReason reason, String detail) {
        throw new AssertionError(detail);
    }
}
