package io.processoptimizer.cli;

import io.processoptimizer.aws.AwsClients;
import io.processoptimizer.checkpoint.ShardPointer;
import io.processoptimizer.checkpoint.Snapshot;
import io.processoptimizer.checkpoint.SnapshotStore;
import io.processoptimizer.config.Settings;
import io.processoptimizer.kinesis.KinesisStreamSource;
import io.processoptimizer.replay.ReadFrom;
import io.processoptimizer.replay.RecordSource;
import io.processoptimizer.replay.RecordedShard;
import io.processoptimizer.replay.RecordingManifest;
import io.processoptimizer.replay.ReplayInput;
import io.processoptimizer.replay.Speed;
import io.processoptimizer.replay.StartingState;
import io.processoptimizer.replay.StreamRange;
import io.processoptimizer.replay.StreamSource;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that say what is replayed, and how fast. */
final class RecordedInput {
    @Option(
            names = {"-i", "--input"},
            paramLabel = "FILE|DIR|-",
            arity = "1..*",
            description =
                    "Recordings: files, folders of files, or - for standard input. Several are merged: envelopes by"
                            + " sequence number, raw files one after the other.")
    private List<Path> inputs = new ArrayList<>();

    @Option(
            names = "--stream",
            description = "Read the stream of the settings directly, instead of files; no lease is touched.")
    private boolean fromStream;

    @Option(
            names = "--from",
            paramLabel = "WHERE",
            description = "With --stream: trim_horizon (default), or a time like 2026-01-01T00:00:00Z.")
    private @Nullable String from;

    @Option(
            names = "--from-savepoint",
            paramLabel = "WHEN",
            description =
                    "With --stream: go on from the states that the worker stored, and the records after them: latest, or the"
                            + " savepoints of a time like 2026-01-01T00:00:00Z or before. The first windows are then whole.")
    private @Nullable String fromSavepoint;

    @Option(
            names = "--until",
            paramLabel = "WHEN",
            description =
                    "With --stream: now (default), or a time in the past; records that arrived later are left out.")
    private @Nullable String until;

    @Option(
            names = "--speed",
            paramLabel = "FACTOR",
            description =
                    "Hand the records over at their pace, by arrival or else event time: 60x is a minute of the recording"
                            + " in a second, 1x as it was, 0.5x half as fast. Results are shown as their windows close, as"
                            + " 'run' shows them; the files are written at the end and are the same. Pauses of the"
                            + " recording of more than 15 minutes that would take more than a minute are skipped. Ctrl-C"
                            + " ends the input there and writes what there is. Default: as fast as the machine goes.")
    private @Nullable String speed;

    private final Clock clock = Clock.systemUTC();

    /** Null: as fast as the machine goes. */
    @Nullable
    Speed speed() {
        return speed == null ? null : Speed.parse("--speed", speed);
    }

    /**
     * Looks at the options before anything is read.
     *
     * @throws IllegalArgumentException with what is wrong
     */
    void check() {
        if (fromStream == !inputs.isEmpty()) {
            throw new IllegalArgumentException("give either --input FILE or --stream: what is to be replayed?");
        }
        if (!fromStream && (from != null || until != null || fromSavepoint != null)) {
            throw new IllegalArgumentException(
                    "--from, --from-savepoint and --until choose a range of a stream; add --stream, or remove them");
        }
        if (from != null && fromSavepoint != null) {
            throw new IllegalArgumentException("give --from or --from-savepoint: each says where to begin");
        }
        if (inputs.stream().anyMatch(input -> input.toString().isBlank())) {
            throw new IllegalArgumentException("--input is empty; give a file, a folder, or - for standard input");
        }
        if (inputs.stream().filter(input -> input.toString().equals("-")).count() > 1) {
            throw new IllegalArgumentException("--input - is standard input, which can be read once; name it once");
        }
        if (fromStream) {
            range();
        }
    }

