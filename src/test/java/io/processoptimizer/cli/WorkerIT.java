package io.processoptimizer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.processoptimizer.aws.AwsClients;
import io.processoptimizer.aws.AwsConnection;
import io.processoptimizer.aws.Calls;
import io.processoptimizer.aws.KinesisSink;
import io.processoptimizer.aws.OeeMetrics;
import io.processoptimizer.aws.OutputTables;
import io.processoptimizer.aws.PointerTable;
import io.processoptimizer.aws.Streams;
import io.processoptimizer.aws.Tables;
import io.processoptimizer.checkpoint.SavepointPolicy;
import io.processoptimizer.config.Configuration;
import io.processoptimizer.config.ProcessesFile;
import io.processoptimizer.config.Settings;
import io.processoptimizer.emit.Adjustment;
import io.processoptimizer.emit.AdviceRecord;
import io.processoptimizer.emit.DeadLetter;
import io.processoptimizer.emit.Effect;
import io.processoptimizer.emit.Outputs;
import io.processoptimizer.emit.ResultJson;
import io.processoptimizer.emit.WindowResult;
import io.processoptimizer.event.ProcessDefinition;
import io.processoptimizer.event.ProcessDefinitions;
import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.kinesis.ShardProgress;
import io.processoptimizer.kinesis.Worker;
import io.processoptimizer.kinesis.WorkerSettings;
import io.processoptimizer.local.LocalAws;
import io.processoptimizer.local.LocalAwsSettings;
import io.processoptimizer.pipeline.InputRecord;
import io.processoptimizer.pipeline.ShardPipeline;
import io.processoptimizer.pipeline.ShardRange;
import io.processoptimizer.simulate.Factory;
import io.processoptimizer.simulate.FactoryDefinitions;
import io.processoptimizer.simulate.Pacer;
import io.processoptimizer.simulate.SimulationOptions;
import io.processoptimizer.simulate.TelemetryRecord;
import io.processoptimizer.status.PlainLines;
import io.processoptimizer.window.WindowFacts;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.Shard;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;

/**
 * The whole of it: a simulated factory's records on a stream, the real KCL worker, and the items it leaves, against the same records
 * given straight to the pipeline.
 */
class WorkerIT {
    private static final long SEED = 42;
    private static final int LINES = 5;
    private static final Duration ANSWER = Duration.ofSeconds(60);
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Settings SETTINGS = Settings.DEFAULTS;
    private static final String STREAM = SETTINGS.stream().name();
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Factory factory = Factory.of(SimulationOptions.startingAt(
                    Instant.now().minus(3, ChronoUnit.HOURS).truncatedTo(ChronoUnit.MINUTES))
            .withSeed(SEED)
            .withProcesses(LINES)
            .withLength(Duration.ofMinutes(40)));
    private final ProcessDefinitions definitions =
            ProcessesFile.parse(FactoryDefinitions.yaml(factory), ProcessDefinition.DEFAULT, "the simulated factory");

    @Test
    void itemsAreThoseOfThePipelineAcrossARestartAndNoReRunChangesThem() throws Exception {
        try (LocalAws aws = LocalAws.start(LocalAwsSettings.onAnyPort());
                AwsClients clients = new AwsClients(AwsConnection.emulator(aws.endpoint()), false)) {
            aws.awaitReady();
            Streams.createIfMissing(clients, STREAM, 3);
            new Tables(clients.dynamo()).createMissing(Tables.Names.DEFAULT);
            List<TelemetryRecord> records = new ArrayList<>();
            factory.events().forEachRemaining(records::add);
            int half = records.size() / 2;

            put(clients, records.subList(0, half));
            try (Run first = new Run(clients, "app", Tables.Names.DEFAULT)) {
                Awaitility.await().atMost(PATIENCE).until(() -> first.records() == half);
                assertThat(first.worker.stop()).isTrue();
            }
            put(clients, records.subList(half, records.size()));
            Map<String, String> expected = expected(clients);
            assertThat(expected.size()).as("windows, seed %d", SEED).isGreaterThan(LINES * 30);

            try (Run second = new Run(clients, "app", Tables.Names.DEFAULT)) {
                Awaitility.await().atMost(PATIENCE).until(() -> second.records() >= records.size() - half);
                assertThat(second.worker.stop()).isTrue();
                assertThat(second.records())
                        .as("records read again after the restart")
                        .isEqualTo(records.size() - half);
            }
            assertThat(finals(clients)).as("seed %d", SEED).isEqualTo(expected);

            Map<String, Map<String, AttributeValue>> before = everything(clients);
            Tables.Names otherState = new Tables.Names(
                    Tables.Names.DEFAULT.results(),
                    Tables.Names.DEFAULT.advice(),
                    Tables.Names.DEFAULT.deadLetters(),
                    "other-state");
            new Tables(clients.dynamo()).createMissing(otherState);
            try (Run again = new Run(clients, "other-app", otherState)) {
                Awaitility.await().atMost(PATIENCE).until(() -> again.records() == records.size());
                assertThat(again.worker.stop()).isTrue();
            }
            assertThat(everything(clients)).containsAllEntriesOf(before);
            assertThat(finals(clients)).isEqualTo(expected);
        }
    }

