package io.processoptimizer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.aws.AwsConnection.Credentials;
import io.processoptimizer.config.SettingsReader;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectionsTest {
    @ParameterizedTest
    @CsvSource({
        "auto, '', DEFAULT_CHAIN",
        "http://127.0.0.1:4566, '', EMULATOR",
        "http://localhost:4566, '', EMULATOR",
        "http://[::1]:4566, '', EMULATOR",
        "http://127.0.0.1:4566, AWS_ACCESS_KEY_ID, DEFAULT_CHAIN",
        "http://127.0.0.1:4566, AWS_PROFILE, DEFAULT_CHAIN",
        "https://vpce-1.kinesis.us-east-1.vpce.amazonaws.com, '', DEFAULT_CHAIN",
    })
    void credentialsAreMadeUpForThisMachineOnlyAndOnlyWhereNoneAreGiven(
            String endpoint, String variable, Credentials expected) {
        Map<String, String> environment = variable.isEmpty() ? Map.of() : Map.of(variable, "x");

        assertThat(Connections.of(SettingsReader.with(Map.of("aws.endpoint", endpoint)), environment)
                        .credentials())
                .isEqualTo(expected);
    }
}
