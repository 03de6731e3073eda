package io.processoptimizer.local.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.CBORParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProtocolTest {
    private static final Service SERVICE = new Service(
            "Test",
            "Target",
            "com.example",
            "2010-08-01",
            "http://example/doc/",
            member -> ServiceError.of("Missing", member),
            Map.of());

    @Test
    void queryPathsBecomeStructuresAndListsInTheirOrder() throws IOException {
        String form = "A.member.2.N=second&A.member.1.N=first&A.member.10.N=last&B.C=x%20%26+y&D=";

        JsonNode read = new QueryProtocol().read(form.getBytes(StandardCharsets.UTF_8));

        assertThat(read.toString())
                .isEqualTo("{\"A\":[{\"N\":\"first\"},{\"N\":\"second\"},{\"N\":\"last\"}],"
                        + "\"B\":{\"C\":\"x & y\"},\"D\":\"\"}");
    }

    @Test
    void queryRefusesNestingWithoutEnd() {
        byte[] form = ("a" + ".a".repeat(1_000) + "=x").getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> new QueryProtocol().read(form)).hasMessageContaining("nested deeper");
    }

    @Test
    void queryAnswersNameOperationAndRequest() throws IOException {
        byte[] answer = new QueryProtocol()
                .write(call(new QueryProtocol()), Map.of("Names", List.of("a<b", "c"), "At", Instant.EPOCH));

        assertThat(new String(answer, StandardCharsets.UTF_8))
                .startsWith("<DoResponse xmlns=\"http://example/doc/\"><DoResult>")
                .contains("<Names><member>a&lt;b</member><member>c</member></Names>")
                .contains("<At>1970-01-01T00:00:00Z</At>")
                .endsWith("<ResponseMetadata><RequestId>id</RequestId></ResponseMetadata></DoResponse>");
    }

    @Test
    void cborMomentsAreTaggedEpochSeconds() throws IOException {
        byte[] answer = new CborProtocol().write(call(new CborProtocol()), Map.of("At", Instant.ofEpochMilli(1_500)));

        try (CBORParser parser = new CBORFactory().createParser(answer)) {
            parser.nextToken();
            parser.nextToken();
            parser.nextToken();
            assertThat(parser.getCurrentTag()).isEqualTo(1);
            assertThat(parser.getDoubleValue()).isEqualTo(1.5);
        }
    }

    @Test
    void cborErrorsCarryTheShapeOfTheModel() throws IOException {
        CborProtocol cbor = new CborProtocol();

        JsonNode error = cbor.read(cbor.write(call(cbor), ServiceError.of("Refused", "because")));

        assertThat(error.get("__type").asText()).isEqualTo("com.example#Refused");
        assertThat(error.get("message").asText()).isEqualTo("because");
    }

    @Test
    void valuesAreTakenFromTextToo() throws IOException {
        Input input = input("{\"N\":\"1.5\",\"T\":\"2026-01-01T01:00:00+01:00\",\"E\":1.5,\"F\":\"true\",\"Z\":null}");

        assertThat(input.requiredNumber("N")).isEqualTo(1.5);
        assertThat(input.requiredTimestamp("T")).isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
        assertThat(input.requiredTimestamp("E")).isEqualTo(Instant.ofEpochMilli(1_500));
        assertThat(input.flag("F")).isTrue();
        assertThat(input.optionalText("Z")).isEmpty();
        assertThatThrownBy(() -> input.text("Z"))
                .isInstanceOf(ServiceError.class)
                .hasMessage("Z");
        assertThatThrownBy(() -> input.requiredTimestamp("F")).hasMessageContaining("F (\"true\") must be a time");
        assertThatThrownBy(() -> input.texts("N")).hasMessageContaining("must be a list");
    }

    private static Input input(String json) throws IOException {
        return new Input(new JsonProtocol("1.1").read(json.getBytes(StandardCharsets.UTF_8)), SERVICE.missing());
    }

    private static Call call(Protocol protocol) {
        return new Call(SERVICE, "Do", protocol, "id");
    }
}