    /** A worker with all that belongs to it, started. */
    private final class Run implements AutoCloseable {
        final Worker worker;
        private final OutputTables outputs;
        private final PlainLines view = new PlainLines(new PrintWriter(new StringWriter()));

        Run(AwsClients clients, String application, Tables.Names tables) throws InterruptedException {
            outputs = new OutputTables(
                    clients,
                    new OutputTables.Settings(
                            tables,
                            SETTINGS.windowPolicy().defaultWindow().name(),
                            SETTINGS.outputs().queueCapacity(),
                            null,
                            new OutputTables.EventBus("default", "manufacturing.process", "Process Optimization"),
                            "Manufacturing/OEE",
                            OeeMetrics.Detail.ALL,
                            SETTINGS.adviceSettings()),
                    Clock.systemUTC());
            worker = new Worker(
                    new WorkerSettings(named(application), "worker-1", true),
                    clients,
                    new PipelineEngines(SETTINGS.pipelineSettings(), definitions, outputs, view),
                    PointerTable.withStates(
                            clients.dynamo(), tables.state(), SavepointPolicy.DEFAULT, Clock.systemUTC()),
                    Clock.systemUTC());
            worker.prepare();
            worker.start();
        }

        long records() {
            return worker.progress().shards().stream()
                    .mapToLong(ShardProgress.Entry::records)
                    .sum();
        }

        @Override
        public void close() {
            worker.close();
            outputs.close();
            view.close();
        }
    }

    private static Settings named(String application) {
        return Configuration.load(new Configuration.Request(
                        null, Map.of(), Map.of("application.name", application), Path.of("target"), null))
                .settings();
    }

    private static void put(AwsClients clients, List<TelemetryRecord> records)
            throws IOException, InterruptedException {
        try (KinesisSink sink = new KinesisSink(clients, STREAM)) {
            assertThat(Pacer.copy(records.iterator(), sink).records()).isEqualTo(records.size());
        }
    }

    /** The newest final result of each window, from the records as the stream holds them. */
    private Map<String, String> expected(AwsClients clients) throws InterruptedException {
        Map<String, WindowResult> newest = new HashMap<>();
        List<Shard> shards = Calls.await(clients.kinesis().listShards(r -> r.streamName(STREAM)), ANSWER)
                .shards();
        for (Shard shard : shards) {
            ShardRange range = new ShardRange(
                    shard.shardId(),
                    new BigInteger(shard.hashKeyRange().startingHashKey()),
                    new BigInteger(shard.hashKeyRange().endingHashKey()));
            ShardPipeline pipeline = new ShardPipeline(SETTINGS.pipelineSettings(), definitions, new Newest(newest));
            for (Record record : read(clients, shard.shardId())) {
                pipeline.accept(InputRecord.of(
                        range,
                        new RecordPosition(record.sequenceNumber(), 0),
                        record.partitionKey(),
                        record.approximateArrivalTimestamp().toEpochMilli(),
                        record.data().asByteArray()));
            }
        }
        Map<String, String> items = new TreeMap<>();
        newest.forEach((key, result) -> items.put(key, canonical(result)));
        return items;
    }

