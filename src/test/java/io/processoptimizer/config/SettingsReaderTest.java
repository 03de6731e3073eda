package io.processoptimizer.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.processoptimizer.config.Settings.RetrievalMode;
import io.processoptimizer.window.WindowDefinition;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsReaderTest {
    private static final String FILE = "f.yaml";

    private static Settings read(String yaml) {
        return SettingsReader.read(yaml, FILE, Map.of(), Map.of()).settings();
    }

    private static List<String> problems(String yaml, Map<String, String> environment, Map<String, String> overrides) {
        ConfigurationException e = catchThrowableOfType(
                ConfigurationException.class, () -> SettingsReader.read(yaml, FILE, environment, overrides));
        assertThat(e).as("the configuration was accepted").isNotNull();
        return e.problems().stream().map(Problem::toString).toList();
    }

    @Test
    void withoutAnythingTheDefaultsHold() {
        SettingsReader.Result result = SettingsReader.read(null, "", Map.of("PATH", "/bin"), Map.of());

        assertThat(result.settings()).isEqualTo(Settings.DEFAULTS);
        assertThat(result.origins()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "'window: {slide: 90s}' | f.yaml:1: window.slide (90s) must divide window.size (300s); use 1m or 5m",
                "'window: {pane: 10s, slide: 90s}'"
                        + " | f.yaml:1: window.slide (90s) must divide window.size (300s); use 1m or 100s",
                "'window: {slide: 30s}'"
                        + " | f.yaml:1: window.slide (30s) must be a multiple of window.pane (60s); make window.pane a divisor of"
                        + " 30s, or use 1m",
                "'window: {slide: 90}' | f.yaml:1: window.slide (90) has no unit; write 90s or 90m",
                "'window: {slide: soon}' | f.yaml:1: window.slide (soon) is not a duration; write it like 250ms, 90s, 5m, 1h30m"
                        + " or 7d",
                "'window: {slide: }' | f.yaml:1: window.slide (empty) has no value; remove the line to use the default (1m)",
                "'window: {slide: [1m]}' | f.yaml:1: window.slide (a list) must be a single value; remove the line to use the"
                        + " default (1m)",
                "'window: {slde: 1m}' | f.yaml:1: unknown setting 'window.slde'; did you mean window.slide?",
                "'window: {forget_after: 1d}'"
                        + " | f.yaml:1: unknown setting 'window.forget_after'; did you mean state.forget_after?",
                "'windows: {slide: 1m}' | f.yaml:1: unknown section 'windows'; did you mean window?",
                "'live: {colour: red}' | f.yaml:1: unknown setting 'live.colour'; known are refresh, rows",
                "'window: 5m' | f.yaml:1: window (5m) must be a section; write its settings indented below it: pane, size, slide,"
                        + " disorder, allowed_lateness, idle_timeout, max_future, additional",
                "'window: {disorder: 2h}' | f.yaml:1: window.disorder (2h) must be between 0s and 1h; the default is 5s",
                "'retrieval: {mode: fanout}'"
                        + " | f.yaml:1: retrieval.mode (fanout) is not one of polling, fan_out; did you mean fan_out?",
                "'limits: {steps_per_process: many}' | f.yaml:1: limits.steps_per_process (many) is not a whole number; write it"
                        + " in digits, like 10000",
                "'input: {max_record_bytes: 1MB}' | f.yaml:1: input.max_record_bytes (1MB) is not a size; write it like 65536,"
                        + " 512KiB or 1MiB",
                "'input: {max_record_bytes: 1GiB}'"
                        + " | f.yaml:1: input.max_record_bytes (1GiB) must be between 1KiB and 10MiB; the default is 1MiB",
                "'state: {forget_after: 12m}' | f.yaml:1: state.forget_after (12m) must be longer than the longest window and"
                        + " window.allowed_lateness together (15m); use 30m or more",
                "'state: {store: s3}' | f.yaml:1: state.bucket (off) must be given where state.store is s3; name a bucket, or set"
                        + " state.store: dynamodb",
                "'state: {bucket: s3://mine/x}' | f.yaml:1: state.bucket (s3://mine/x) must be 3 to 63 lower-case letters, digits,"
                        + " - or ., without s3:// and without a path; the path is state.prefix",
                "'state: {prefix: /mine}' | f.yaml:1: state.prefix (/mine) must be 1 to 512 letters, digits, !, -, _, ., *, (, ) or"
                        + " /, and not begin with /",
                "'kcl: {dynamodb_request_timeout: 60s}' | f.yaml:1: kcl.dynamodb_request_timeout (60s) must be shorter than"
                        + " kcl.failover (10s), or a slow request outlives the lease; use 5s or less",
                "'kcl: {leader_heartbeat: 15s}' | f.yaml:1: kcl.leader_heartbeat (15s) must be at most half of kcl.leader_lock"
                        + " (20s); use 5s",
                "'aws: {endpoint: localhost:4566}' | f.yaml:1: aws.endpoint (localhost:4566) is not an address; write it like"
                        + " http://127.0.0.1:4566, or auto",
                "'aws: {region: Virginia}' | f.yaml:1: aws.region (Virginia) is not a region; write it like us-east-1",
                "'stream: {name: my stream}'"
                        + " | f.yaml:1: stream.name (my stream) must be 1 to 128 letters, digits, -, _ or .",
                "'outputs: {advice_table: manufacturing-process-metrics}' | f.yaml:1: outputs.advice_table"
                        + " (manufacturing-process-metrics) is the table of outputs.metrics_table already; use another name",
                "'window: {additional: [{name: main, size: 1h, slide: 1h}]}' | f.yaml:1: window.additional[0].name (main) is taken"
                        + " already (main is the default window); use another name",
                "'window: {additional: [{name: hour, size: 1h}]}' | f.yaml:1: window.additional (a list) has, in line 1, an"
                        + " element that lacks 'slide'; give it name, size, slide",
                "'window: {additional: [{name: hour, size: 1h, slide: 7m}]}' | f.yaml:1: window.additional[0].slide (7m) must"
                        + " divide window.additional[0].size (60m); use 6m or 10m",
                "'window: {size: 5m' | f.yaml:1: not valid YAML: expected ',' or '}', but got <stream end>; check the indentation,"
                        + " colons and quotes near this line",
                "'- 1' | f.yaml:1: expected 'key: value' lines, not a list",
            })
    void oneMistakeIsNamedWithItsPlaceItsValueAndTheRemedy(String yaml, String message) {
        assertThat(problems(yaml, Map.of(), Map.of())).containsExactly(message);
    }

    @Test
    void everyMistakeOfEveryLayerIsReportedAtOnce() {
        String yaml = """
                stream:
                  nmae: x
                window:
                  size: 5m
                  slide: 90s
                  slide: 1m
                limits:
                  processes_per_shard: 0
                """;

        assertThat(problems(
                        yaml,
                        Map.of("PO_WINDOW_DISORDER", "x", "PO_WINDOW_SLYDE", "1m"),
                        Map.of("log.level", "loud", "log.levle", "info")))
                .containsExactly(
                        "f.yaml:2: unknown setting 'stream.nmae'; did you mean stream.name?",
                        "f.yaml:5: window.slide (90s) must divide window.size (300s); use 1m or 5m",
                        "f.yaml:6: 'slide' is given twice (first in line 5); remove one",
                        "f.yaml:8: limits.processes_per_shard (0) must be between 1 and 1000000; the default is 20000",
                        "environment: unknown variable PO_WINDOW_SLYDE; did you mean PO_WINDOW_SLIDE?",
                        "--set: unknown setting 'log.levle'; did you mean log.level?",
                        "--set: log.level (loud) is not one of error, warn, info, debug; use one of them",
                        "PO_WINDOW_DISORDER: window.disorder (x) is not a duration; write it like 250ms, 90s, 5m, 1h30m or 7d");
    }

    @Test
    void aRuleThatRestsOnAnUnreadableValueIsNotHeldAgainstTheOther() {
        assertThat(problems("window: {size: long, slide: 7m}", Map.of(), Map.of()))
                .containsExactly(
                        "f.yaml:1: window.size (long) is not a duration; write it like 250ms, 90s, 5m, 1h30m or 7d");
    }

    @Test
    void theCommandLineBeatsTheEnvironmentBeatsTheFile() {
        String yaml = "window:\n  size: 10m\n  slide: 2m\n  disorder: 1s\nlog:\n  level: info\n";
        SettingsReader.Result result = SettingsReader.read(
                yaml,
                FILE,
                Map.of("PO_WINDOW_SLIDE", "5m", "PO_WINDOW_DISORDER", "2s"),
                Map.of("window.disorder", "3s"));

        assertThat(result.settings().window().size()).isEqualTo(Duration.ofMinutes(10));
        assertThat(result.settings().window().slide()).isEqualTo(Duration.ofMinutes(5));
        assertThat(result.settings().window().disorder()).isEqualTo(Duration.ofSeconds(3));
        assertThat(result.origins())
                .isEqualTo(Map.of(
                        "window.size", "f.yaml:2",
                        "window.slide", "PO_WINDOW_SLIDE",
                        "window.disorder", "--set",
                        "log.level", "f.yaml:6"));
    }

    @Test
    void theVariablesOfTheAwsToolsAreUnderstoodAndOursComeFirst() {
        Map<String, String> aws = Map.of("AWS_REGION", "eu-west-1", "AWS_ENDPOINT_URL", "http://127.0.0.1:4566");

        assertThat(SettingsReader.read(null, "", aws, Map.of()).settings().aws())
                .isEqualTo(new Settings.Aws("eu-west-1", "http://127.0.0.1:4566"));
        assertThat(SettingsReader.read(
                                null, "", Map.of("AWS_REGION", "eu-west-1", "PO_AWS_REGION", "us-west-2"), Map.of())
                        .settings()
                        .aws()
                        .region())
                .isEqualTo("us-west-2");
    }

    @Test
    void aListInTheEnvironmentIsWrittenAsInTheFile() {
        Settings settings = SettingsReader.read(
                        null, "", Map.of("PO_WINDOW_ADDITIONAL", "[{name: shift, size: 8h, slide: 8h}]"), Map.of())
                .settings();

        assertThat(settings.windowPolicy().windows())
                .containsExactly(
                        new WindowDefinition("main", 300_000, 60_000),
                        new WindowDefinition("shift", 28_800_000, 28_800_000));
    }

    @Test
    void valuesAreReadInAllTheirForms() {
        Settings settings = read("""
                retrieval: {mode: FAN_OUT, max_records: 2_000}
                input: {max_record_bytes: 512KiB}
                window: {size: 1h30m, slide: 30m, additional: ~}
                outputs: {ttl: 30d}
                limits:
                stream: {name: "null"}
                """);

        assertThat(settings.retrieval().mode()).isEqualTo(RetrievalMode.FAN_OUT);
        assertThat(settings.retrieval().maxRecords()).isEqualTo(2000);
        assertThat(settings.input().maxRecordBytes()).isEqualTo(512 * 1024);
        assertThat(settings.window().size()).isEqualTo(Duration.ofMinutes(90));
        assertThat(settings.outputs().ttl()).isEqualTo(Duration.ofDays(30));
        assertThat(settings.limits()).isEqualTo(Settings.DEFAULTS.limits());
        assertThat(settings.stream().name()).isEqualTo("null");
        assertThat(read("outputs: {ttl: off}").outputs().ttl()).isNull();
    }

    @Test
    void whatIsShownReadsBackToTheSameSettings() {
        SettingsReader.Result changed = SettingsReader.read(
                null,
                "",
                Map.of("PO_EVENTBRIDGE_BUS", "arn:aws:events:us-east-1:1:event-bus/x", "PO_OUTPUTS_TTL", "36h"),
                Map.of("window.additional", "[{name: hour, size: 1h, slide: 30m}]", "input.max_record_bytes", "70000"));

        assertThat(read(SettingsYaml.effective(changed.settings(), changed.origins())))
                .isEqualTo(changed.settings());
        assertThat(read(SettingsYaml.commented(changed.settings()))).isEqualTo(changed.settings());
        assertThat(SettingsYaml.effective(changed.settings(), changed.origins()))
                .contains("  ttl: 36h                                 # PO_OUTPUTS_TTL\n");
    }

    @Test
    void settingsBuiltByHandAreValidatedToo() {
        Settings d = Settings.DEFAULTS;

        assertThatThrownBy(() -> new Settings(
                        d.aws(),
                        d.stream(),
                        d.application(),
                        d.kcl(),
                        d.retrieval(),
                        d.input(),
                        d.processes(),
                        d.oee(),
                        d.bottleneck(),
                        d.window(),
                        new Settings.Limits(0, 1, 100, 1),
                        d.state(),
                        d.outputs(),
                        d.advice(),
                        d.sagemaker(),
                        d.bedrock(),
                        d.adjustment(),
                        d.eventbridge(),
                        d.cloudwatch(),
                        d.live(),
                        d.status(),
                        d.shutdown(),
                        d.log()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("limits.processes_per_shard (0) must be between 1 and 1000000");
    }

    @Test
    void anAliasThatContainsItselfIsRefused() {
        assertThat(problems("window: &a\n  size: *a\n", Map.of(), Map.of()))
                .singleElement()
                .asString()
                .startsWith("f.yaml: not valid YAML: nested deeper than 32");
    }

    @Test
    void aMissingFileIsNamed() {
        assertThatThrownBy(() -> SettingsReader.readFile(Path.of("no/such.yaml"), "such.yaml"))
                .hasMessage("such.yaml: the file does not exist; check the name, or leave it out to use the defaults");
    }
}
