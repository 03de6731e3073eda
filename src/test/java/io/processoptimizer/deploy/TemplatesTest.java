package io.processoptimizer.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every template. */
class TemplatesTest {
    /** Within Fn::Sub; with an exclamation mark it is meant literally. */
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^!}]+)}");

    /** Actions that IAM knows no resources for. */
    private static final Set<String> WITHOUT_RESOURCE = Set.of(
            "ecr:GetAuthorizationToken",
            "cloudwatch:PutMetricData",
            "bedrock:GetFoundationModel",
            "bedrock:GetFoundationModelAvailability");

    /** They act on whatever instance they started, and name no account. */
    private static final String INSTANCES = "ec2.amazonaws.com";

    static Stream<Template> templates() throws Exception {
        return Template.all();
    }

    @ParameterizedTest
    @MethodSource("templates")
    void everyParameterIsDescribedHasADefaultAndIsUsed(Template template) {
        JsonNode parameters = template.root().path("Parameters");
        assertThat(parameters.properties()).isNotEmpty().allSatisfy(parameter -> {
            assertThat(parameter.getValue().path("Description").asText())
                    .as(parameter.getKey())
                    .isNotBlank();
            // Of a network nobody else knows which.
            boolean isNetwork = parameter.getValue().path("Type").asText().startsWith("List<AWS::EC2::");
            assertThat(parameter.getValue().has("Default") || isNetwork)
                    .as("default of %s", parameter.getKey())
                    .isTrue();
        });
        assertThat(references(template)).containsAll(names(parameters));
    }

    @ParameterizedTest
    @MethodSource("templates")
    void everyReferenceIsToAParameterOrAResource(Template template) {
        Set<String> known = names(template.root().path("Parameters"));
        known.addAll(names(template.root().path("Resources")));
        assertThat(references(template))
                .isNotEmpty()
                .allMatch(name -> known.contains(name) || name.startsWith("AWS::"));
    }

    @ParameterizedTest
    @MethodSource("templates")
    void everyConditionIsThereAndUsed(Template template) {
        Set<String> used = new LinkedHashSet<>();
        for (JsonNode object : template.objects()) {
            if (object.path("Fn::If").isArray()) {
                used.add(object.path("Fn::If").path(0).asText());
            }
            if (object.path("Condition").isTextual()) {
                used.add(object.path("Condition").asText());
            }
        }
        assertThat(used).hasSameElementsAs(names(template.root().path("Conditions")));
    }

    @ParameterizedTest
    @MethodSource("templates")
    void noStatementAllowsMoreThanItNames(Template template) {
        assertThat(template.statements()).allSatisfy(statement -> {
            List<String> actions = texts(statement.path("Action"));
            assertThat(actions).isNotEmpty().noneMatch(action -> action.contains("*"));
            assertThat(statement.has("NotAction") || statement.has("NotResource") || statement.has("NotPrincipal"))
                    .isFalse();
            if (texts(statement.path("Resource")).contains("*")) {
                assertThat(WITHOUT_RESOURCE).containsAll(actions);
            }
            if (statement.path("Effect").asText().equals("Allow")) {
                assertThat(statement.path("Principal").asText()).isNotEqualTo("*");
                assertThat(statement.at("/Principal/AWS").isMissingNode()).isTrue();
            }
        });
    }

    @ParameterizedTest
    @MethodSource("templates")
    void whoeverIsAServiceActsForThisAccountOnly(Template template) {
        assertThat(template.statements().stream()
                        .filter(statement -> statement.at("/Principal/Service").isTextual())
                        .filter(statement ->
                                !statement.at("/Principal/Service").asText().equals(INSTANCES)))
                .allMatch(statement ->
                        statement.at("/Condition/ArnEquals/aws:SourceArn").isObject()
                                || statement
                                        .at("/Condition/StringEquals/aws:SourceAccount")
                                        .isObject());
    }

    private static Set<String> references(Template template) {
        Set<String> names = new LinkedHashSet<>();
        for (JsonNode object : template.objects()) {
            names.addAll(texts(object.path("Ref")));
            texts(object.path("Fn::GetAtt")).stream()
                    .map(TemplatesTest::beforeDot)
                    .forEach(names::add);
            for (String text : texts(object.path("Fn::Sub"))) {
                VARIABLE.matcher(text)
                        .results()
                        .map((MatchResult match) -> beforeDot(match.group(1)))
                        .forEach(names::add);
            }
            if (object.path("Type").asText().startsWith("AWS::")) {
                names.addAll(texts(object.path("DependsOn")));
            }
        }
        return names;
    }

    private static String beforeDot(String attribute) {
        int dot = attribute.indexOf('.');
        return dot < 0 ? attribute : attribute.substring(0, dot);
    }

    private static Set<String> names(JsonNode object) {
        Set<String> names = new LinkedHashSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** A text, or those of a list; what refers to something is none. */
    private static List<String> texts(JsonNode value) {
        List<String> texts = new ArrayList<>();
        if (value.isTextual()) {
            texts.add(value.asText());
        }
        for (JsonNode element : value) {
            if (element.isTextual()) {
                texts.add(element.asText());
            }
        }
        return texts;
    }
}
