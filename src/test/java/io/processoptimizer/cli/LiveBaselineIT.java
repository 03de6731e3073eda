package io.processoptimizer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.processoptimizer.aws.AwsClients;
import io.processoptimizer.aws.AwsConnection;
import io.processoptimizer.aws.Tables;
import io.processoptimizer.local.LocalAws;
import io.processoptimizer.local.LocalAwsSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A replay beside the table that a worker wrote, after rewinds. */
class LiveBaselineIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TABLE = "live-baseline-results";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    @Test
    void resultsOfALaterGenerationAreTheSameAndSupersededOnesCountAsNotThere() throws Exception {
        run(0, "simulate", "-o", "day.ndjson", "--processes", "2", "--for", "20m", "--seed", "3");
        run(0, "replay", "--input", "day.ndjson", "--output", "out");
        List<String> lines = Files.readAllLines(directory.resolve("out/windows.ndjson"));
        try (LocalAws aws = LocalAws.start(LocalAwsSettings.onAnyPort());
                AwsClients clients = new AwsClients(AwsConnection.emulator(aws.endpoint()), false)) {
            aws.awaitReady();
            new Tables(clients.dynamo())
                    .createMissing(new Tables.Names(TABLE, "live-advice", "live-letters", "live-state"));
            long rewound = 0;
            for (String line : lines) {
                put(clients, result(line).put("generation", rewound++ % 3));
            }
            ObjectNode gone = result(lines.get(0));
            gone.put("window_end", gone.get("window_end").asLong() - 7_200_000).put("superseded", 2);
            put(clients, gone);

            String said = compare(aws, 0);
            assertThat(said).contains(" 0 different, 0 missing, 0 new").contains(", 1 superseded by a rewind");

            put(clients, result(lines.get(3)).put("superseded", 2));
            ObjectNode other = result(lines.get(4));
            put(clients, other.put("good", other.get("good").asLong() + 1).put("generation", 2));
            said = compare(aws, 5);
            assertThat(said)
                    .contains(" 2 different, 0 missing, 0 new")
                    .contains("a result that a rewind marked as superseded → a result")
                    .contains(" good: ")
                    .doesNotContain("generation");
        }
    }

    private String compare(LocalAws aws, int exitCode) {
        return run(
                exitCode,
                "replay",
                "--input",
                "day.ndjson",
                "--baseline",
                "live",
                "--fail-on-difference",
                "--set",
                "outputs.metrics_table=" + TABLE,
                "--set",
                "aws.endpoint=" + aws.endpoint());
    }

    private String run(int exitCode, String... args) {
        CommandRun run = CommandRun.in(directory, args);
        assertThat(run.exitCode()).as(run.err() + run.out()).isEqualTo(exitCode);
        return run.out();
    }

    private static ObjectNode result(String line) throws IOException {
        return (ObjectNode) JSON.readTree(line);
    }

    /** As the worker's item, with a key of process and window. */
    private static void put(AwsClients clients, ObjectNode result) {
        String window = result.get("window").asText();
        String process = result.get("process_id").asText();
        Map<String, AttributeValue> item = new HashMap<>(value(result).m());
        item.put("process_id", AttributeValue.fromS(window.equals("main") ? process : process + "#" + window));
        item.put("timestamp", AttributeValue.fromN(result.get("window_end").asText()));
        item.put("result_rank", AttributeValue.fromN("1"));
        clients.dynamo().putItem(r -> r.tableName(TABLE).item(item)).join();
    }

    private static AttributeValue value(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT -> {
                Map<String, AttributeValue> fields = new HashMap<>();
                node.properties().forEach(field -> fields.put(field.getKey(), value(field.getValue())));
                yield AttributeValue.fromM(fields);
            }
            case ARRAY ->
                AttributeValue.fromL(
                        node.valueStream().map(LiveBaselineIT::value).toList());
            case NUMBER -> AttributeValue.fromN(node.decimalValue().toPlainString());
            case BOOLEAN -> AttributeValue.fromBool(node.booleanValue());
            case NULL -> AttributeValue.fromNul(true);
            default -> AttributeValue.fromS(node.asText());
        };
    }
}
