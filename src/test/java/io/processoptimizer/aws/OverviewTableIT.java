package io.processoptimizer.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.local.TestEndpoint;
import io.processoptimizer.status.Overviews;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Overviews in a real table: each shard has one, of its latest tenure. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // set before all tests
class OverviewTableIT {
    private static final String TABLE = "overview-states";

    private TestEndpoint aws;
    private AwsClients clients;

    @BeforeAll
    void start() throws Exception {
        aws = TestEndpoint.start();
        clients = new AwsClients(AwsConnection.emulator(aws.endpoint()), false);
        new Tables(clients.dynamo()).createMissing(new Tables.Names("o-results", "o-advice", "o-dead-letters", TABLE));
    }

    @AfterAll
    void stop() {
        clients.close();
        aws.close();
    }

    private Overviews of(String application) {
        return new OverviewTable(clients.dynamo(), TABLE, application);
    }

    @Test
    void theLatestTenureHasTheWord() throws Exception {
        Overviews overviews = of("tenures");
        overviews.put("shard-1", 5, bytes("five"));
        overviews.put("shard-1", 7, bytes("seven"));
        overviews.put("shard-1", 6, bytes("late six"));
        overviews.put("shard-1", 7, bytes("seven again"));
        overviews.put("shard-2", 1, bytes("other"));
        assertThat(overviews.all())
                .extracting(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .containsExactlyInAnyOrder("seven again", "other");

        overviews.remove("shard-1", 6);
        assertThat(overviews.all()).hasSize(2);
        overviews.remove("shard-1", 7);
        assertThat(overviews.all()).hasSize(1);
    }

    @Test
    void applicationsDoNotSeeEachOther() throws Exception {
        of("one").put("shard-1", 1, bytes("one"));
        assertThat(of("two").all()).isEmpty();
    }

    @Test
    void theLongestFitsAnItemAndSeveralFitSeveralPages() throws Exception {
        Overviews overviews = of("long");
        byte[] longest = new byte[Overviews.MOST_BYTES];
        new SplittableRandom(3).nextBytes(longest);
        for (int shard = 0; shard < 5; shard++) {
            overviews.put("shard-" + shard, 1, longest);
        }
        assertThat(overviews.all())
                .hasSize(5)
                .allSatisfy(read -> assertThat(read).isEqualTo(longest));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
