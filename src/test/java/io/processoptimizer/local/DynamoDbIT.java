package io.processoptimizer.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/** What the worker and the Kinesis Client Library ask of DynamoDB, asked of the embedded one through the SDK. */
class DynamoDbIT {
    private static LocalAws aws;
    private static DynamoDbClient client;

    @BeforeAll
    static void start() throws IOException {
        aws = LocalAws.start(LocalAwsSettings.onAnyPort());
        client = client(aws, "first");
    }

    @AfterAll
    static void stop() {
        client.close();
        aws.close();
    }

    @Test
    void aScanWithoutALimitReadsBoundedPagesAndLosesNothing() {
        createTable("scanned");
        for (int i = 0; i < 450; i++) {
            put("scanned", "key" + i, "1");
        }

        assertThat(client.scan(request -> request.tableName("scanned")).count()).isEqualTo(200);
        assertThat(client.scanPaginator(request -> request.tableName("scanned")).items())
                .extracting(item -> item.get("k"))
                .doesNotHaveDuplicates()
                .hasSize(450);
        assertThat(client.scan(request -> request.tableName("scanned").limit(300))
                        .count())
                .isEqualTo(300);
    }

    @Test
    void conditionalWriteIsRefusedOnceTheItemExists() {
        createTable("conditional");
        put("conditional", "a", "1");

        assertThatThrownBy(() -> client.putItem(request -> request.tableName("conditional")
                        .item(item("a", "2"))
                        .conditionExpression("attribute_not_exists(k)")))
                .isInstanceOf(ConditionalCheckFailedException.class);
        assertThat(read("conditional", "a")).isEqualTo("1");
    }

    @Test
    void updateOnConditionOfACounterIsAFence() {
        createTable("fence");
        client.putItem(request -> request.tableName("fence")
                .item(Map.of("k", AttributeValue.fromS("shard"), "leaseCounter", AttributeValue.fromN("7"))));

        client.updateItem(request -> request.tableName("fence")
                .key(key("shard"))
                .updateExpression("REMOVE leaseOwner ADD leaseCounter :one")
                .conditionExpression("leaseCounter = :seen")
                .expressionAttributeValues(
                        Map.of(":one", AttributeValue.fromN("1"), ":seen", AttributeValue.fromN("7"))));

        assertThatThrownBy(() -> client.updateItem(request -> request.tableName("fence")
                        .key(key("shard"))
                        .updateExpression("ADD leaseCounter :one")
                        .conditionExpression("leaseCounter = :seen")
                        .expressionAttributeValues(
                                Map.of(":one", AttributeValue.fromN("1"), ":seen", AttributeValue.fromN("7")))))
                .isInstanceOf(ConditionalCheckFailedException.class);
    }

    @Test
    void transactionWritesAllOrNothing() {
        createTable("transact");
        put("transact", "taken", "1");

        assertThatThrownBy(() -> client.transactWriteItems(request ->
                        request.transactItems(createIfAbsent("transact", "free"), createIfAbsent("transact", "taken"))))
                .isInstanceOfSatisfying(
                        TransactionCanceledException.class,
                        e -> assertThat(e.cancellationReasons().get(1).code()).isEqualTo("ConditionalCheckFailed"));
        assertThat(client.getItem(request -> request.tableName("transact").key(key("free")))
                        .hasItem())
                .isFalse();

        client.transactWriteItems(request ->
                request.transactItems(createIfAbsent("transact", "free"), createIfAbsent("transact", "other")));
        assertThat(read("transact", "other")).isEqualTo("new");
    }

    @Test
    void scanPagesUntilEveryItemWasSeenOnce() {
        createTable("pages");
        IntStream.range(0, 25).forEach(i -> put("pages", "item" + i, "" + i));

        Set<String> seen = new HashSet<>();
        int pages = 0;
        Map<String, AttributeValue> from = Map.of();
        do {
            Map<String, AttributeValue> start = from;
            ScanResponse page = client.scan(
                    request -> request.tableName("pages").limit(10).exclusiveStartKey(start.isEmpty() ? null : start));
            page.items().forEach(item -> assertThat(seen.add(text(item, "k"))).isTrue());
            from = page.lastEvaluatedKey();
            pages++;
        } while (!from.isEmpty());

        assertThat(seen).hasSize(25);
        assertThat(pages).isEqualTo(3);
    }

    @Test
    void timeToLiveCanBeSwitchedOn() {
        createTable("expiring");

        client.updateTimeToLive(request -> request.tableName("expiring")
                .timeToLiveSpecification(ttl -> ttl.enabled(true).attributeName("expires_at")));

        assertThat(client.describeTimeToLive(request -> request.tableName("expiring"))
                        .timeToLiveDescription()
                        .timeToLiveStatus())
                .isIn(TimeToLiveStatus.ENABLED, TimeToLiveStatus.ENABLING);
    }

