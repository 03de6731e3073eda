package io.processoptimizer.cli;

import io.processoptimizer.aws.AwsClients;
import io.processoptimizer.aws.DynamoParts;
import io.processoptimizer.aws.PointerTable;
import io.processoptimizer.aws.S3Parts;
import io.processoptimizer.checkpoint.ComputedWith;
import io.processoptimizer.checkpoint.SavepointPolicy;
import io.processoptimizer.checkpoint.SnapshotParts;
import io.processoptimizer.checkpoint.SnapshotStore;
import io.processoptimizer.config.Settings;
import io.processoptimizer.disk.FileParts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The store of snapshots that {@code state.store} names. The pointers are in the state table whatever it names. */
final class SnapshotStores {
    private final Settings settings;
    private final AwsClients clients;
    private final Surroundings surroundings;
    private final Clock clock;

    SnapshotStores(Settings settings, AwsClients clients, Surroundings surroundings, Clock clock) {
        this.settings = settings;
        this.clients = clients;
        this.surroundings = surroundings;
        this.clock = clock;
    }

    /** To read only, or of a configuration that does not matter: see {@link #open(boolean, ComputedWith)}. */
    SnapshotStore open(boolean embedded) throws IOException, InterruptedException {
        return open(embedded, null);
    }

    /**
     * @param embedded whether AWS is in this process and a missing bucket is simply made
     * @param configuration what the states that are committed are computed with; null: not known
     * @throws IOException where the folder cannot be written
     * @throws CommandFailure where the bucket cannot be used
     */
    PointerTable open(boolean embedded, @Nullable ComputedWith configuration) throws IOException, InterruptedException {
        Settings.State state = settings.state();
        SavepointPolicy savepoints = new SavepointPolicy(
                state.savepointInterval().toMillis(), state.savepointsKept().toMillis());
        return new PointerTable(
                clients.dynamo(), state.table(), parts(state, embedded), savepoints, clock, configuration);
    }

    /** The same for looking at it: makes and tries nothing, so that a command may run where a worker could not. */
    PointerTable forReading() {
        Settings.State state = settings.state();
        SavepointPolicy savepoints = new SavepointPolicy(
                state.savepointInterval().toMillis(), state.savepointsKept().toMillis());
        String application = settings.application().name();
        SnapshotParts parts = switch (state.store()) {
            case DYNAMODB -> new DynamoParts(clients.dynamo(), state.table());
            case S3 ->
                new S3Parts(clients.s3(), Objects.requireNonNull(state.bucket()), folder(state.prefix()) + application);
            case FILE ->
                FileParts.existing(surroundings.resolve(Path.of(state.folder())).resolve(application));
        };
        return new PointerTable(clients.dynamo(), state.table(), parts, savepoints, clock);
    }

    /** Where the bytes of states lie; nothing is made. */
    SnapshotParts states() throws IOException, InterruptedException {
        return parts(settings.state(), false);
    }

    private SnapshotParts parts(Settings.State state, boolean embedded) throws IOException, InterruptedException {
        String application = settings.application().name();
        return switch (state.store()) {
            case DYNAMODB -> new DynamoParts(clients.dynamo(), state.table());
            case S3 -> bucket(Objects.requireNonNull(state.bucket()), folder(state.prefix()) + application, embedded);
            case FILE ->
                FileParts.in(surroundings.resolve(Path.of(state.folder())).resolve(application));
        };
    }

    private static String folder(String prefix) {
        return prefix.endsWith("/") ? prefix : prefix + "/";
    }

    private S3Parts bucket(String bucket, String prefix, boolean embedded) throws InterruptedException {
        S3Parts parts = new S3Parts(clients.s3(), bucket, prefix);
        try {
            if (embedded) {
                parts.createMissing();
            }
            parts.require();
            return parts;
        } catch (IllegalStateException e) {
            throw new CommandFailure(ExitCode.AWS_FAILED, String.valueOf(e.getMessage()), e);
        }
    }
}
