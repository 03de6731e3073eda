package io.processoptimizer.recover.rehearse;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.processoptimizer.aws.AwsClients;
import io.processoptimizer.aws.StoredResults;
import io.processoptimizer.config.Configuration;
import io.processoptimizer.config.Settings;
import io.processoptimizer.kinesis.KinesisStreamSource;
import io.processoptimizer.replay.CollectedResults;
import io.processoptimizer.replay.EarlierResults;
import io.processoptimizer.replay.RecordBounds;
import io.processoptimizer.replay.RecordSource;
import io.processoptimizer.replay.Recorder;
import io.processoptimizer.replay.RecordingManifest;
import io.processoptimizer.replay.RecordingPlan;
import io.processoptimizer.replay.Replay;
import io.processoptimizer.replay.ReplayInput;
import io.processoptimizer.replay.ReplayPlan;
import io.processoptimizer.replay.Replayer;
import io.processoptimizer.replay.ResultFileLines;
import io.processoptimizer.replay.ShardStatus;
import io.processoptimizer.replay.StreamSource;
import io.processoptimizer.replay.Variant;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Records the stream, replays it, and compares what comes out with what the workers left. */
final class Verification {
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private final AwsClients clients;
    private final Configuration configuration;
    private final Stage stage;
    private final Evidence evidence;
    private long records;

    Verification(AwsClients clients, Configuration configuration, Stage stage, Evidence evidence) {
        this.clients = clients;
        this.configuration = configuration;
        this.stage = stage;
        this.evidence = evidence;
    }

    /** @return where each shard that has records ends */
    Map<String, RecordingEnd> record() throws IOException, InterruptedException {
        RecordingPlan plan = new RecordingPlan(null, List.of(), RecordBounds.ALL_SO_FAR, false, evidence.definitions());
        try (StreamSource source = new KinesisStreamSource(clients, stage.stream(), Clock.systemUTC())) {
            Recorder.Report report = new Recorder(source, evidence.recording(), plan, Clock.systemUTC()).run();
            if (report.newGaps() > 0) {
                throw new IOException("the stream had dropped records before they were recorded; lengthen its"
                        + " retention, or take fewer disturbances");
            }
            records = report.shards().stream().mapToLong(ShardStatus::records).sum();
        }
        return ends();
    }

    /** How many records the recording has. */
    long records() {
        return records;
    }

    private Map<String, RecordingEnd> ends() throws IOException {
        Map<String, RecordingEnd> ends = new TreeMap<>();
        JsonNode manifest =
                JSON.readTree(Files.readAllBytes(evidence.recording().resolve(RecordingManifest.FILE_NAME)));
        for (JsonNode shard : manifest.path("shards")) {
            if (shard.path("last").isObject()) {
                ends.put(
                        shard.path("shard").asText(),
                        new RecordingEnd(
                                shard.path("last").path("sequence").asText(),
                                shard.path("closed").asBoolean()));
            }
        }
        return ends;
    }

    void replay() throws IOException, InterruptedException {
        Variant variant = new Variant(
                "rehearsal",
                configuration.pipelineSettings(),
                configuration.definitions(),
                configuration.changedValues());
        Replay.Request request = new Replay.Request(
                new ReplayPlan(
                        List.of(variant),
                        Math.min(ReplayPlan.MAX_THREADS, Runtime.getRuntime().availableProcessors()),
                        true,
                        false,
                        evidence.temporary()),
                evidence.replayed(),
                false,
                null,
                List.of(),
                List.of(evidence.recording().toString()));
        try (RecordSource source =
                        ReplayInput.open(List.of(evidence.recording()), Path.of(""), InputStream.nullInputStream());
                Replay replay = new Replay(request, null, false)) {
            replay.run(source, new Replayer.Progress() {
                @Override
                public void read(long records, double fraction) {}

                @Override
                public void sorting() {}
            });
        }
    }

    /**
     * Compares.
     *
     * @param events what a consumer received, a detail a line; null where the endpoint shows no events, so that what the outbox says
     *     was published stands for it
     */
    List<Agreement> compare(@Nullable Path events) throws IOException, InterruptedException {
        return List.of(results(Set.of()), adjustments(events), deadLetters());
    }

    /**
     * Compares the results alone.
     *
     * @param apartFrom fields that may differ
     */
    Agreement results(Set<String> apartFrom) throws IOException, InterruptedException {
        Path sorted = evidence.temporary();
        try (CollectedResults stored = new CollectedResults(sorted);
                EarlierResults replayed = new ResultFileLines(
                        evidence.replayed(), evidence.replayed().toString())) {
            StoredResults.scan(clients.dynamo(), stage.tables().results(), Settings.DEFAULT_WINDOW, stored);
            try (EarlierResults live =
                    stored.sorted("the table " + stage.tables().results())) {
                Files.copy(sorted.resolve("windows.ndjson"), evidence.live("windows.ndjson"));
                return ResultCheck.compare(replayed, live, apartFrom);
            }
        }
    }

    private Agreement adjustments(@Nullable Path events) throws IOException, InterruptedException {
        AdjustmentCheck check = new AdjustmentCheck();
        lines(evidence.replayed().resolve("adjustments.ndjson"), check::replayed);
        Path received = events == null ? evidence.live("published.ndjson") : events;
        if (events == null) {
            try (BufferedWriter file = Files.newBufferedWriter(received)) {
                new StoredOutputs(clients.dynamo()).published(stage.tables().advice(), detail -> write(detail, file));
            }
        }
        lines(received, check::received);
        return check.compare();
    }

    private Agreement deadLetters() throws IOException, InterruptedException {
        DeadLetterCheck check = new DeadLetterCheck();
        lines(
                evidence.replayed().resolve("dead-letters.ndjson"),
                line -> check.replayed(StoredOutputs.comparable(line)));
        try (BufferedWriter file = Files.newBufferedWriter(evidence.live("dead-letters.ndjson"))) {
            new StoredOutputs(clients.dynamo()).deadLetters(stage.tables().deadLetters(), letter -> {
                write(letter, file);
                check.stored(letter);
            });
        }
        return check.compare();
    }

    private static void write(JsonNode node, BufferedWriter file) throws IOException {
        file.write(node.toString());
        file.write('\n');
    }

    private static void lines(Path file, Lines taker) throws IOException {
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                taker.take((ObjectNode) JSON.readTree(line));
            }
        }
    }

    private interface Lines {
        void take(ObjectNode line) throws IOException;
    }
}
