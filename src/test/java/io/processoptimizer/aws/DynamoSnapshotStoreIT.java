package io.processoptimizer.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.processoptimizer.checkpoint.Claim;
import io.processoptimizer.checkpoint.FencedException;
import io.processoptimizer.checkpoint.ShardState;
import io.processoptimizer.checkpoint.UnreadableSnapshotException;
import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.local.LocalAws;
import io.processoptimizer.local.LocalAwsSettings;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // set before all tests
class DynamoSnapshotStoreIT {
    private static final String TABLE = Tables.Names.DEFAULT.state();
    private static final Claim FIRST = new Claim("worker-1", 5);
    private static final Claim SECOND = new Claim("worker-2", 9);

    private LocalAws aws;
    private AwsClients clients;
    private DynamoSnapshotStore store;

    @BeforeAll
    void start() throws Exception {
        aws = LocalAws.start(LocalAwsSettings.onAnyPort());
        clients = new AwsClients(AwsConnection.emulator(aws.endpoint()), false);
        new Tables(clients.dynamo()).createMissing(Tables.Names.DEFAULT);
        store = new DynamoSnapshotStore(clients.dynamo(), TABLE);
    }

    @AfterAll
    void stop() {
        clients.close();
        aws.close();
    }

    @Test
    void aStateOfMegabytesComesBackWithItsPositionAndOldOnesAreDeleted() throws Exception {
        assertThat(store.claim("big", FIRST)).isNull();
        store.commit("big", FIRST, new ShardState(new RecordPosition("41", 0), noise(900_000, 1)), false);
        byte[] newer = noise(2_500_000, 2);
        store.commit("big", FIRST, new ShardState(new RecordPosition("42", 7), newer), false);

        ShardState read = Objects.requireNonNull(store.claim("big", SECOND));
        assertThat(read.position()).isEqualTo(new RecordPosition("42", 7));
        assertThat(read.data()).isEqualTo(newer);
        // A pointer and the chunks of one state; noise does not compress.
        assertThat(parts("big")).isBetween(7, 9);
    }

    @Test
    void anEarlierTenureIsFencedAndChangesNothing() throws Exception {
        assertThat(store.claim("moved", FIRST)).isNull();
        store.commit("moved", FIRST, new ShardState(new RecordPosition("10", 0), noise(10, 3)), false);
        assertThat(store.claim("moved", SECOND)).isNotNull();
        assertThatThrownBy(() ->
                        store.commit("moved", FIRST, new ShardState(new RecordPosition("11", 0), noise(10, 4)), false))
                .isInstanceOf(FencedException.class)
                .hasMessageContaining("worker-1");
        assertThatThrownBy(() -> store.claim("moved", FIRST)).isInstanceOf(FencedException.class);
        ShardState state = Objects.requireNonNull(store.claim("moved", SECOND));
        assertThat(state.position()).isEqualTo(new RecordPosition("10", 0));
    }

    @Test
    void aMissingPartIsSaidAndNotTakenForAnEmptyState() throws Exception {
        assertThat(store.claim("torn", FIRST)).isNull();
        store.commit("torn", FIRST, new ShardState(new RecordPosition("10", 0), noise(900_000, 5)), false);
        Map<String, AttributeValue> chunk = clients.dynamo()
                .query(r -> r.tableName(TABLE)
                        .keyConditionExpression("#shard = :s AND begins_with(part, :p)")
                        .expressionAttributeNames(Map.of("#shard", "shard"))
                        .expressionAttributeValues(
                                Map.of(":s", AttributeValue.fromS("torn"), ":p", AttributeValue.fromS("state#"))))
                .join()
                .items()
                .get(1);
        clients.dynamo()
                .deleteItem(r -> r.tableName(TABLE)
                        .key(Map.of(
                                "shard",
                                AttributeValue.fromS("torn"),
                                "part",
                                chunk.getOrDefault("part", AttributeValue.fromS("")))))
                .join();
        assertThatThrownBy(() -> store.claim("torn", SECOND))
                .isInstanceOf(UnreadableSnapshotException.class)
                .hasMessageContaining("torn");
    }

    private int parts(String shard) {
        AtomicInteger count = new AtomicInteger();
        clients.dynamo()
                .queryPaginator(r -> r.tableName(TABLE)
                        .keyConditionExpression("#shard = :s")
                        .projectionExpression("part")
                        .expressionAttributeNames(Map.of("#shard", "shard"))
                        .expressionAttributeValues(Map.of(":s", AttributeValue.fromS(shard))))
                .items()
                .subscribe(item -> count.incrementAndGet())
                .join();
        return count.get();
    }

    private static byte[] noise(int size, long seed) {
        byte[] bytes = new byte[size];
        new SplittableRandom(seed).nextBytes(bytes);
        return bytes;
    }
}
