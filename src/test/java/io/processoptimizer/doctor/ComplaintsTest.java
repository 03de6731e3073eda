package io.processoptimizer.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.processoptimizer.doctor.Finding.Status;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Each cause of the two complaints is named where it is there, and not where it is not. */
class ComplaintsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String GOOD =
            "{'window_end':60000,'oee':0.6,'status':'below_target','complete':true,'reasons':[],"
                    + "'constraint':{'step_id':'filler'}}";
    private static final String GIVEN = "{'outcome':'given','source':'bedrock','window_end':60000}";
    private static final String FALLBACK =
            "{'outcome':'given','source':'fallback','consultation':{'fallback':{'reason':'budget'}}}";

    @Test
    void nothingIsSaidWhereNothingIsWrong() throws IOException {
        Outputs seen = seen(List.of(GOOD), List.of(GIVEN), List.of(adjustment("published")), Map.of());
        assertThat(Complaints.notAccurate(seen))
                .singleElement()
                .satisfies(finding -> assertThat(finding.status()).isEqualTo(Status.OK));
        assertThat(Complaints.notTriggering(seen, true).status()).isEqualTo(Status.OK);
    }

    @Test
    void whatMakesAdviceWrongIsNamedWithItsRemedy() throws IOException {
        String suspect = GOOD.replace("'reasons':[]", "'reasons':['no_ideal_cycle','silent_steps']")
                .replace("true", "false");
        List<Finding> causes = Complaints.notAccurate(seen(
                List.of(GOOD, suspect),
                List.of(GIVEN, FALLBACK),
                List.of("{'effect':{'verdict':'worse'},'status':'published'}"),
                Map.of("late", 12L)));
        assertThat(causes).allSatisfy(cause -> assertThat(cause.remedy()).isNotBlank());
        assertThat(causes.stream().map(Finding::text))
                .anyMatch(text -> text.startsWith("1 of 2 of the results lack an ideal cycle"))
                .anyMatch(text -> text.contains("lack facts"))
                .anyMatch(text -> text.contains("miss steps"))
                .anyMatch(text -> text.startsWith("12 records of the last hour"))
                .anyMatch(text -> text.contains("the model did not answer {budget=1}"))
                .anyMatch(text -> text.startsWith("after 1 adjustments OEE was worse"));
    }

    @Test
    void whatConcernsFewIsNoCause() throws IOException {
        List<String> results = new ArrayList<>(Collections.nCopies(9, GOOD));
        results.add(GOOD.replace("'reasons':[]", "'reasons':['no_ideal_cycle']"));
        assertThat(Complaints.notAccurate(seen(results, List.of(GIVEN), List.of(), Map.of())))
                .singleElement()
                .satisfies(finding -> assertThat(finding.status()).isEqualTo(Status.OK));
    }

    @Test
    void theFirstBrokenLinkIsNamed() throws IOException {
        assertThat(text(seen(List.of(), List.of(), List.of(), Map.of()), true)).startsWith("there are no results");
        assertThat(text(seen(List.of("{'oee':0.9,'status':'meeting_target'}"), List.of(), List.of(), Map.of()), true))
                .startsWith("nothing to adjust");
        assertThat(text(seen(List.of(GOOD), List.of(), List.of(), Map.of()), true))
                .startsWith("no advice is stored");
        assertThat(text(
                        seen(
                                List.of(GOOD),
                                List.of("{'outcome':'not_asked','why':'switched_off'}"),
                                List.of(),
                                Map.of()),
                        true))
                .isEqualTo("advice is switched off");
        assertThat(text(seen(List.of(GOOD), List.of(GIVEN), List.of(), Map.of()), true))
                .contains("the priority high");
        assertThat(text(seen(List.of(GOOD), List.of(GIVEN), List.of(adjustment("expired")), Map.of()), true))
                .startsWith("all 1 adjustments had expired");
        assertThat(text(seen(List.of(GOOD), List.of(GIVEN), List.of(adjustment("pending")), Map.of()), true))
                .startsWith("adjustments wait to be published");
        assertThat(text(seen(List.of(GOOD), List.of(GIVEN), List.of(adjustment("published")), Map.of()), false))
                .contains("the rule does not hand them on");
    }

    private static String text(Outputs seen, boolean ruleIsWell) {
        return Complaints.notTriggering(seen, ruleIsWell).text();
    }

    private static String adjustment(String status) {
        return "{'status':'" + status + "','window_end':60000}";
    }

    private static Outputs seen(
            List<String> results, List<String> advice, List<String> adjustments, Map<String, Long> letters)
            throws IOException {
        return new Outputs(nodes(results), nodes(advice), nodes(adjustments), letters);
    }

    private static List<JsonNode> nodes(List<String> texts) throws IOException {
        List<JsonNode> nodes = new ArrayList<>();
        for (String text : texts) {
            nodes.add(JSON.readTree(text.replace('\'', '"')));
        }
        return nodes;
    }
}