    @Test
    void leaseIndexOfTheClientLibraryFindsTheLeasesOfAnOwner() {
        createTable(
                "leases",
                GlobalSecondaryIndex.builder()
                        .indexName("LeaseOwnerToLeaseKeyIndex")
                        .keySchema(keyElement("leaseOwner", KeyType.HASH), keyElement("k", KeyType.RANGE))
                        .projection(projection -> projection.projectionType(ProjectionType.KEYS_ONLY))
                        .build());
        for (int shard = 0; shard < 4; shard++) {
            String owner = shard % 2 == 0 ? "even" : "odd";
            String name = "shardId-" + shard;
            client.putItem(request -> request.tableName("leases")
                    .item(Map.of("k", AttributeValue.fromS(name), "leaseOwner", AttributeValue.fromS(owner))));
        }
        client.putItem(request -> request.tableName("leases").item(key("shardId-unowned")));

        assertThat(client.query(request -> request.tableName("leases")
                                .indexName("LeaseOwnerToLeaseKeyIndex")
                                .keyConditionExpression("leaseOwner = :owner")
                                .expressionAttributeValues(Map.of(":owner", AttributeValue.fromS("even"))))
                        .items())
                .extracting(item -> text(item, "k"))
                .containsExactly("shardId-0", "shardId-2");
    }

    @Test
    void asynchronousClientIsServedToo() {
        createTable("async");
        try (DynamoDbAsyncClient async = DynamoDbAsyncClient.builder()
                .endpointOverride(aws.endpoint())
                .region(Region.US_EAST_1)
                .credentialsProvider(credentials("first"))
                .build()) {
            async.putItem(request -> request.tableName("async").item(item("a", "1")))
                    .join();
        }
        assertThat(read("async", "a")).isEqualTo("1");
    }

    @Test
    void everyCredentialAndRegionSeesTheSameTables() {
        createTable("shared");
        try (DynamoDbClient other = client(aws, "second")) {
            assertThat(other.listTables().tableNames()).contains("shared");
        }
    }

    @Test
    void missingTableIsTheDocumentedError() {
        assertThatThrownBy(() -> read("nowhere", "a")).isInstanceOf(ResourceNotFoundException.class);
    }

    @Test
    void tablesInADirectoryOutliveTheProcess(@TempDir Path directory) throws IOException {
        LocalAwsSettings settings = LocalAwsSettings.onAnyPort().withDirectory(directory.resolve("dynamodb"));
        try (LocalAws before = LocalAws.start(settings);
                DynamoDbClient writer = client(before, "first")) {
            writer.createTable(table("kept"));
            writer.putItem(request -> request.tableName("kept").item(item("a", "1")));
        }
        try (LocalAws after = LocalAws.start(settings);
                DynamoDbClient reader = client(after, "first")) {
            assertThat(text(
                            reader.getItem(request -> request.tableName("kept").key(key("a")))
                                    .item(),
                            "v"))
                    .isEqualTo("1");
        }
    }

    private static DynamoDbClient client(LocalAws of, String accessKey) {
        return DynamoDbClient.builder()
                .endpointOverride(of.endpoint())
                .region(accessKey.equals("first") ? Region.US_EAST_1 : Region.EU_WEST_1)
                .credentialsProvider(credentials(accessKey))
                .build();
    }

    private static StaticCredentialsProvider credentials(String accessKey) {
        return StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKey, "secret"));
    }

    private static void createTable(String name, GlobalSecondaryIndex... index) {
        client.createTable(table(name, index));
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(client.describeTable(request -> request.tableName(name))
                                .table()
                                .tableStatus())
                        .isEqualTo(TableStatus.ACTIVE));
    }

    private static CreateTableRequest table(String name, GlobalSecondaryIndex... index) {
        CreateTableRequest.Builder table = CreateTableRequest.builder()
                .tableName(name)
                .keySchema(keyElement("k", KeyType.HASH))
                .billingMode(BillingMode.PAY_PER_REQUEST);
        return index.length == 0
                ? table.attributeDefinitions(attribute("k")).build()
                : table.attributeDefinitions(attribute("k"), attribute("leaseOwner"))
                        .globalSecondaryIndexes(index)
                        .build();
    }

    private static AttributeDefinition attribute(String name) {
        return AttributeDefinition.builder()
                .attributeName(name)
                .attributeType(ScalarAttributeType.S)
                .build();
    }

    private static KeySchemaElement keyElement(String name, KeyType type) {
        return KeySchemaElement.builder().attributeName(name).keyType(type).build();
    }

    private static TransactWriteItem createIfAbsent(String table, String key) {
        return TransactWriteItem.builder()
                .put(Put.builder()
                        .tableName(table)
                        .item(item(key, "new"))
                        .conditionExpression("attribute_not_exists(k)")
                        .build())
                .build();
    }

    private static Map<String, AttributeValue> key(String value) {
        return Map.of("k", AttributeValue.fromS(value));
    }

    private static Map<String, AttributeValue> item(String key, String value) {
        return Map.of("k", AttributeValue.fromS(key), "v", AttributeValue.fromS(value));
    }

    private static void put(String table, String key, String value) {
        client.putItem(request -> request.tableName(table).item(item(key, value)));
    }

    private static String read(String table, String key) {
        return text(
                client.getItem(request -> request.tableName(table).key(key(key)))
                        .item(),
                "v");
    }

    private static String text(Map<String, AttributeValue> item, String attribute) {
        return Objects.requireNonNull(item.get(attribute), attribute).s();
    }
}
