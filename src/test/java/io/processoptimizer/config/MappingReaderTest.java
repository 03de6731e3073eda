package io.processoptimizer.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.processoptimizer.decode.InputMapping;
import io.processoptimizer.decode.MappedField;
import io.processoptimizer.decode.MappedUnit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class MappingReaderTest {
    private static final String GOOD = """
            records: {at: /type, is: Update}
            event:
              process_id: /line
              timestamp: /t
              state: {at: /s, map: {run: RUNNING}}
            """;

    private static void assertProblem(String yaml, String problem) {
        assertThatThrownBy(() -> MappingReader.read(yaml, "m", "m.yaml"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(problem);
    }

    @Test
    void everyProblemNamesItsFileLineValueAndRemedy() {
        assertProblem(GOOD.replace("state:", "sate:"), "m.yaml:5: unknown field 'sate'; did you mean state?");
        assertProblem(
                GOOD.replace("RUNNING", "RUNING"), "m.yaml:5: state (RUNING) is none of ours; did you mean RUNNING?");
        assertProblem(
                GOOD.replace("/line", "line"),
                "m.yaml:3: process_id (line) is no JSON Pointer; begin it with / from the record's root");
        assertProblem(
                GOOD.replace("/t\n", "{at: /t, unit: h}\n"),
                "m.yaml:4: unit (h) of timestamp must be one of ms, s, us, ns");
        assertProblem(GOOD.replace("records: {at: /type, is: Update}\n", ""), "a mapping needs 'records'");
        assertProblem(GOOD.replace("  timestamp: /t\n", ""), "'event' does not say where timestamp stands");
        assertProblem(GOOD + "each: [/a/*, /a/*]\n", "m.yaml:6: each names /a/* twice");
        assertProblem(GOOD + "facts:\n  - good: /g\n  - reject: /r\n", "m.yaml:8: this rule of facts is never read");
        assertProblem(
                GOOD.replace("  timestamp: /t\n", "  timestamp: /t\n  event_id: {value: x}\n"),
                "m.yaml:5: event_id is the same for all records, so all but the first would count as repetitions");
        assertProblem(GOOD.replace("{run: RUNNING}", "states"), "m.yaml:5: map (states) is no table of this file");
        assertProblem(
                GOOD.replace("{run: RUNNING}", "{1..5: RUNNING, 5..9: DOWN}"),
                "m.yaml:5: the range 5..9 overlaps 1..5; a number must stand in one of them");
        assertProblem(
                GOOD.replace("{run: RUNNING}", "{run: RUNNING, RUN: DOWN}"),
                "'RUN' stands in the tables of state twice; case does not tell them apart");
        assertProblem(GOOD + "each: 0/x\n", "m.yaml:6: each (0/x) must begin with /");
        assertProblem(GOOD + "quality: {at: /q}\n", "m.yaml:6: quality needs 'good'");
        assertProblem(GOOD.replace("/line", "{at: /line, part: 2}"), "split () and part (2) belong together");
        assertProblem(GOOD.replace("/line", "{value: L, at: /line}"), "m.yaml:3: process_id needs one of at");
        assertProblem(GOOD.replace("is: Update", "is: Update, not: X"), "a condition takes one of is, not and stated");
        assertProblem(
                GOOD.replace("timestamp: /t", "timestamp: /obs/*/t"),
                "m.yaml:4: timestamp (/obs/*/t) has a *, which stands for every element in 'each' only; let 'each' find");
        assertProblem("records: [\n", "not valid YAML");
    }

    @Test
    void allProblemsAreReportedAtOnce() {
        assertThatThrownBy(
                        () -> MappingReader.read(GOOD.replace("RUNNING", "GO").replace("/line", "line"), "m", "m.yaml"))
                .isInstanceOfSatisfying(
                        ConfigurationException.class,
                        e -> assertThat(e.problems()).extracting(Problem::line).containsExactly(3, 5));
    }

    @Test
    void theVersionChangesWithTheContent() {
        InputMapping one = MappingReader.read(GOOD, "m", "m.yaml");

        assertThat(MappingReader.read(GOOD, "m", "elsewhere.yaml").version()).isEqualTo(one.version());
        assertThat(MappingReader.read(GOOD.replace("run:", "go:"), "m", "m.yaml")
                        .version())
                .isNotEqualTo(one.version());
    }

    @Test
    void anUnknownNameInTheSettingSaysWhatThereIs() {
        MappingFiles files = new MappingFiles(Path.of(""), Path.of("config/mappings"));

        assertThatThrownBy(() -> files.named("sitewize"))
                .hasMessageContaining("mapping (sitewize) is neither a file config/mappings/sitewize.yaml nor built in;"
                        + " did you mean sitewise?");
        assertThatThrownBy(() -> files.named("mine"))
                .hasMessageContaining("a file elsewhere is given with its ending, like ./my.yaml");
        assertThatThrownBy(() -> files.named("umh, umh")).hasMessageContaining("names umh twice");
        assertThat(files.named("none").isEmpty()).isTrue();
        assertThat(files.named("umh, packml").all())
                .extracting(InputMapping::name)
                .containsExactly("umh", "packml");
    }

    @Test
    void theSchemaForEditorsKnowsTheSameKeysFieldsAndUnits() throws IOException {
        JsonNode schema = new ObjectMapper().readTree(Files.readString(Path.of("config/mapping.schema.json")));
        List<String> fields =
                Arrays.stream(MappedField.values()).map(MappedField::json).toList();
        JsonNode source = schema.at("/definitions/source/properties");

        assertThat(schema.get("properties").fieldNames())
                .toIterable()
                .containsExactlyInAnyOrderElementsOf(MappingReader.KEYS);
        assertThat(schema.at("/properties/event/properties").fieldNames())
                .toIterable()
                .containsExactlyInAnyOrderElementsOf(fields);
        assertThat(source.fieldNames()).toIterable().containsExactlyInAnyOrderElementsOf(SourceReader.SOURCE_KEYS);
        assertThat(schema.at("/definitions/condition/properties").fieldNames())
                .toIterable()
                .containsExactlyInAnyOrderElementsOf(SourceReader.CONDITION_KEYS);
        assertThat(source.at("/unit/enum"))
                .extracting(JsonNode::textValue)
                .containsExactlyElementsOf(
                        Arrays.stream(MappedUnit.values()).map(MappedUnit::word).toList());
    }

    @Test
    void theShippedFilesAreTheBuiltInOnes() throws IOException {
        for (String name : MappingFiles.BUILT_IN) {
            String shipped = Files.readString(Path.of("config/mappings", name + ".yaml"));
            InputMapping builtIn = new MappingFiles(Path.of(""), Path.of("nowhere")).read(name);
            assertThat(MappingReader.read(shipped, name, name)).isEqualTo(builtIn);
        }
    }
}
