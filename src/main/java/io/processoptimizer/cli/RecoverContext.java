package io.processoptimizer.cli;

import io.processoptimizer.aws.AwsClients;
import io.processoptimizer.aws.PointerTable;
import io.processoptimizer.aws.RecoveryItem;
import io.processoptimizer.aws.StreamIdentity;
import io.processoptimizer.config.Configuration;
import io.processoptimizer.config.Settings;
import io.processoptimizer.kinesis.KinesisStreamSource;
import io.processoptimizer.kinesis.LeaseRows;
import io.processoptimizer.recover.Standings;
import io.processoptimizer.replay.StreamDescription;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What every recovery command begins with: the settings, the clients, the stores as they are, and the guards. Opening it reads and
 * writes nothing; a table, bucket or folder that is missing is never made.
 */
final class RecoverContext implements AutoCloseable {
    private final Configuration configuration;
    private final AwsClients clients;
    private final PointerTable store;
    private final Clock clock = Clock.systemUTC();

    private RecoverContext(Configuration configuration, AwsClients clients, Surroundings surroundings) {
        this.configuration = configuration;
        this.clients = clients;
        this.store = new SnapshotStores(configuration.settings(), clients, surroundings, clock).forReading();
    }

    static RecoverContext open(ConfigOptions options, Surroundings surroundings) {
        Configuration configuration = options.load(surroundings);
        Logging.configure(configuration.settings().log());
        return new RecoverContext(
                configuration,
                new AwsClients(Connections.of(configuration.settings(), surroundings.environment()), false),
                surroundings);
    }

    Configuration configuration() {
        return configuration;
    }

    Settings settings() {
        return configuration.settings();
    }

    /** Names the lease table. */
    String application() {
        return settings().application().name();
    }

    AwsClients clients() {
        return clients;
    }

    /** Pointers, states and savepoints. */
    PointerTable store() {
        return store;
    }

    /** What an operator has under way. */
    RecoveryItem operation() {
        return new RecoveryItem(clients.dynamo(), settings().state().table(), application());
    }

    LeaseRows leases() {
        return new LeaseRows(clients.dynamo(), application());
    }

    Standings standings() {
        return new Standings(settings(), clients, store, clock);
    }

    Clock clock() {
        return clock;
    }

    /**
     * The stream that the settings name.
     *
     * @throws CommandFailure where it does not exist or cannot be read
     */
    StreamDescription stream() throws InterruptedException {
        try {
            return new KinesisStreamSource(clients, settings().stream().name(), clock).describe();
        } catch (IllegalStateException e) {
            throw noStream(e);
        }
    }

    /** What to say where the stream of the settings is not there. */
    CommandFailure noStream(IllegalStateException why) {
        return new CommandFailure(
                ExitCode.AWS_FAILED,
                "stream " + settings().stream().name() + " cannot be read" + where()
                        + ": it does not exist there or is not active; check stream.name, aws.region and aws.endpoint",
                why);
    }

    /**
     * KCL's table.
     *
     * @throws CommandFailure where there is none of the application's name
     */
    LeaseRows.Rows leaseRows() throws InterruptedException {
        LeaseRows.Rows rows = leases().read();
        if (rows == null) {
            throw new CommandFailure(
                    ExitCode.BAD_USAGE,
                    "there is no lease table " + application() + where()
                            + ": no worker has run as that; check application.name, aws.region and aws.endpoint");
        }
        return rows;
    }

    /**
     * Refuses where the states belong to another application, or leases and states to another stream than the settings name; reads
     * only.
     *
     * @throws CommandFailure with the remedy
     */
    void requireSameStream(StreamDescription stream) throws InterruptedException {
        String wrongOwner =
                StreamIdentity.wrongOwner(clients, settings().state().table(), application());
        if (wrongOwner != null) {
            throw new CommandFailure(ExitCode.CHECK_FAILED, wrongOwner);
        }
        StreamIdentity.@Nullable Known known =
                StreamIdentity.known(clients, settings().state().table(), application());
        if (known != null
                && !(known.arn().equals(stream.arn()) && known.createdSeconds() == stream.createdMillis() / 1_000)) {
            throw new CommandFailure(
                    ExitCode.CHECK_FAILED,
                    "leases and states of " + application() + " belong to " + known.arn() + ", made "
                            + Instant.ofEpochSecond(known.createdSeconds()) + ", and the settings name " + stream.arn()
                            + ", made " + Instant.ofEpochMilli(stream.createdMillis())
                            + "; check stream.name, application.name, aws.region and aws.endpoint");
        }
    }

    /** Names the place for a message: {@code " at http://…"} or {@code " in us-east-1"}. */
    String where() {
        return settings()
                .aws()
                .endpointOverride()
                .map(endpoint -> " at " + endpoint)
                .orElse(" in " + settings().aws().region());
    }

    @Override
    public void close() {
        clients.close();
    }
}
