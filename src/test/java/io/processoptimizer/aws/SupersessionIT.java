package io.processoptimizer.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import io.processoptimizer.aws.Supersession.Count;
import io.processoptimizer.aws.Supersession.Stretch;
import io.processoptimizer.local.TestEndpoint;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What is marked after a time was computed again as generation 2, and what is left alone. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // set before all tests
class SupersessionIT {
    private static final String RESULTS = "supersession-results";
    private static final String ADVICE = "supersession-advice";
    private static final long SIZE = 300_000;
    private static final boolean COMPLETE = true;

    private TestEndpoint aws;
    private AwsClients clients;
    private Supersession supersession;

    @BeforeAll
    void start() throws Exception {
        aws = TestEndpoint.start();
        clients = new AwsClients(AwsConnection.emulator(aws.endpoint()), false);
        new Tables(clients.dynamo())
                .createMissing(new Tables.Names(RESULTS, ADVICE, "dead-letters", "supersession-state"));
        supersession = new Supersession(clients.dynamo(), RESULTS, ADVICE);
    }

    @AfterAll
    void stop() {
        clients.close();
        aws.close();
    }

    @Test
    void onlyWholeEarlierResultsOfThatTimeThatDidNotComeAgainAreMarked() throws Exception {
        result("p", 600_000, 0, COMPLETE);
        result("p", 660_000, 1, COMPLETE);
        result("p", 720_000, 2, COMPLETE);
        result("p", 780_000, 0, !COMPLETE);
        result("p", 840_000, 0, COMPLETE);
        result("p", 900_000, 0, COMPLETE);
        result("other", 660_000, 0, COMPLETE);
        Stretch stretch = new Stretch("p", "", 600_000, 0, 840_000);

        assertThat(supersession.count(stretch, 2)).isEqualTo(new Count(2, 1, 0, 0, 0));
        assertThat(marked("p", 660_000)).isFalse();
        assertThat(supersession.mark(stretch, 2)).isEqualTo(new Count(2, 1, 2, 0, 0));
        assertThat(supersession.mark(stretch, 2)).isEqualTo(new Count(2, 1, 2, 0, 0));
        assertThat(marked("p", 660_000)).isTrue();
        assertThat(marked("p", 840_000)).isTrue();
        for (long untouched : new long[] {600_000, 720_000, 780_000, 900_000}) {
            assertThat(marked("p", untouched)).as("%d", untouched).isFalse();
        }
        assertThat(marked("other", 660_000)).isFalse();

        supersession.lift(stretch, 1);
        assertThat(marked("p", 660_000)).isTrue();
        supersession.lift(stretch, 2);
        assertThat(marked("p", 660_000)).isFalse();
        assertThat(marked("p", 840_000)).isFalse();
    }

    @Test
    void windowsThatBeginBeforeALossAreLeftAlone() throws Exception {
        result("lost", 600_000, 0, COMPLETE);
        result("lost", 900_000, 0, COMPLETE);
        supersession.mark(new Stretch("lost", "", 0, 500_000, 900_000), 2);
        assertThat(marked("lost", 600_000)).isFalse();
        assertThat(marked("lost", 900_000)).isTrue();
    }

    @Test
    void adjustmentsThatWereNotDecidedAgainAreMarked() throws Exception {
        adjustment("q", "again", 660_000, 0, "published", 2);
        adjustment("q", "gone", 660_000, 0, "published", 0);
        adjustment("q", "new", 720_000, 2, "withheld", 2);
        adjustment("q", "earlier", 600_000, 0, "published", 0);
        Count count = supersession.mark(new Stretch("q", "", 600_000, 0, 840_000), 2);
        assertThat(count).isEqualTo(new Count(0, 0, 0, 1, 1));
        assertThat(item(ADVICE, Map.of("process_id", fromS("q"), "id", fromS("adjustment#gone"))))
                .containsEntry("superseded", fromN("2"))
                .containsEntry("status", fromS("published"));
        for (String untouched : new String[] {"again", "new", "earlier"}) {
            assertThat(item(ADVICE, Map.of("process_id", fromS("q"), "id", fromS("adjustment#" + untouched))))
                    .doesNotContainKey("superseded");
        }
        supersession.lift(new Stretch("q", "", 600_000, 0, 840_000), 2);
        assertThat(item(ADVICE, Map.of("process_id", fromS("q"), "id", fromS("adjustment#gone"))))
                .doesNotContainKey("superseded");
    }

    private void result(String process, long end, long generation, boolean complete) {
        Map<String, AttributeValue> item = new HashMap<>(key(process, end));
        item.put("window_start", fromN(Long.toString(end - SIZE)));
        item.put("result_rank", fromN(Long.toString(generation << 33 | (complete ? 1L << 32 : 0) | 1L << 31)));
        clients.dynamo().putItem(r -> r.tableName(RESULTS).item(item)).join();
    }

    private void adjustment(String process, String id, long end, long generation, String status, long confirmed) {
        Map<String, AttributeValue> item = new HashMap<>();
        item.put("process_id", fromS(process));
        item.put("id", fromS("adjustment#" + id));
        item.put("window_start", fromN(Long.toString(end - SIZE)));
        item.put("window_end", fromN(Long.toString(end)));
        item.put("generation", fromN(Long.toString(generation)));
        item.put("status", fromS(status));
        if (confirmed > 0) {
            item.put("confirmed_generation", fromN(Long.toString(confirmed)));
        }
        clients.dynamo().putItem(r -> r.tableName(ADVICE).item(item)).join();
    }

    private boolean marked(String process, long end) {
        return item(RESULTS, key(process, end)).containsKey("superseded");
    }

    private Map<String, AttributeValue> item(String table, Map<String, AttributeValue> key) {
        return clients.dynamo()
                .getItem(r -> r.tableName(table).key(key).consistentRead(true))
                .join()
                .item();
    }

    private static Map<String, AttributeValue> key(String process, long end) {
        return Map.of("process_id", fromS(process), "timestamp", fromN(Long.toString(end)));
    }
}