    private record Range(ReadFrom from, long untilMillis) {}

    private Range range() {
        ReadFrom start = StreamTimes.replayFrom(from == null ? "trim_horizon" : from, clock);
        if (until == null || until.equalsIgnoreCase("now")) {
            return new Range(start, clock.millis());
        }
        long end = StreamTimes.time("--until", until, "now");
        if (end > clock.millis()) {
            throw new IllegalArgumentException(
                    "--until (" + until + ") is in the future; a replay ends with what there is");
        }
        StreamTimes.requireLater(until, end, from, start);
        return new Range(start, end);
    }

    /** Those of the stream's service, or null where the input is files. */
    @Nullable
    AwsClients clients(Settings settings, Surroundings surroundings) {
        return fromStream ? new AwsClients(Connections.of(settings, surroundings.environment()), false) : null;
    }

    /** What is read, and the states that it goes on from. */
    record Opened(RecordSource source, StartingState start) implements Closeable {
        @Override
        public void close() throws IOException {
            source.close();
        }
    }

    /** @param clients of {@link #clients} */
    Opened open(Settings settings, Surroundings surroundings, @Nullable AwsClients clients)
            throws IOException, InterruptedException {
        if (clients == null) {
            return new Opened(
                    ReplayInput.open(inputs, surroundings.workingDirectory(), surroundings.in()), StartingState.EMPTY);
        }
        Range range = range();
        StreamSource stream = new KinesisStreamSource(clients, settings.stream().name(), clock);
        if (fromSavepoint == null) {
            return new Opened(new StreamRange(stream, range.from, range.untilMillis, clock), StartingState.EMPTY);
        }
        SnapshotStore store = new SnapshotStores(settings, clients, surroundings, clock).open(false);
        return fromStoredStates(fromSavepoint, stream, store, range.untilMillis);
    }

    private Opened fromStoredStates(String when, StreamSource stream, SnapshotStore store, long untilMillis)
            throws InterruptedException {
        boolean latest = when.equalsIgnoreCase("latest");
        long at = latest ? Long.MAX_VALUE : StreamTimes.time("--from-savepoint", when, "latest");
        List<RecordedShard> shards = stream.describe().shards();
        Map<String, Snapshot> chosen = StartingState.choose(shards, shardId -> {
            List<Snapshot> states = new ArrayList<>();
            ShardPointer pointer = latest ? store.pointer(shardId) : null;
            if (pointer != null && pointer.snapshot() != null) {
                states.add(pointer.snapshot());
            }
            store.savepoints(shardId).stream()
                    .filter(savepoint -> savepoint.writtenMillis() <= at)
                    .forEach(states::add);
            return states;
        });
        List<StartingState.Shard> states = new ArrayList<>();
        chosen.forEach((shardId, snapshot) ->
                states.add(new StartingState.Shard(shardId, snapshot.position(), store.load(shardId, snapshot))));
        return new Opened(
                new StreamRange(stream, shard -> StartingState.readFrom(shards, shard, chosen), untilMillis, clock),
                new StartingState(states));
    }

    /** As a person named them. */
    List<String> names(Settings settings) {
        return fromStream
                ? List.of("the stream " + settings.stream().name())
                : inputs.stream().map(Path::toString).toList();
    }

    /** The files among them. */
    List<Path> files(Surroundings surroundings) throws IOException {
        return ReplayInput.files(inputs, surroundings.workingDirectory());
    }

    /** The definitions that came with the data: written by 'record' into its folder, by 'simulate' beside its file. */
    @Nullable
    Path definitionsBeside(Surroundings surroundings) {
        for (Path input : inputs) {
            Path file = Files.isDirectory(surroundings.resolve(input))
                    ? input.resolve(RecordingManifest.DEFINITIONS_NAME)
                    : DefinitionsBeside.of(input);
            if (Files.exists(surroundings.resolve(file))) {
                return file;
            }
        }
        return null;
    }
}
