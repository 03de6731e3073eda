package io.processoptimizer.kinesis;

import io.processoptimizer.config.KclSettings;
import io.processoptimizer.config.Settings;
import java.time.Duration;

/**
 * One worker: the product's settings, who it is, and whether it has the stream to itself.
 *
 * @param settings the product's
 * @param workerId stable over restarts and used by one process at a time: leases are taken back at once under the same id
 * @param emulated the endpoint is an emulator of our own: no other worker shares it, so coordination may be fast, and KCL's own
 *     metrics would be read by nobody
 */
public record WorkerSettings(Settings settings, String workerId, boolean emulated) {
    /** Against an emulator the first assignment of leases may come at once. */
    private static final Duration EMULATED_ASSIGNMENT = Duration.ofMillis(500);

    public WorkerSettings {
        if (workerId.isEmpty()) {
            throw new IllegalArgumentException("the worker id must not be empty; set application.worker_id");
        }
    }

    public String stream() {
        return settings.stream().name();
    }

    /** Names the lease table. */
    public String application() {
        return settings.application().name();
    }

    Duration assignmentInterval() {
        return emulated ? EMULATED_ASSIGNMENT : settings.kcl().leaseAssignmentInterval();
    }

    KclSettings.Metrics metrics() {
        return emulated ? KclSettings.Metrics.NONE : settings.kcl().metrics();
    }

    boolean fromTheBeginning() {
        return settings.stream().initialPosition() == Settings.InitialPosition.TRIM_HORIZON;
    }

    Duration shutdownBudget() {
        return settings.shutdown().budget();
    }
}
