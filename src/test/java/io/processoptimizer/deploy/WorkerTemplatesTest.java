package io.processoptimizer.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.processoptimizer.aws.TableSpec;
import io.processoptimizer.aws.Tables;
import io.processoptimizer.aws.provision.Blueprint;
import io.processoptimizer.config.Settings;
import io.processoptimizer.kinesis.LeaseTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The templates of the worker say what the program does: its tables, its logs, its end, its health. */
class WorkerTemplatesTest {
    private static final String ERRORS = "?\" ERROR \" ?\"level=ERROR\" ?\"\\\"level\\\":\\\"ERROR\\\"\"";

    private static final Settings DEFAULTS = Settings.DEFAULTS;

    @Test
    void theTablesAreThoseThatProvisionMakes() throws IOException {
        Template template = Template.read("resources.yaml");
        List<TableSpec> wanted = new ArrayList<>(Tables.Names.DEFAULT.specs());
        wanted.add(LeaseTable.spec(DEFAULTS.application().name()));
        List<TableSpec> found = new ArrayList<>();
        for (Map.Entry<String, JsonNode> resource :
                template.root().path("Resources").properties()) {
            if (resource.getValue().path("Type").asText().equals("AWS::DynamoDB::Table")) {
                JsonNode properties = resource.getValue().path("Properties");
                assertThat(properties.path("BillingMode").asText()).isEqualTo("PAY_PER_REQUEST");
                assertThat(properties
                                .at("/PointInTimeRecoverySpecification/PointInTimeRecoveryEnabled")
                                .asBoolean())
                        .as(resource.getKey())
                        .isTrue();
                assertThat(resource.getValue().path("DeletionPolicy").asText()).isEqualTo("Retain");
                found.add(table(template, properties));
            }
        }
        assertThat(found).containsExactlyInAnyOrderElementsOf(wanted);
    }

    private static TableSpec table(Template template, JsonNode properties) {
        Map<String, Boolean> numbers = new HashMap<>();
        properties
                .path("AttributeDefinitions")
                .forEach(attribute -> numbers.put(
                        attribute.path("AttributeName").asText(),
                        attribute.path("AttributeType").asText().equals("N")));
        List<TableSpec.Key> keys = keys(properties.path("KeySchema"), numbers);
        JsonNode index = properties.path("GlobalSecondaryIndexes").path(0);
        List<TableSpec.Key> indexKeys = keys(index.path("KeySchema"), numbers);
        JsonNode ttl = properties.path("TimeToLiveSpecification");
        assertThat(ttl.path("AttributeName").asText(TableSpec.TTL_ATTRIBUTE)).isEqualTo(TableSpec.TTL_ATTRIBUTE);
        return new TableSpec(
                template.byDefault(properties.path("TableName")).asText(),
                keys.get(0),
                keys.size() > 1 ? keys.get(1) : null,
                index.isMissingNode()
                        ? null
                        : new TableSpec.Index(index.path("IndexName").asText(), indexKeys.get(0), indexKeys.get(1)),
                ttl.path("Enabled").asBoolean());
    }

    private static List<TableSpec.Key> keys(JsonNode schema, Map<String, Boolean> numbers) {
        List<TableSpec.Key> keys = new ArrayList<>();
        schema.forEach(key -> {
            String name = key.path("AttributeName").asText();
            keys.add(new TableSpec.Key(name, Boolean.TRUE.equals(numbers.get(name))));
        });
        return keys;
    }

    @Test
    void theStreamIsThatOfProvision() throws IOException {
        Template template = Template.read("resources.yaml");
        JsonNode stream = template.properties("Stream");
        assertThat(template.byDefault(stream.path("Name")).asText())
                .isEqualTo(DEFAULTS.stream().name());
        assertThat(template.byDefault(stream.path("ShardCount")).asInt()).isEqualTo(3);
        assertThat(template.byDefault(stream.path("RetentionPeriodHours")).asLong())
                .isEqualTo(DEFAULTS.state().savepointsKept().toHours());
        assertThat(stream.at("/StreamEncryption/KeyId").asText()).isEqualTo(Blueprint.STREAM_KEY);
        assertThat(Template.read("adjustment-events.yaml")
                        .properties("Rule")
                        .path("Name")
                        .asText())
                .isEqualTo(Blueprint.RULE_NAME);
    }

    @Test
    void theLogIsFilteredForWhatTheWorkerSays() throws IOException {
        Template template = Template.read("watch.yaml");
        String said = sources();
        int filters = 0;
        for (JsonNode resource : template.root().path("Resources")) {
            if (resource.path("Type").asText().equals("AWS::Logs::MetricFilter")) {
                String pattern = resource.at("/Properties/FilterPattern").asText();
                if (resource.at("/Properties/MetricTransformations/0/MetricName")
                        .asText()
                        .equals("Errors")) {
                    assertThat(pattern).as("in every log.format").isEqualTo(ERRORS);
                    filters++;
                    continue;
                }
                assertThat(pattern).startsWith("\"").endsWith("\"");
                String text = pattern.substring(1, pattern.length() - 1);
                assertThat(said).contains(text);
                filters++;
            }
        }
        assertThat(filters).isEqualTo(5);
    }

