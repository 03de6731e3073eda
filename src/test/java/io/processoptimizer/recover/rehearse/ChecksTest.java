package io.processoptimizer.recover.rehearse;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.processoptimizer.replay.EarlierResults;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Each way in which what workers left can be wrong is found, and told from what is allowed. */
class ChecksTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    // ---- results

    @Test
    void equalResultsAgreeHoweverTheirNumbersAreWritten() throws IOException {
        Agreement agreement = ResultCheck.compare(
                results(result("A", 60, true, "0.50"), result("B", 60, true, "1")),
                results(result("A", 60, true, "0.5"), result("B", 60, true, "1.0")));

        assertThat(agreement.isComplete()).isTrue();
        assertThat(agreement.compared()).isEqualTo(2);
    }

    @Test
    void missingDifferentDoubledAndUnexpectedResultsAreTold() throws IOException {
        Agreement agreement = ResultCheck.compare(
                results(result("A", 60, true, "1"), result("A", 120, true, "1"), result("C", 60, true, "1")),
                results(
                        result("A", 120, true, "2"),
                        result("A", 120, true, "2"),
                        result("B", 60, true, "1"),
                        result("C", 60, true, "1")));

        assertThat(counts(agreement)).containsExactly(2, 1, 1, 1, 1);
        assertThat(agreement.examples())
                .anyMatch(example -> example.contains("oee: 1 → 2"))
                .anyMatch(example -> example.startsWith("results, missing: A "));
    }

    @Test
    void provisionalResultsOnBothSidesAreNotComparedButOneOnASideIsNoFinalOne() throws IOException {
        Agreement agreement = ResultCheck.compare(
                results(result("A", 60, false, "1"), result("A", 120, true, "1"), result("A", 180, false, "1")),
                results(result("A", 60, false, "2"), result("A", 120, false, "1"), result("A", 180, true, "1")));

        assertThat(counts(agreement)).containsExactly(0, 1, 0, 0, 1);
    }

    // ---- adjustments

    @Test
    void sameAdjustmentMayComeTwiceWithTheSameContentOnly() throws IOException {
        AdjustmentCheck check = new AdjustmentCheck();
        check.replayed(adjustment("1", "A", 60, "0.5"));
        check.replayed(adjustment("2", "B", 60, "0.5"));
        check.received(adjustment("1", "A", 60, "0.5"));
        check.received(adjustment("1", "A", 60, "0.50"));
        check.received(adjustment("2", "B", 60, "0.5"));
        check.received(adjustment("2", "B", 60, "0.6"));

        Agreement agreement = check.compare();

        assertThat(agreement.redelivered()).isEqualTo(1);
        assertThat(counts(agreement)).containsExactly(2, 0, 1, 0, 0);
    }

    @Test
    void aWindowWithTwoIdsIsDoubled() throws IOException {
        AdjustmentCheck check = new AdjustmentCheck();
        check.replayed(adjustment("1", "A", 60, "0.5"));
        check.replayed(adjustment("3", "C", 60, "0.5"));
        check.received(adjustment("1", "A", 60, "0.5"));
        check.received(adjustment("2", "A", 60, "0.5"));

        assertThat(counts(check.compare())).containsExactly(1, 1, 0, 1, 1);
    }

    @Test
    void whatOnlyTheLineHasIsNoDifference() throws IOException {
        AdjustmentCheck check = new AdjustmentCheck();
        ObjectNode line = adjustment("1", "A", 60, "0.5");
        line.put("id", "adjustment#1").put("kind", "recommendation").put("window", "default");
        line.put("generation", 0).put("closing_arrival", 7);
        check.replayed(line);
        check.received(adjustment("1", "A", 60, "0.5"));

        assertThat(check.compare().isComplete()).isTrue();
    }

    // ---- dead letters

    @Test
    void deadLettersAreComparedByIdReasonAndBytes() throws IOException {
        DeadLetterCheck check = new DeadLetterCheck();
        check.replayed(letter("1", "late", "eA=="));
        check.replayed(letter("2", "late", "eA=="));
        check.replayed(letter("3", "late", "eA=="));
        check.stored(letter("1", "late", "eA=="));
        check.stored(letter("2", "late", "eQ=="));
        check.stored(letter("2", "malformed", "eA=="));
        check.stored(letter("4", "late", "eA=="));

        assertThat(counts(check.compare())).containsExactly(2, 1, 1, 1, 1);
    }

    @Test
    void aReplayedLetterHasTheFormOfAStoredOne() throws IOException {
        ObjectNode line = (ObjectNode) JSON.readTree("""
                        {"reason":"late","id":"1","detail":"d","shard":"s","sequence":"9","subsequence":0,"index":0,
                         "partition_key":null,"arrival":5,"data":"x"}""");

        assertThat(StoredOutputs.comparable(line).path("data").asText()).isEqualTo("eA==");
        assertThat(StoredOutputs.comparable(line).path("partition_key").asText())
                .isEmpty();
    }

    // ---- progress

    @Test
    void aShardIsDoneAtItsLastRecordAtItsEndOrWhenAClosedOneHasNoLease() {
        Map<String, RecordingEnd> ends = Map.of(
                "done", new RecordingEnd("9", false),
                "ended", new RecordingEnd("9", true),
                "gone", new RecordingEnd("9", true),
                "behind", new RecordingEnd("10", false),
                "fresh", new RecordingEnd("1", false));

        List<String> behind = Progress.behind(
                ends, Map.of("done", "9", "ended", "SHARD_END", "behind", "9", "fresh", "TRIM_HORIZON"));

        assertThat(behind)
                .containsExactlyInAnyOrder(
                        "behind is at 9, its last record is 10", "fresh is at TRIM_HORIZON, its last record is 1");
    }

    private static List<Integer> counts(Agreement agreement) {
        return List.of(
                (int) agreement.compared(),
                (int) agreement.missing(),
                (int) agreement.different(),
                (int) agreement.doubled(),
                (int) agreement.unexpected());
    }

    private static String result(String process, long end, boolean isFinal, String oee) {
        return "{\"process_id\":\"" + process + "\",\"window\":\"default\",\"window_end\":" + end + ",\"final\":"
                + isFinal + ",\"oee\":" + oee + "}";
    }

    private static ObjectNode adjustment(String id, String process, long end, String oee) throws IOException {
        return (ObjectNode) JSON.readTree("{\"adjustment_id\":\"" + id + "\",\"process_id\":\"" + process
                + "\",\"window_start\":0,\"window_end\":" + end + ",\"oee\":" + oee + "}");
    }

    private static ObjectNode letter(String id, String reason, String data) {
        return JSON.createObjectNode().put("id", id).put("reason", reason).put("data", data);
    }

    private static EarlierResults results(String... lines) {
        Iterator<String> left = List.of(lines).iterator();
        return new EarlierResults() {
            @Override
            public byte @Nullable [] next() {
                return left.hasNext() ? left.next().getBytes(StandardCharsets.UTF_8) : null;
            }

            @Override
            public String name() {
                return "test";
            }

            @Override
            public String place() {
                return "test";
            }

            @Override
            public void close() {}
        };
    }
}
