package io.processoptimizer.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.event.RejectReason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class RecordTranslatorTest {
    private static List<String> translate(String record) {
        return translate(record.getBytes(StandardCharsets.UTF_8), 1_000);
    }

    private static List<String> translate(byte[] data, int maxRecordBytes) {
        List<String> out = new ArrayList<>();
        new RecordTranslator(InputMappings.NONE, maxRecordBytes)
                .translate(data, 1_767_225_600_000L, "shard:7:0", new RecordTranslator.Receiver() {
                    @Override
                    public void canonical(String processId, byte[] canonical) {
                        out.add(processId + " " + new String(canonical, StandardCharsets.UTF_8));
                    }

                    @Override
                    public void refused(int index, RejectReason reason, String detail) {
                        out.add(index + " " + reason + " " + detail);
                    }
                });
        return out;
    }

    @Test
    void aCanonicalEventGetsAnIdUnlessItHasOne() {
        assertThat(translate("{\"process_id\":\"P\",\"timestamp\":1767225600000,\"good\":1}"))
                .containsExactly(
                        "P {\"process_id\":\"P\",\"timestamp\":1767225600000,\"good\":1,\"event_id\":\"shard:7:0:0\"}");
        assertThat(translate("{\"process_id\":\"P\",\"timestamp\":1767225600000,\"good\":1,\"event_id\":\"mine\"}"))
                .singleElement()
                .asString()
                .endsWith("\"event_id\":\"mine\"}");
    }

    @Test
    void aSnapshotWithoutATimeIsDatedByItsFirstArrival() {
        assertThat(translate("{\"process_id\":\"P\",\"process_data\":{\"availability\":0.9}}"))
                .singleElement()
                .asString()
                .contains("\"timestamp\":1767225600000");
    }

    @Test
    void whatCannotBeReadIsRefused() {
        assertThat(translate("{\"process_id\":\"P\",\"timestamp\":1,\"good\":1}"))
                .singleElement()
                .asString()
                .startsWith("0 BAD_VALUE timestamp is 1");
        assertThat(translate("no")).singleElement().asString().startsWith("0 MALFORMED");
        assertThat(translate(" ".repeat(1_001))).singleElement().asString().startsWith("0 TOO_LARGE");
    }

    @Test
    void whatNoStreamTakesAgainIsRefusedAndDoesNotStopTheForwarder() throws IOException {
        String event = "{\"process_id\":\"P\",\"timestamp\":1767225600000,\"good\":1,\"note\":\"%s\"}";
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(event.formatted("x".repeat(2 << 20)).getBytes(StandardCharsets.UTF_8));
        }
        assertThat(translate(packed.toByteArray(), 1 << 20))
                .singleElement()
                .asString()
                .startsWith("0 TOO_LARGE written out, the event has 2097");
        // As long as a record may be, and an event id too long for it.
        int rest = event.formatted("").length();
        byte[] longest = event.formatted("x".repeat((1 << 20) - rest)).getBytes(StandardCharsets.UTF_8);
        assertThat(translate(longest, 1 << 20)).singleElement().asString().startsWith("0 TOO_LARGE");
    }

    @Test
    void aTextThatHasNoUtf8IsGivenOnAsItCame() {
        assertThat(translate("{\"process_id\":\"P\",\"timestamp\":1767225600000,\"good\":1,\"note\":\"\\ud800\"}"))
                .singleElement()
                .asString()
                .startsWith("P {")
                .containsIgnoringCase("\\ud800");
    }
}
