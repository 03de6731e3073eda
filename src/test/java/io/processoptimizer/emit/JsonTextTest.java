package io.processoptimizer.emit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.NumberOutput;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Seeds are fixed: 17 and 19 for numbers, 18 for texts. */
class JsonTextTest {
    private static final double[] POWERS_OF_TEN = {1, 10, 1e3, 1e6, 1e9};

    private final JsonText json = new JsonText();

    private String text() {
        return new String(json.buffer(), 0, json.length(), UTF_8);
    }

    private String ratio(double value) {
        json.clear().value(value);
        return text();
    }

    @Test
    void commasStandBetweenMembersOnly() {
        json.beginObject();
        json.field("a").value(1L).field("b").value("x");
        json.field("c").beginArray().value("y").value(2L).nothing();
        json.beginObject().endObject().beginObject().field("d").value(true).endObject();
        json.endArray();
        json.field("e").beginArray().endArray().field("f").value("{");
        json.field("g").value(false).endObject();
        assertThat(text())
                .isEqualTo(
                        "{\"a\":1,\"b\":\"x\",\"c\":[\"y\",2,null,{},{\"d\":true}],\"e\":[],\"f\":\"{\",\"g\":false}");
    }

    @Test
    void shortDecimalsAreTheShortestThatReadBack() {
        SplittableRandom random = new SplittableRandom(19);
        for (int i = 0; i < 50_000; i++) {
            double value = random.nextLong(-2_000_000_000_000_000L, 2_000_000_000_000_000L)
                    / (double) (1L << random.nextInt(40))
                    / POWERS_OF_TEN[random.nextInt(POWERS_OF_TEN.length)];
            double rounded = Math.rint(value * 1e5) / 1e5;
            for (double each : new double[] {value, rounded}) {
                BigDecimal shortest = new BigDecimal(NumberOutput.toString(each, true));
                assertThat(new BigDecimal(ratio(each))).as("%s", each).isEqualByComparingTo(shortest);
            }
        }
    }

    @Test
    void ratiosReadBackAsTheSameDoubleWithoutExponent() {
        SplittableRandom random = new SplittableRandom(17);
        for (int i = 0; i < 20_000; i++) {
            double value = random.nextInt(1, 1000) / (double) random.nextLong(1, 1L << random.nextInt(1, 60));
            String text = ratio(random.nextBoolean() ? value : -value);
            assertThat(Math.abs(Double.parseDouble(text))).isEqualTo(value);
            assertThat(text).matches("-?(0|[1-9][0-9]*)(\\.[0-9]*[1-9])?");
        }
        assertThat(ratio(2e-3)).isEqualTo("0.002");
        assertThat(ratio(1.0E7)).isEqualTo("10000000");
        assertThat(ratio(1.0E15)).isEqualTo("1000000000000000");
        assertThat(ratio(-0.0)).isEqualTo("0");
        assertThat(ratio(Double.NaN)).isEqualTo("null");
    }

    @Test
    void wholeNumbersAndMillisecondsAreExact() {
        SplittableRandom random = new SplittableRandom(17);
        for (int i = 0; i < 20_000; i++) {
            long value = random.nextLong() >> random.nextInt(Long.SIZE);
            json.clear().value(value);
            assertThat(text()).isEqualTo(Long.toString(value));
            json.clear().micros(value);
            BigDecimal millis = BigDecimal.valueOf(value, 3).stripTrailingZeros();
            assertThat(text()).isEqualTo(millis.toPlainString());
        }
        json.clear().value(Long.MIN_VALUE);
        assertThat(text()).isEqualTo(Long.toString(Long.MIN_VALUE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "step-1", "a\"b", "back\\slash", "line\nfeed\u0001\u007f", "Prüfung", "压力机"})
    void namesAreWrittenAsAGeneralGeneratorWould(String name) throws IOException {
        json.clear().value(name);
        assertThat(text()).isEqualTo(byJackson(name));
    }

    @Test
    void charactersBeyondTheBasicPlaneStandAsTheyAre() {
        json.clear().value("line 🏭");
        assertThat(text()).isEqualTo("\"line 🏭\"");
    }

    @Test
    void anyTextReadsBack() throws IOException {
        SplittableRandom random = new SplittableRandom(18);
        ObjectMapper mapper = new ObjectMapper();
        for (int i = 0; i < 2_000; i++) {
            StringBuilder name = new StringBuilder();
            for (int c = random.nextInt(300); c > 0; c--) {
                name.append((char) (random.nextInt(20) == 0 ? random.nextInt(0xD800) : random.nextInt(' ', 0x7F)));
            }
            json.clear().beginArray().value(name.toString()).value("behind").endArray();
            JsonNode read = mapper.readTree(json.buffer(), 0, json.length());
            assertThat(read.get(0).textValue()).isEqualTo(name.toString());
            assertThat(read.get(1).textValue()).isEqualTo("behind");
        }
    }

    private static String byJackson(String name) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator generator = new JsonFactory().createGenerator(bytes)) {
            generator.writeString(name);
        }
        return bytes.toString(UTF_8);
    }
}
