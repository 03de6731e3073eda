package io.processoptimizer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StopSignalTest {
    /** A process that waits for a signal and then comes to the outcome that it was given. */
    static final class Stopped {
        public static void main(String[] outcome) throws Exception {
            StopSignal signal = new StopSignal(Duration.ofSeconds(10));
            System.out.println("ready");
            signal.received().join();
            signal.finished(ExitCode.valueOf(outcome[0]));
            Thread.sleep(10_000);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ExitCode.class,
            names = {"DONE", "AWS_FAILED"})
    void aProcessThatIsStoppedEndsWithTheOutcomeOfItsRun(ExitCode outcome) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Stopped.class.getName(),
                        outcome.name())
                .redirectErrorStream(true)
                .start();
        try {
            assertThat(process.inputReader().readLine()).isEqualTo("ready");
            process.destroy(); // SIGTERM
            assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(outcome.code());
        } finally {
            process.destroyForcibly();
        }
    }
}
