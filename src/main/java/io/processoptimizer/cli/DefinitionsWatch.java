package io.processoptimizer.cli;

import io.processoptimizer.config.Configuration;
import io.processoptimizer.config.ConfigurationException;
import io.processoptimizer.config.ConfiguredProcesses;
import io.processoptimizer.config.DefinitionsChange;
import io.processoptimizer.config.DefinitionsLead;
import io.processoptimizer.config.LiveDefinitions;
import io.processoptimizer.config.Problem;
import io.processoptimizer.config.ProcessesFile;
import io.processoptimizer.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the file of process definitions while a worker runs, and takes over what was added to it. What cannot be taken over without
 * changing results is refused, once for each content of the file, and the worker goes on with what it had. A content counts when it was
 * the same twice in a row, so that a file that is just being written is not taken by halves.
 */
final class DefinitionsWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DefinitionsWatch.class);

    /** After this time a changed file is looked at again: no editor or copy pauses so long within a file of some megabytes. */
    private static final long SETTLED_MILLIS = 5_000;

    private static final long DEFAULT_POLL_MILLIS = 60_000;

    /** Reasons that a warning names; the first tell what is wrong. */
    private static final int MAX_REASONS = 5;

    private final Watched watched;
    private final LiveDefinitions live;
    private final DefinitionsLead lead;
    private final Clock clock;
    private final Consumer<String> said;
    private final ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "definitions");
        thread.setDaemon(true);
        return thread;
    });

    /** What the file says that is in force. */
    private ConfiguredProcesses inForce;

    /** The content that was decided about, or that could not be read; null before the first look. */
    private @Nullable Look decided;

    /** A content that was seen once. */
    private @Nullable Look unsettled;

    private volatile @Nullable String refusal;
    private final AtomicInteger takenOver = new AtomicInteger();

    /**
     * The file.
     *
     * @param shownAs its name in messages
     * @param reading reads it with the defaults and the pane of the worker
     * @param merged what the worker works by, of what the file says
     */
    record Watched(Path file, String shownAs, Reading reading, UnaryOperator<ConfiguredProcesses> merged) {}

    /** Reads the text of a file of definitions. */
    @FunctionalInterface
    interface Reading {
        /** @throws ConfigurationException with every problem */
        ConfiguredProcesses of(String yaml);
    }

    /**
     * One look.
     *
     * @param text null where it could not be read
     * @param problem why not
     */
    private record Look(@Nullable String text, @Nullable String problem, long changedMillis) {
        boolean sameAs(@Nullable Look other) {
            return other != null && Objects.equals(text, other.text) && Objects.equals(problem, other.problem);
        }
    }

    /**
     * Begins with the next {@link #start}.
     *
     * @param inForce what the file said at the start
     * @param said is told in one line what was taken over
     */
    DefinitionsWatch(
            Watched watched,
            ConfiguredProcesses inForce,
            LiveDefinitions live,
            DefinitionsLead lead,
            Clock clock,
            Consumer<String> said) {
        this.watched = watched;
        this.inForce = inForce;
        this.live = live;
        this.lead = lead;
        this.clock = clock;
        this.said = said;
    }

    /** Of the file that a configuration was read from. */
    static DefinitionsWatch of(
            Configuration configuration,
            Surroundings surroundings,
            UnaryOperator<ConfiguredProcesses> merged,
            LiveDefinitions live,
            DefinitionsLead lead,
            Clock clock,
            Consumer<String> said) {
        Settings settings = configuration.settings();
        Path place = configuration.definitionsPlace();
        Reading reading = yaml -> ProcessesFile.parse(
                yaml,
                settings.processDefaults(),
                place.toString(),
                settings.window().pane());
        return new DefinitionsWatch(
                new Watched(surroundings.resolve(place), place.toString(), reading, merged),
                configuration.configuredProcesses(),
                live,
                lead,
                clock,
                said);
    }

    /** How far ahead additions must begin, and how often the file is looked at; a setting of never counts as the default here. */
    static DefinitionsLead lead(Settings settings) {
        Duration every = settings.processes().reloadEvery();
        return DefinitionsLead.of(settings.windowPolicy(), every == null ? DEFAULT_POLL_MILLIS : every.toMillis());
    }

    void start() {
        Future<?> unused = looks.schedule(this::lookAgain, lead.pollMillis(), TimeUnit.MILLISECONDS);
    }

    private void lookAgain() {
        boolean isSettled = true;
        try {
            isSettled = look();
        } catch (RuntimeException e) {
            // Whatever it is, the next look may go well; the worker has what it needs.
            LOG.error("Looking at {} failed; it is looked at again", watched.shownAs, e);
        }
        long pause = isSettled ? lead.pollMillis() : Math.min(SETTLED_MILLIS, lead.pollMillis());
        if (!looks.isShutdown()) {
            Future<?> unused = looks.schedule(this::lookAgain, pause, TimeUnit.MILLISECONDS);
        }
    }

    /** Looks once; false where the file has to be looked at again soon. */
    synchronized boolean look() {
        Look seen = read();
        if (seen.sameAs(decided)) {
            unsettled = null;
            return true;
        }
        if (!seen.sameAs(unsettled)) {
            unsettled = seen;
            return false;
        }
        unsettled = null;
        decided = seen;
        decide(seen);
        return true;
    }

    private Look read() {
        try {
            if (inForce.size() == 0 && !Files.exists(watched.file)) {
                return new Look("", null, 0);
            }
            long changed = Files.getLastModifiedTime(watched.file).toMillis();
            return new Look(ProcessesFile.text(watched.file, watched.shownAs), null, changed);
        } catch (ConfigurationException e) {
            return new Look(null, e.problems().get(0).toString(), 0);
        } catch (IOException e) {
            return new Look(null, "it cannot be read (" + e + ")", 0);
        }
    }

    private void decide(Look seen) {
        if (seen.text == null) {
            refuse(List.of(String.valueOf(seen.problem)), "put the file back");
            return;
        }
        ConfiguredProcesses offered;
        try {
            offered = watched.reading.of(seen.text);
        } catch (ConfigurationException e) {
            refuse(e.problems().stream().map(Problem::toString).toList(), "correct it");
            return;
        }
        // The time is read last: what begins later than it allows has been looked up by nobody when it is in force.
        long latest = lead.latestTaken(clock.millis(), seen.changedMillis);
        DefinitionsChange change = DefinitionsChange.of(inForce, offered, latest);
        if (change instanceof DefinitionsChange.Addition addition) {
            live.takeOver(watched.merged.apply(addition.definitions()));
            inForce = addition.definitions();
            takenOver.incrementAndGet();
            String line = "Taken over from " + watched.shownAs + ": " + listed(addition.added());
            LOG.info("{}", line);
            said.accept(line);
        } else if (change instanceof DefinitionsChange.Refusal refused) {
            refuse(
                    refused.why(),
                    "give what is new a later effective_from; or restart all workers, which then use the whole file for"
                            + " windows that close from then on; or, to have what is computed already replaced, recover rewind"
                            + " --new-config");
            return;
        }
        if (refusal != null) {
            LOG.info("{} is in force again", watched.shownAs);
        }
        refusal = null;
    }

    private void refuse(List<String> why, String remedy) {
        refusal = watched.shownAs + " was changed and is not taken over, the worker goes on with what it had: "
                + listed(why) + ". Remedy: " + remedy;
        LOG.warn("{}", refusal);
    }

    private static String listed(List<String> reasons) {
        String first = String.join("; ", reasons.subList(0, Math.min(MAX_REASONS, reasons.size())));
        return reasons.size() <= MAX_REASONS ? first : first + "; and " + (reasons.size() - MAX_REASONS) + " more";
    }

    /** Why the content of the file is not in force, with the remedy; null where it is. */
    @Nullable
    String refusal() {
        return refusal;
    }

    /** How often something was taken over. */
    int takenOver() {
        return takenOver.get();
    }

    @Override
    public void close() {
        looks.shutdownNow();
    }
}
