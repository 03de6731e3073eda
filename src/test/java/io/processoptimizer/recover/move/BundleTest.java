package io.processoptimizer.recover.move;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.recover.move.Application.Shard;
import io.processoptimizer.recover.move.Application.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class BundleTest {
    private static final Map<String, AttributeValue> POINTER = Map.of(
            "shard", fromS("s-0"),
            "part", fromS("pointer"),
            "state", fromS("0000000000000000007-0000000000000000001"),
            "sequence", fromS("42"),
            "chunks", fromN("2"),
            "committed_at", fromN("5"),
            "publish", AttributeValue.fromBool(false),
            "processes", AttributeValue.fromSs(List.of("P")),
            "generations_before", AttributeValue.fromM(Map.of("P", fromN("3"))));
    private static final Shard SHARD =
            new Shard("s-0", Map.of("leaseKey", fromS("s-0"), "checkpoint", fromS("41")), POINTER, List.of());
    private static final Application APPLICATION = new Application("app", "arn", 1, 2, 3, List.of(SHARD));
    private static final State STATE = SHARD.states().get(0);
    private static final List<byte[]> PARTS = List.of(new byte[] {1, 2}, new byte[] {3});

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    @Test
    void aNameThatEndsInZipInCapitalsIsNoFolder() throws IOException {
        try (Bundle bundle = Bundle.create(directory.resolve("STATE.ZIP"));
                Stream<Path> made = Files.list(directory)) {
            assertThat(bundle).isNotNull();
            assertThat(made.filter(Files::isDirectory)).isEmpty();
        }
    }

    @Test
    void whatIsPutInComesOut() throws IOException {
        for (String name : List.of("a.zip", "a")) {
            write(name);
            try (Bundle bundle = Bundle.open(directory.resolve(name))) {
                assertThat(bundle.application()).isEqualTo(APPLICATION);
                assertThat(bundle.parts("s-0", STATE)).containsExactlyElementsOf(PARTS);
            }
        }
    }

    @Test
    void damageIsFound() throws IOException {
        write("a");
        Files.write(directory.resolve("a/states/s-0/" + STATE.id() + ".0001"), new byte[] {4});
        try (Bundle bundle = Bundle.open(directory.resolve("a"))) {
            bundle.application();
            assertThatThrownBy(() -> bundle.parts("s-0", STATE)).hasMessageContaining("damaged");
        }
    }

    @Test
    void aNewerStateAndAReshardRefuse() {
        Map<String, RecordPosition> newer = Map.of("s-0", new RecordPosition("43", 0));
        Target.Present same = new Target.Present(new TreeMap<>(Map.of("s-0", Map.of())), newer, Set.of());
        assertThat(Target.refusals(APPLICATION, same, false))
                .singleElement()
                .asString()
                .contains("newer state");
        assertThat(Target.refusals(APPLICATION, same, true)).isEmpty();
        Target.Present resharded = new Target.Present(new TreeMap<>(Map.of("s-1", Map.of())), Map.of(), Set.of());
        assertThat(Target.refusals(APPLICATION, resharded, true))
                .singleElement()
                .asString()
                .contains("s-1", "not in the export", "import into an empty application");
    }

    @Test
    void aShardThatHadNoStateYetIsNotPutOverOneThatHas() {
        Shard untaken = new Shard("s-0", SHARD.lease(), null, List.of());
        Application early = new Application("app", "arn", 1, 2, 3, List.of(untaken));
        Map<String, RecordPosition> states = Map.of("s-0", new RecordPosition("43", 0));
        Target.Present present = new Target.Present(new TreeMap<>(Map.of("s-0", Map.of())), states, Set.of());
        for (boolean replace : List.of(false, true)) {
            assertThat(Target.refusals(early, present, replace))
                    .singleElement()
                    .asString()
                    .contains("s-0 has a state (43)", "rewind --to TRIM_HORIZON");
        }
    }

    @Test
    void aShardThatWasReadToItsEndSinceIsNotTakenBackBehindThoseThatGoOnFromIt() {
        Target.Present present = new Target.Present(new TreeMap<>(), Map.of(), Set.of("s-0"));
        assertThat(Target.refusals(APPLICATION, present, true))
                .singleElement()
                .asString()
                .contains("s-0 was read to its end since the export", "'recover rewind --to TIME'");
        Map<String, AttributeValue> sealed = new HashMap<>(POINTER);
        sealed.put("children", AttributeValue.fromSs(List.of("s-1")));
        Application later =
                new Application("app", "arn", 1, 2, 3, List.of(new Shard("s-0", SHARD.lease(), sealed, List.of())));
        assertThat(Target.refusals(later, present, true)).isEmpty();
    }

    @Test
    void movedStatesSortBeforeThoseOfEveryTenure() {
        assertThat(Target.id(STATE.id())).isEqualTo("0000000000000000000-0000000000000000001");
    }

    private void write(String name) throws IOException {
        try (Bundle bundle = Bundle.create(directory.resolve(name))) {
            bundle.add("s-0", STATE, PARTS);
            bundle.finish(APPLICATION);
        }
    }
}
