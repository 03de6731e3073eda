package io.processoptimizer.cli;

import io.processoptimizer.aws.AwsClients;
import io.processoptimizer.aws.KinesisSink;
import io.processoptimizer.config.ConfiguredProcesses;
import io.processoptimizer.config.ProcessesFile;
import io.processoptimizer.event.ProcessDefinition;
import io.processoptimizer.event.ProcessDefinitions;
import io.processoptimizer.simulate.Factory;
import io.processoptimizer.simulate.FactoryDefinitions;
import io.processoptimizer.simulate.Pace;
import io.processoptimizer.simulate.Pacer;
import io.processoptimizer.simulate.SimulationOptions;
import java.io.IOException;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A simulated factory beside the worker: it puts its telemetry on the stream and says what is known of its lines. */
final class SimulatedPlant implements AutoCloseable {
    private static final long STOP_WITHIN_MILLIS = 2_000;

    private final Factory factory;
    private final Pace pace;
    private final Clock clock;
    private volatile boolean stopped;
    private @Nullable Thread thread;

    /**
     * @param processes number of lines
     * @param factor how many times faster than the clock its time runs until it has caught up
     */
    SimulatedPlant(int processes, double factor, long seed, Clock clock) {
        this.clock = clock;
        pace = Pace.openEnded(clock.instant(), factor, Pace.DEFAULT_HEAD_START);
        factory = Factory.of(
                SimulationOptions.startingAt(pace.eventStart()).withSeed(seed).withProcesses(processes));
    }

    int processes() {
        return factory.lines().size();
    }

    /**
     * What is known of the factory's lines; of any other process, what {@code others} know.
     *
     * @param others from a file, or the defaults for all
     */
    ConfiguredProcesses definitions(ProcessDefinition defaults, ProcessDefinitions others) {
        ConfiguredProcesses own =
                ProcessesFile.parse(FactoryDefinitions.yaml(factory), defaults, "the simulated factory");
        return others instanceof ConfiguredProcesses configured ? own.before(configured) : own;
    }

    /** Starts to send; {@code failed} is told where the stream takes no more. */
    void start(AwsClients clients, String stream, Consumer<Exception> failed) {
        Thread sender = new Thread(() -> send(clients, stream, failed), "simulated-plant");
        sender.setDaemon(true);
        sender.start();
        thread = sender;
    }

    private void send(AwsClients clients, String stream, Consumer<Exception> failed) {
        Pacer pacer = new Pacer(clock, TimeUnit.MILLISECONDS::sleep);
        try (KinesisSink sink = new KinesisSink(clients, stream)) {
            Pacer.Sent unused = pacer.run(factory.events(), pace, sink, () -> stopped);
        } catch (IOException | RuntimeException e) {
            if (!stopped) {
                failed.accept(e);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        stopped = true;
        Thread sender = thread;
        if (sender != null) {
            try {
                sender.join(STOP_WITHIN_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            sender.interrupt();
        }
    }
}