    private static List<Record> read(AwsClients clients, String shardId) throws InterruptedException {
        List<Record> records = new ArrayList<>();
        String iterator = Calls.await(
                        clients.kinesis()
                                .getShardIterator(r -> r.streamName(STREAM)
                                        .shardId(shardId)
                                        .shardIteratorType(ShardIteratorType.TRIM_HORIZON)),
                        ANSWER)
                .shardIterator();
        while (true) {
            String from = iterator;
            GetRecordsResponse page = Calls.await(clients.kinesis().getRecords(r -> r.shardIterator(from)), ANSWER);
            records.addAll(page.records());
            if (page.records().isEmpty() && page.millisBehindLatest() == 0) {
                return records;
            }
            iterator = page.nextShardIterator();
        }
    }

    private record Newest(Map<String, WindowResult> results) implements Outputs {
        @Override
        public void result(WindowResult result, WindowFacts facts) {
            results.merge(
                    result.processId() + " " + result.endMillis(),
                    result,
                    (was, is) -> is.rank() > was.rank() ? is : was);
        }

        @Override
        public void advice(AdviceRecord advice) {}

        @Override
        public void adjustment(Adjustment adjustment) {}

        @Override
        public void effect(Effect effect) {}

        @Override
        public void deadLetter(DeadLetter letter) {}

        @Override
        public void gap(String processId, long fromMillis) {}
    }

    /** All items of the tables of results and advice, by table and key. */
    private static Map<String, Map<String, AttributeValue>> everything(AwsClients clients) {
        Map<String, Map<String, AttributeValue>> items = new TreeMap<>();
        for (String table : List.of(Tables.Names.DEFAULT.results(), Tables.Names.DEFAULT.advice())) {
            for (Map<String, AttributeValue> item : scan(clients, table)) {
                String sortKey = item.containsKey("timestamp")
                        ? attribute(item, "timestamp").n()
                        : attribute(item, "id").s();
                items.put(table + " " + attribute(item, "process_id").s() + " " + sortKey, item);
            }
        }
        return items;
    }

    private static Map<String, String> finals(AwsClients clients) {
        Map<String, String> items = new TreeMap<>();
        for (Map<String, AttributeValue> item : scan(clients, Tables.Names.DEFAULT.results())) {
            if (attribute(item, "final").bool()) {
                String key = attribute(item, "process_id").s() + " "
                        + attribute(item, "timestamp").n();
                Map<String, AttributeValue> result = new HashMap<>(item);
                result.remove("timestamp");
                result.remove("result_rank");
                items.put(key, canonical(AttributeValue.fromM(result)));
            }
        }
        return items;
    }

    private static List<Map<String, AttributeValue>> scan(AwsClients clients, String table) {
        List<Map<String, AttributeValue>> items = new ArrayList<>();
        clients.dynamo()
                .scanPaginator(r -> r.tableName(table).consistentRead(true))
                .items()
                .subscribe(items::add)
                .join();
        return items;
    }

    private static AttributeValue attribute(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item.get(name);
        if (value == null) {
            throw new AssertionError("an item lacks " + name + ": " + item.keySet());
        }
        return value;
    }

    private static String canonical(WindowResult result) {
        try {
            return canonical(JSON.readTree(ResultJson.toBytes(result)));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String canonical(JsonNode node) {
        if (node.isObject()) {
            Map<String, String> fields = new TreeMap<>();
            node.properties().forEach(field -> fields.put(field.getKey(), canonical(field.getValue())));
            return fields.toString();
        }
        if (node.isArray()) {
            List<String> elements = new ArrayList<>();
            node.forEach(element -> elements.add(canonical(element)));
            return elements.toString();
        }
        return node.isNumber() ? number(node.asText()) : node.asText();
    }

    private static String canonical(AttributeValue value) {
        if (value.hasM()) {
            Map<String, String> fields = new TreeMap<>();
            value.m().forEach((name, field) -> fields.put(name, canonical(field)));
            return fields.toString();
        }
        if (value.hasL()) {
            return value.l().stream().map(WorkerIT::canonical).toList().toString();
        }
        if (value.n() != null) {
            return number(value.n());
        }
        if (value.bool() != null) {
            return value.bool().toString();
        }
        return value.s() == null ? "null" : value.s();
    }

    private static String number(String text) {
        return new BigDecimal(text).stripTrailingZeros().toPlainString();
    }
}
