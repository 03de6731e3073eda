package io.processoptimizer.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.event.RejectReason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordTranslatorTest {
    private static List<String> translate(String record) {
        List<String> out = new ArrayList<>();
        byte[] data = record.getBytes(StandardCharsets.UTF_8);
        new RecordTranslator(InputMappings.NONE, 1_000)
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
}