    /** The adapters' source with literals that go on over lines put together. */
    private static String sources() throws IOException {
        return Stream.of("aws", "kinesis")
                .flatMap(folder -> files(Path.of("src/main/java/io/processoptimizer", folder)).stream())
                .map(WorkerTemplatesTest::text)
                .collect(Collectors.joining())
                .replaceAll("\"\\s*\\+\\s*\"", "");
    }

    private static List<Path> files(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void everyAlarmSaysWhatToDoAndIsInTheReadme() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        int alarms = 0;
        for (JsonNode resource : Template.read("watch.yaml").root().path("Resources")) {
            if (resource.path("Type").asText().equals("AWS::CloudWatch::Alarm")) {
                assertThat(resource.at("/Properties/AlarmDescription").asText()).contains("Do - ");
                String name = resource.at("/Properties/AlarmName/Fn::Sub").asText();
                assertThat(readme).contains("`" + name.substring(name.indexOf('}') + 2) + "`");
                alarms++;
            }
        }
        assertThat(alarms).isEqualTo(9);
    }

    @Test
    void aWorkerIsGivenTheTimeToEnd() throws IOException {
        Template service = Template.read("service.yaml");
        JsonNode container =
                service.properties("Task").path("ContainerDefinitions").path(0);
        assertThat(container.path("StopTimeout").asInt()).isEqualTo(120);
        assertThat(DEFAULTS.shutdown().budget().toSeconds()).isLessThan(110);
        assertThat(container.path("ReadonlyRootFilesystem").asBoolean()).isTrue();
        assertThat(container.path("User").asText()).doesNotStartWith("0");
        assertThat(Files.readString(Path.of("deploy/worker/process-optimizer.service")))
                .contains("TimeoutStopSec=120\n", "NoNewPrivileges=true\n");
    }

    @Test
    void theImageAndTheServiceAskForTheSameHealth() throws IOException {
        String image = Files.readString(Path.of("deploy/worker/Dockerfile"));
        JsonNode check = Template.read("service.yaml")
                .properties("Task")
                .path("ContainerDefinitions")
                .path(0)
                .path("HealthCheck");
        String command =
                image.substring(image.indexOf("CMD [") + 4).lines().findFirst().orElseThrow();
        List<String> inImage = new ArrayList<>(List.of("CMD"));
        new ObjectMapper().readTree(command).forEach(word -> inImage.add(word.asText()));
        List<String> inService = new ArrayList<>();
        check.path("Command").forEach(word -> inService.add(word.asText()));
        assertThat(inService).isEqualTo(inImage);
        assertThat(image).contains("USER 10001:10001");
    }

    @Test
    void theInstancesGetTheUnitAsItIs() throws IOException {
        String unit = Files.readString(Path.of("deploy/worker/process-optimizer.service"));
        JsonNode data = Template.read("fleet.yaml")
                .properties("LaunchTemplate")
                .path("LaunchTemplateData")
                .at("/UserData/Fn::Base64/Fn::Sub");
        assertThat(data.asText()).contains(unit).startsWith("#!/bin/bash");
    }

    @Test
    void theParametersOfAnEnvironmentAreKnownAndAllowed() throws IOException {
        List<Template> templates = Template.all().toList();
        try (Stream<Path> files = Files.list(Template.FOLDER.resolve("parameters"))) {
            for (Path file : files.toList()) {
                for (JsonNode parameter : new ObjectMapper().readTree(file.toFile())) {
                    String key = parameter.path("ParameterKey").asText();
                    String value = parameter.path("ParameterValue").asText();
                    List<JsonNode> known = templates.stream()
                            .map(template -> template.parameter(key))
                            .filter(one -> !one.isMissingNode())
                            .toList();
                    assertThat(known).as("%s in %s", key, file).isNotEmpty().allSatisfy(one -> {
                        if (one.has("AllowedValues")) {
                            assertThat(one.path("AllowedValues"))
                                    .extracting(JsonNode::asText)
                                    .contains(value);
                        }
                        if (one.has("AllowedPattern")) {
                            assertThat(value).matches(one.path("AllowedPattern").asText());
                        }
                        if (one.has("MinValue")) {
                            assertThat(Long.parseLong(value))
                                    .isBetween(
                                            one.path("MinValue").asLong(),
                                            one.path("MaxValue").asLong());
                        }
                    });
                }
            }
        }
    }
}
