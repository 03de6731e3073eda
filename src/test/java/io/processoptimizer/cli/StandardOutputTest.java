package io.processoptimizer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class StandardOutputTest {
    private final StringWriter said = new StringWriter();
    private final PrintWriter err = new PrintWriter(said, true);

    private static StandardOutput failing(String why) {
        return new StandardOutput(new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                throw new IOException(why);
            }
        });
    }

    private static StandardOutput written(StandardOutput output) {
        new PrintWriter(output, true, StandardCharsets.UTF_8).println("figures");
        return output;
    }

    @Test
    void whatIsLostEndsTheCommandWithOneSentence() {
        assertThat(written(failing("No space left on device")).ended(0, err)).isEqualTo(2);
        assertThat(said.toString())
                .startsWith("standard output cannot be written: No space left on device; ")
                .hasLineCount(1);
        assertThat(written(failing("No space left on device")).ended(5, err)).isEqualTo(5);
    }

    @Test
    void aReaderThatHasReadEnoughAndAnOutputThatIsFineChangeNothing() {
        assertThat(written(failing("Broken pipe")).ended(0, err)).isZero();
        assertThat(written(new StandardOutput(OutputStream.nullOutputStream())).ended(5, err))
                .isEqualTo(5);
        assertThat(said.toString()).isEmpty();
    }
}
