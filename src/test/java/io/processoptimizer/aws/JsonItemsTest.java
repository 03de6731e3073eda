package io.processoptimizer.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class JsonItemsTest {
    @Test
    void everyKindOfValueKeepsItsTypeAndNumbersTheirDigits() {
        String json = "{\"s\":\"ü\",\"i\":1767225600123,\"d\":0.1234567890123456789,\"t\":true,\"n\":null,"
                + "\"l\":[1,\"a\",[]],\"m\":{\"x\":{\"y\":-2}}}";
        assertThat(JsonItems.item(json.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(Map.of(
                        "s", AttributeValue.fromS("ü"),
                        "i", AttributeValue.fromN("1767225600123"),
                        "d", AttributeValue.fromN("0.1234567890123456789"),
                        "t", AttributeValue.fromBool(true),
                        "n", AttributeValue.fromNul(true),
                        "l",
                                AttributeValue.fromL(List.of(
                                        AttributeValue.fromN("1"),
                                        AttributeValue.fromS("a"),
                                        AttributeValue.fromL(List.of()))),
                        "m",
                                AttributeValue.fromM(
                                        Map.of("x", AttributeValue.fromM(Map.of("y", AttributeValue.fromN("-2")))))));
    }
}
