package io.processoptimizer.status;

import static io.processoptimizer.analyse.StepScript.step;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.processoptimizer.analyse.StepScript;
import io.processoptimizer.analyse.WindowAnalyser;
import io.processoptimizer.analyse.WindowAnalysis;
import io.processoptimizer.emit.Outputs;
import io.processoptimizer.emit.WindowResult;
import io.processoptimizer.event.ProcessDefinition;
import io.processoptimizer.event.StepState;
import io.processoptimizer.window.WindowFacts;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What the page is told. */
class PlantBoardTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SHARD = "shardId-000000000000";
    private static final long MINUTE = 60_000;
    private static final long START = 1_767_225_600_000L;
    private static final long NOW = START + 600 * MINUTE;
    private static final WindowFacts FACTS =
            StepScript.window(ProcessDefinition.DEFAULT, step("filler").run(StepState.RUNNING, 60 * MINUTE));
    private static final WindowAnalysis GOOD = analysis(3_600);
    private static final WindowAnalysis BAD = analysis(1_800);

    private final FixedFacts facts = new FixedFacts();
    private final PlantBoard board = board(NOW);

    private static PlantBoard board(long nowMillis) {
        return new PlantBoard(
                new PlantBoard.Shape("process-optimizer test", "main", 5 * MINUTE, MINUTE, 30_000),
                Clock.fixed(Instant.ofEpochMilli(nowMillis), ZoneOffset.UTC));
    }

    private static WindowAnalysis analysis(int parts) {
        return WindowAnalyser.analyse(StepScript.window(
                ProcessDefinition.DEFAULT,
                step("filler").run(StepState.RUNNING, 60 * MINUTE).parts(1_000_000, parts, 0, 0, 0)));
    }

    @Test
    void onlyWhatHasChangedIsSent() throws IOException {
        Outputs shard = board.begin(SHARD, 3);
        shard.result(result("A", 1, true, GOOD), FACTS);
        shard.result(result("B", 1, true, BAD), FACTS);
        JsonNode first = ask("", 0);
        assertThat(first.get("full").asBoolean()).isTrue();
        assertThat(processes(first)).containsOnlyKeys("A", "B");

        JsonNode nothing = ask(first);
        assertThat(nothing.get("full").asBoolean()).isFalse();
        assertThat(processes(nothing)).isEmpty();

        shard.result(result("B", 2, true, GOOD), FACTS);
        assertThat(processes(ask(nothing))).containsOnlyKeys("B");
        assertThat(processes(ask("another-0", 99))).containsOnlyKeys("A", "B");
    }

    @Test
    void figuresAreThoseOfTheNewestWindowAndFinalHidesProvisional() throws IOException {
        Outputs shard = board.begin(SHARD, 3);
        shard.result(result("A", 5, true, GOOD), FACTS);
        shard.result(result("A", 5, false, BAD), FACTS);
        shard.result(result("A", 4, true, BAD), FACTS);
        JsonNode card = only("A");
        assertThat(card.get("oee").asDouble()).isEqualTo(1);
        assertThat(card.get("end").asLong()).isEqualTo(START + 5 * MINUTE);
        assertThat(card.at("/losses/breakdowns_ms").asLong()).isZero();
        assertThat(card.at("/constraint/step").asText()).isEqualTo("filler");
    }

    @Test
    void theTrendKeepsTheGridOfWindowsWithItsHoles() throws IOException {
        Outputs shard = board.begin(SHARD, 3);
        shard.result(result("A", 1, true, BAD), FACTS);
        shard.result(result("A", 2, true, GOOD), FACTS);
        shard.result(result("A", 5, true, BAD), FACTS);
        assertThat(only("A").get("trend").toString()).isEqualTo("[0.5,1.0,null,null,0.5]");
        shard.result(result("A", 3, true, GOOD), FACTS);
        assertThat(only("A").get("trend").toString()).isEqualTo("[0.5,1.0,1.0,null,0.5]");
        shard.result(result("A", 500, true, GOOD), FACTS);
        assertThat(only("A").get("trend").toString()).isEqualTo("[1.0]");
        for (int minute = 501; minute < 600; minute++) {
            shard.result(result("A", minute, true, GOOD), FACTS);
        }
        assertThat(only("A").get("trend").size()).isEqualTo(ProcessCard.TREND);
        assertThat(only("A").get("constraints").size()).isLessThanOrEqualTo(12);
    }

    @Test
    void aConstraintThatStaysIsOneStretch() throws IOException {
        Outputs shard = board.begin(SHARD, 3);
        shard.result(result("A", 1, true, GOOD), FACTS);
        shard.result(result("A", 2, false, GOOD), FACTS);
        shard.result(result("A", 2, true, GOOD), FACTS);
        shard.result(result("A", 3, true, GOOD), FACTS);
        JsonNode stretches = only("A").get("constraints");
        assertThat(stretches.size()).isEqualTo(1);
        assertThat(stretches.at("/0/0").asLong()).isEqualTo(START);
        assertThat(stretches.at("/0/1").asLong()).isEqualTo(START + 3 * MINUTE);
    }

    @Test
    void otherWindowsThanTheShownOneAreNotShown() throws IOException {
        Outputs shard = board.begin(SHARD, 3);
        shard.result(new WindowResult("A", "shift", START, START + 480 * MINUTE, 0, true, true, 0, GOOD), FACTS);
        assertThat(processes(ask("", 0))).isEmpty();
    }

    @Test
    void aSilentProcessSaysSoUntilItSpeaks() throws IOException {
        Outputs shard = board.begin(SHARD, 3);
        shard.result(result("A", 1, true, GOOD), FACTS);
        shard.gap("A", START + MINUTE);
        assertThat(only("A").get("silent").asLong()).isEqualTo(START + MINUTE);
        shard.result(result("A", 9, true, GOOD), FACTS);
        assertThat(only("A").get("silent").isNull()).isTrue();
        shard.gap("NEVER-SEEN", START);
        assertThat(processes(ask("", 0))).containsOnlyKeys("A");
    }

    @Test
    void overviewsOfOtherWorkersShowTheirShards() throws IOException {
        board.take(List.of(overview("shardId-000000000007", "C", GOOD, NOW)));
        JsonNode told = ask("", 0);
        assertThat(processes(told)).containsOnlyKeys("C");
        JsonNode shard = told.at("/shards/1");
        assertThat(shard.get("shard").asText()).isEqualTo("shardId-000000000007");
        assertThat(shard.get("here").asBoolean()).isFalse();
        assertThat(shard.get("owner").asText()).isEqualTo("worker-2");
        assertThat(shard.has("cards")).isFalse();

        board.take(List.of(overview("shardId-000000000007", "C", GOOD, NOW + 1)));
        assertThat(processes(ask(told)))
                .as("a card that is the same is not sent again")
                .isEmpty();
        board.take(List.of(overview("shardId-000000000007", "C", BAD, NOW + 2)));
        assertThat(processes(ask(told))).containsOnlyKeys("C");
    }

    @Test
    void whatCannotBeReadIsLeftOutAndWhatIsOldIsForgotten() throws IOException {
        byte[] old = overview("shardId-000000000008", "OLD", GOOD, NOW - 20 * MINUTE);
        byte[] gone = overview("shardId-000000000009", "GONE", GOOD, NOW - PlantBoard.DELETED_MILLIS - 1);
        List<PlantBoard.Stale> stale = board.take(List.of(
                "{\"shard\":".getBytes(java.nio.charset.StandardCharsets.UTF_8),
                old,
                gone,
                overview("shardId-000000000007", "C", GOOD, NOW)));
        assertThat(stale).containsExactly(new PlantBoard.Stale("shardId-000000000009", 4));
        assertThat(processes(ask("", 0))).containsOnlyKeys("C");
    }

    @Test
    void aNewTenureGoesOnFromTheHistoryOfTheFormer() throws IOException {
        PlantBoard other = board(NOW);
        Outputs before = other.begin(SHARD, 3);
        before.result(result("A", 1, true, BAD), FACTS);
        before.result(result("A", 2, true, BAD), FACTS);
        board.take(List.of(own(other).overview(facts.shards().get(0), NOW, 1 << 20)));

        Outputs shard = board.begin(SHARD, 4);
        shard.result(result("A", 3, true, GOOD), FACTS);
        assertThat(only("A").get("trend").toString()).isEqualTo("[0.5,0.5,1.0]");
    }

    @Test
    void aShardThatIsGivenAwayTakesItsProcessesWithIt() throws IOException {
        board.begin(SHARD, 3).result(result("A", 1, true, GOOD), FACTS);
        JsonNode first = ask("", 0);
        facts.isHolding = false;
        JsonNode second = ask(first);
        assertThat(second.get("full").asBoolean()).isTrue();
        assertThat(processes(second)).isEmpty();
        assertThat(second.get("instance").asText().split("-", -1)[0])
                .as("the same run")
                .isEqualTo(first.get("instance").asText().split("-", -1)[0]);
    }

    @Test
    void anOverviewLeavesOutTheOldestWhereThereIsNoRoom() throws IOException {
        Outputs shard = board.begin(SHARD, 3);
        for (int i = 0; i < 50; i++) {
            shard.result(result("P" + i, 1 + i, true, GOOD), FACTS);
        }
        JsonNode cut = JSON.readTree(own(board).overview(facts.shards().get(0), NOW, 5_000));
        assertThat(cut.get("cards").size()).isBetween(5, 20);
        assertThat(cut.at("/cards/0/id").asText()).isEqualTo("P49");
        assertThat(cut.get("processes").asInt()).isEqualTo(50);
    }

    private ShardBoard own(PlantBoard of) {
        return of.own(List.of(SHARD)).get(0);
    }

    /** What the worker of another shard leaves of it. */
    private byte[] overview(String shardId, String process, WindowAnalysis analysis, long writtenMillis) {
        PlantBoard other = board(NOW);
        other.begin(shardId, 4).result(result(process, 1, true, analysis), FACTS);
        return other.own(List.of(shardId))
                .get(0)
                .overview(
                        new WorkerFacts.ShardFacts(shardId, "worker-2", 5, 0, writtenMillis, writtenMillis),
                        writtenMillis,
                        1 << 20);
    }

    private static WindowResult result(String process, int minute, boolean isFinal, WindowAnalysis analysis) {
        long end = START + minute * MINUTE;
        return new WindowResult(process, "main", end - 5 * MINUTE, end, 0, true, isFinal, 0, analysis);
    }

    private JsonNode ask(String instance, long since) throws IOException {
        return JSON.readTree(board.json(facts, instance, since));
    }

    private JsonNode ask(JsonNode last) throws IOException {
        return ask(last.get("instance").asText(), last.get("version").asLong());
    }

    private JsonNode only(String process) throws IOException {
        JsonNode card = processes(ask("", 0)).get(process);
        assertThat(card).isNotNull();
        return java.util.Objects.requireNonNull(card);
    }

    private static Map<String, JsonNode> processes(JsonNode answer) {
        Map<String, JsonNode> processes = new TreeMap<>();
        answer.get("processes").forEach(card -> processes.put(card.get("id").asText(), card));
        return processes;
    }
}
