package io.processoptimizer.recover.rehearse;

import io.processoptimizer.aws.AwsClients;
import io.processoptimizer.aws.KinesisSink;
import io.processoptimizer.simulate.Delivery;
import io.processoptimizer.simulate.Factory;
import io.processoptimizer.simulate.FactoryDefinitions;
import io.processoptimizer.simulate.Pace;
import io.processoptimizer.simulate.Pacer;
import io.processoptimizer.simulate.SimulationOptions;
import io.processoptimizer.simulate.TelemetryRecord;
import io.processoptimizer.simulate.TelemetrySink;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The telemetry of a simulated factory with everything that goes wrong on the way, put on the stream until it is stopped. */
public final class Feed implements AutoCloseable {
    /**
     * Repeated, shuffled, late and broken records; some are later than the 10 minutes that a window takes them, so that they are
     * refused.
     */
    private static final Delivery DELIVERY =
            new Delivery(0.3, 0.05, 0.1, 0.01, 0.002, Duration.ofSeconds(5), Duration.ofMinutes(20));

    /** Few counts, since it is processes that matter here; states come besides. */
    private static final Duration REPORTS = Duration.ofSeconds(30);

    /** Event time catches up with the clock after some multiple of it, much later than a rehearsal ends. */
    private static final Duration HEAD_START = Duration.ofHours(12);

    private final Factory factory;
    private final Pace pace;
    private final Clock clock;
    private @Nullable Thread thread;
    private volatile boolean stopped;
    private final AtomicLong records = new AtomicLong();
    private volatile @Nullable Exception failure;

    /**
     * @param seed of the factory
     * @param processes how many
     * @param timeFactor how many times as fast as the clock the factory runs
     */
    public Feed(long seed, int processes, double timeFactor, Clock clock) {
        this.clock = clock;
        pace = Pace.openEnded(clock.instant(), timeFactor, HEAD_START);
        factory = Factory.of(SimulationOptions.startingAt(pace.eventStart())
                .withSeed(seed)
                .withProcesses(processes)
                .withReportInterval(REPORTS)
                .withDelivery(DELIVERY));
    }

    /** Writes what is known of the factory's lines. */
    public void writeDefinitions(Path file) throws IOException {
        FactoryDefinitions.write(factory, file);
    }

    void start(AwsClients clients, String stream) {
        Thread sender = new Thread(() -> send(clients, stream), "feed");
        sender.setDaemon(true);
        sender.start();
        thread = sender;
    }

    private void send(AwsClients clients, String stream) {
        try (KinesisSink sink = new KinesisSink(clients, stream)) {
            Pacer.Sent unused = new Pacer(clock, TimeUnit.MILLISECONDS::sleep)
                    .run(factory.events(), pace, new Counted(sink), () -> stopped);
        } catch (IOException | RuntimeException e) {
            failure = e;
        } catch (InterruptedException e) {
            failure = e;
            Thread.currentThread().interrupt();
        }
    }

    /** Records that the stream has taken so far. */
    long records() {
        return records.get();
    }

    /**
     * Stops, and returns when no more records come.
     *
     * @throws IOException where the stream did not take them all
     */
    void stop() throws IOException, InterruptedException {
        stopped = true;
        if (thread != null) {
            thread.join();
        }
        if (failure != null) {
            throw new IOException("the telemetry could not be put on the stream: " + failure.getMessage(), failure);
        }
    }

    @Override
    public void close() {
        stopped = true;
        if (thread != null) {
            thread.interrupt();
        }
    }

    private final class Counted implements TelemetrySink {
        private final TelemetrySink sink;

        Counted(TelemetrySink sink) {
            this.sink = sink;
        }

        @Override
        public void put(List<TelemetryRecord> batch) throws IOException, InterruptedException {
            sink.put(batch);
            records.addAndGet(batch.size());
        }

        @Override
        public void close() throws IOException {
            sink.close();
        }
    }
}
