package io.processoptimizer.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.config.DefinitionsChange.Addition;
import io.processoptimizer.config.DefinitionsChange.None;
import io.processoptimizer.config.DefinitionsChange.Refusal;
import io.processoptimizer.event.ProcessDefinition;
import io.processoptimizer.window.WindowPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DefinitionsChangeTest {
    private static final long NOW = Instant.parse("2026-06-01T12:00:00Z").toEpochMilli();
    private static final String KNOWN = """
            processes:
              - {match: A, target_oee: 0.5}
              - {match: A, effective_from: 2026-06-01T18:00:00Z, target_oee: 0.6}
              - {match: 'A*', target_oee: 0.7}
              - {match: 'B*', target_oee: 0.8}
            """;

    private static ConfiguredProcesses parse(String yaml) {
        return ProcessesFile.parse(yaml, ProcessDefinition.DEFAULT, "p.yaml");
    }

    private static DefinitionsChange change(String now) {
        return DefinitionsChange.of(parse(KNOWN), parse(now), NOW);
    }

    private static List<String> refused(String now) {
        DefinitionsChange change = change(now);
        assertThat(change).isInstanceOf(Refusal.class);
        return ((Refusal) change).why();
    }

    @Test
    void theSameContentIsNoChange() {
        assertThat(change(KNOWN)).isEqualTo(new None());
        assertThat(change("# A comment, and another order of what is told by its beginning\n"
                        + KNOWN.replace("0.5", "0.50").replace("18:00:00Z", "20:00:00+02:00")))
                .isEqualTo(new None());
    }

    @Test
    void aLaterVersionIsAddedAndWhatWasKnownStaysTheSameObject() {
        ConfiguredProcesses known = parse(KNOWN);
        DefinitionsChange change = DefinitionsChange.of(
                known,
                parse(KNOWN + "  - {match: A, effective_from: 2026-06-01T12:00:00.001Z, target_oee: 0.9}\n"
                        + "  - {match: NEW, effective_from: 2026-06-02T00:00:00Z, target_oee: 0.4}\n"),
                NOW);

        assertThat(change).isInstanceOf(Addition.class);
        Addition addition = (Addition) change;
        assertThat(addition.added())
                .satisfiesExactly(
                        one -> assertThat(one).startsWith("A from 2026-06-01T12:00:00.001Z (version "),
                        two -> assertThat(two).startsWith("NEW from 2026-06-02T00:00:00Z (version "));
        assertThat(addition.definitions().of("A", NOW)).isSameAs(known.of("A", NOW));
        assertThat(addition.definitions().of("A", NOW + 1).targetOeeNano()).isEqualTo(900_000_000L);
        assertThat(addition.definitions().of("A", NOW + 6 * 3_600_000L)).isSameAs(known.of("A", NOW + 6 * 3_600_000L));
        assertThat(addition.definitions().of("Bx", NOW)).isSameAs(known.of("Bx", NOW));
    }

    @Test
    void aVersionThatBeginsTooEarlyIsRefusedWithTheTimeThatWouldDo() {
        assertThat(refused(KNOWN + "  - {match: C, effective_from: 2026-06-01T12:00:00Z}\n"))
                .containsExactly(
                        "C from 2026-06-01T12:00:00Z is new and begins too early: effective_from must be later than"
                                + " 2026-06-01T12:00:00Z");
        assertThat(refused(KNOWN + "  - {match: C}\n"))
                .containsExactly(
                        "C without effective_from is new and begins too early: effective_from must be later than"
                                + " 2026-06-01T12:00:00Z");
    }

    @Test
    void aChangedVersionIsRefusedEvenWhereItBeginsLater() {
        assertThat(refused(KNOWN.replace("0.6", "0.65")))
                .singleElement()
                .asString()
                .startsWith("A from 2026-06-01T18:00:00Z is another (version ");
    }

    @Test
    void aVersionThatIsGoneAndAnotherTimeOfItAreRefused() {
        assertThat(refused(KNOWN.replaceAll("(?m)^.*0\\.6.*\n", "")))
                .containsExactly("A from 2026-06-01T18:00:00Z is gone");
        assertThat(refused(KNOWN.replace("18:00", "19:00"))).containsExactly("A from 2026-06-01T18:00:00Z is gone");
        assertThat(refused("processes: []")).hasSize(4);
    }

    @Test
    void patternsInAnotherOrderAreRefused() {
        String turned = """
                processes:
                  - {match: 'B*', target_oee: 0.8}
                  - {match: 'A*', target_oee: 0.7}
                  - {match: A, target_oee: 0.5}
                  - {match: A, effective_from: 2026-06-01T18:00:00Z, target_oee: 0.6}
                """;
        assertThat(refused(turned)).containsExactly("the patterns B*, A* stand in another order");
    }

    @Test
    void aPatternBetweenOthersIsAnAdditionAsFarAsItBeginsLater() {
        String between = KNOWN.replace(
                "  - {match: 'B*'", "  - {match: '*', effective_from: 2026-06-02T00:00:00Z}\n  - {match: 'B*'");
        assertThat(change(between)).isInstanceOf(Addition.class);
    }

    @Test
    void whereAProcessStandsChangesNoResultAndIsTakenOver() {
        DefinitionsChange change = change(KNOWN.replace("0.5}", "0.5, site: Ulm}"));
        assertThat(change).isInstanceOf(Addition.class);
        assertThat(((Addition) change).added()).containsExactly("A without effective_from (site and area)");
    }

    @Test
    void noDefinitionThatMayHaveBeenLookedUpIsAnotherAfterwards() {
        long seed = Long.getLong("change.seed", 4_711);
        System.out.println("changes of definitions, seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        int added = 0;
        int refused = 0;
        for (int round = 0; round < 4_000; round++) {
            List<String> before = entries(random);
            List<String> after = changed(before, random);
            ConfiguredProcesses known = parse(yaml(before));
            ConfiguredProcesses offered = parse(yaml(after));
            long latest = at(random.nextInt(10)) + random.nextInt(-1, 2);
            String as = "seed " + seed + ", round " + round + ", latest " + latest + "\n" + yaml(before) + yaml(after);
            DefinitionsChange change = DefinitionsChange.of(known, offered, latest);
            boolean same = true;
            for (String process : List.of("A", "AB", "B", "BA", "C")) {
                for (int hour = -1; hour < 12; hour++) {
                    for (long at = at(hour) - 1; at <= at(hour) + 1; at++) {
                        ProcessDefinition old = known.of(process, at);
                        ProcessDefinition now = offered.of(process, at);
                        boolean seen = at <= latest;
                        same &= !seen || old.version().equals(now.version());
                        if (change instanceof Addition addition) {
                            assertThat(addition.definitions().of(process, at))
                                    .as(as)
                                    .isEqualTo(now);
                            if (seen) {
                                assertThat(addition.definitions().of(process, at))
                                        .as(as)
                                        .isSameAs(old);
                            }
                        }
                    }
                }
            }
            if (change instanceof Addition addition) {
                added++;
                assertThat(addition.definitions().beginningsFrom(latest + 1))
                        .as(as)
                        .isNotEmpty();
            } else if (change instanceof Refusal) {
                refused++;
            } else {
                assertThat(same).as(as).isTrue();
                assertThat(offered.versions()).as(as).isEqualTo(known.versions());
            }
            // The rule is stricter than it need be, for what was announced stays, but never laxer.
            assertThat(change instanceof Refusal || same).as(as).isTrue();
        }
        assertThat(added).isGreaterThan(300);
        assertThat(refused).isGreaterThan(300);
    }

    private static long at(int hour) {
        return NOW + hour * 3_600_000L;
    }

    private static List<String> entries(SplittableRandom random) {
        List<String> entries = new ArrayList<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            add(entries, random, random.nextInt(-1, 10));
        }
        return entries;
    }

    private static void add(List<String> entries, SplittableRandom random, int hour) {
        String match = List.of("A", "B", "AB", "'A*'", "'*B'", "'*'").get(random.nextInt(6));
        String from = hour < 0 ? "" : ", effective_from: " + Instant.ofEpochMilli(at(hour));
        String head = "  - {match: " + match + from + ",";
        if (entries.stream().noneMatch(entry -> entry.startsWith(head))) {
            entries.add(random.nextInt(entries.size() + 1), head + " target_oee: 0." + random.nextInt(1, 9) + "}\n");
        }
    }

    private static List<String> changed(List<String> before, SplittableRandom random) {
        List<String> after = new ArrayList<>(before);
        int kind = random.nextInt(6);
        if (kind < 4) {
            for (int i = random.nextInt(3); i >= 0; i--) {
                add(after, random, random.nextInt(4, 12));
            }
        } else if (!after.isEmpty() && kind == 4) {
            after.remove(random.nextInt(after.size()));
        } else if (!after.isEmpty()) {
            after.add(random.nextInt(after.size()), after.remove(random.nextInt(after.size())));
        }
        return after;
    }

    private static String yaml(List<String> entries) {
        return entries.isEmpty() ? "processes: []\n" : "processes:\n" + String.join("", entries);
    }

    @Test
    void theLeadIsThatOfTheDocumentedRule() {
        DefinitionsLead lead = DefinitionsLead.of(WindowPolicy.DEFAULT, 60_000);
        assertThat(lead.aheadMillis()).isEqualTo(60_000 + 60_000 + 60_000);
        // By its file alone where it is looked at in time, by now where that comes later.
        assertThat(lead.latestTaken(NOW, NOW - 1_000)).isEqualTo(NOW - 1_000 + 180_000 + 120_000);
        assertThat(lead.latestTaken(NOW, NOW - 3_600_000)).isEqualTo(NOW + 180_000);
        assertThat(lead.latestTaken(NOW, NOW + 3_600_000)).isEqualTo(NOW + 180_000 + 120_000);

        WindowPolicy forgetful = new WindowPolicy(
                60_000, 0, 0, 60_000, 0, Duration.ofHours(25).toMillis(), WindowPolicy.DEFAULT.windows());
        assertThat(DefinitionsLead.of(forgetful, 60_000).aheadMillis()).isEqualTo(3_600_000 + 60_000 + 60_000);
    }
}
