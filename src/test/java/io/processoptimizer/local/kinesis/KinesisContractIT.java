package io.processoptimizer.local.kinesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.GetShardIteratorRequest;
import software.amazon.awssdk.services.kinesis.model.InvalidArgumentException;
import software.amazon.awssdk.services.kinesis.model.KinesisException;
import software.amazon.awssdk.services.kinesis.model.ListShardsRequest;
import software.amazon.awssdk.services.kinesis.model.ListShardsResponse;
import software.amazon.awssdk.services.kinesis.model.PutRecordResponse;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.ResourceInUseException;
import software.amazon.awssdk.services.kinesis.model.ResourceNotFoundException;
import software.amazon.awssdk.services.kinesis.model.ScalingType;
import software.amazon.awssdk.services.kinesis.model.Shard;
import software.amazon.awssdk.services.kinesis.model.ShardFilter;
import software.amazon.awssdk.services.kinesis.model.ShardFilterType;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;
import software.amazon.awssdk.services.kinesis.model.StreamDescriptionSummary;
import software.amazon.awssdk.services.kinesis.model.StreamMode;
import software.amazon.awssdk.services.kinesis.model.StreamStatus;

/**
 * What a client of Kinesis may rely on, through the SDK in both encodings. Runs against this endpoint, or, with the system
 * property {@code contract.endpoint} (a URI), against another one that accepts any credentials.
 */
@ParameterizedClass(name = "{0}")
@EnumSource(WireFormat.class)
class KinesisContractIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final BigInteger MIDDLE_KEY = BigInteger.TWO.pow(127);

    private static @Nullable EndpointServer own;
    private static URI endpoint = URI.create("http://127.0.0.1");

    private final WireFormat format;
    private final KinesisClient kinesis;
    private final String stream = "contract-" + UUID.randomUUID();

    KinesisContractIT(WireFormat format) {
        this.format = format;
        System.setProperty(SdkSystemSetting.CBOR_ENABLED.property(), Boolean.toString(format == WireFormat.CBOR));
        kinesis = KinesisClient.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
                .build();
    }

    @BeforeAll
    static void startEndpoint() throws Exception {
        String other = System.getProperty("contract.endpoint");
        if (other == null) {
            own = new EndpointServer(0, Clock.systemUTC(), KinesisLimits.unthrottled());
            endpoint = own.uri();
        } else {
            endpoint = URI.create(other);
        }
    }

    @AfterAll
    static void stopEndpoint() {
        System.clearProperty(SdkSystemSetting.CBOR_ENABLED.property());
        if (own != null) {
            own.close();
        }
    }

    @BeforeEach
    void useFormat() {
        System.setProperty(SdkSystemSetting.CBOR_ENABLED.property(), Boolean.toString(format == WireFormat.CBOR));
    }

    @AfterEach
    void deleteStream() {
        try {
            kinesis.deleteStream(b -> b.streamName(stream).enforceConsumerDeletion(true));
        } catch (ResourceNotFoundException e) {
            // The case made none, or deleted it itself.
        }
        kinesis.close();
    }

    @Test
    void createdStreamBecomesActiveWithTheShardsAskedFor() {
        create(3);

        StreamDescriptionSummary summary = summary();
        assertThat(summary.streamName()).isEqualTo(stream);
        assertThat(summary.streamARN()).startsWith("arn:aws:kinesis:").endsWith(":stream/" + stream);
        assertThat(summary.openShardCount()).isEqualTo(3);
        assertThat(summary.retentionPeriodHours()).isEqualTo(24);
        assertThat(summary.streamModeDetails().streamMode()).isEqualTo(StreamMode.PROVISIONED);
        assertThat(summary.streamCreationTimestamp())
                .isBetween(Instant.now().minus(PATIENCE), Instant.now().plusSeconds(5));
        assertContiguous(shards());
        assertThat(kinesis.describeStream(b -> b.streamName(stream))
                        .streamDescription()
                        .shards())
                .isEqualTo(shards());
        assertThat(kinesis.listStreams(b -> b.limit(10_000)).streamNames()).contains(stream);
    }

    @Test
    void streamIsFoundByArnAsByName() {
        create(1);
        String arn = summary().streamARN();

        assertThat(kinesis.describeStreamSummary(b -> b.streamARN(arn))
                        .streamDescriptionSummary()
                        .streamName())
                .isEqualTo(stream);
        assertThat(kinesis.listShards(b -> b.streamARN(arn)).shards()).hasSize(1);
    }

    @Test
    void secondStreamOfTheSameNameIsInUse() {
        create(1);

        assertThatThrownBy(() -> kinesis.createStream(b -> b.streamName(stream).shardCount(1)))
                .isInstanceOf(ResourceInUseException.class);
    }

    @Test
    void unknownStreamAndShardAreNotFound() {
        assertThatThrownBy(() -> summary()).isInstanceOf(ResourceNotFoundException.class);
        create(1);
        assertThatThrownBy(() -> iterator("shardId-000000000077", ShardIteratorType.LATEST))
                .isInstanceOf(ResourceNotFoundException.class);
    }

    @Test
    void recordsComeBackInOrderWithBytesKeyAndArrival() {
        create(1);
        byte[] bytes = {0, 1, -1, -128, 127};
        PutRecordResponse first = kinesis.putRecord(
                b -> b.streamName(stream).partitionKey("schlüssel").data(SdkBytes.fromByteArray(bytes)));
        PutRecordResponse second = put("k", "two");

        assertThat(first.sequenceNumber()).hasSize(56);
        assertThat(new BigInteger(second.sequenceNumber())).isGreaterThan(new BigInteger(first.sequenceNumber()));
        GetRecordsResponse got = read(iterator(first.shardId(), ShardIteratorType.TRIM_HORIZON), 2);
        assertThat(got.records()).hasSize(2);
        Record record = got.records().get(0);
        assertThat(record.data().asByteArray()).isEqualTo(bytes);
        assertThat(record.partitionKey()).isEqualTo("schlüssel");
        assertThat(record.sequenceNumber()).isEqualTo(first.sequenceNumber());
        assertThat(record.approximateArrivalTimestamp())
                .isBetween(Instant.now().minus(PATIENCE), Instant.now().plusSeconds(5));
        assertThat(got.records().get(1).data().asUtf8String()).isEqualTo("two");
        assertThat(got.nextShardIterator()).isNotNull();
        assertThat(got.millisBehindLatest()).isZero();
    }

    @Test
    void batchIsSpreadByKeyAndByExplicitHashKey() {
        create(2);
        List<PutRecordsRequestEntry> entries = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            entries.add(entry("key-" + i, null));
        }
        entries.add(entry("low", "0"));
        entries.add(entry("high", HashKeyRange.LAST_KEY.toString()));

        PutRecordsResponse put = kinesis.putRecords(b -> b.streamName(stream).records(entries));

        assertThat(put.failedRecordCount()).isZero();
        for (int i = 0; i < 100; i++) {
            boolean upper = HashKeyRange.hashOf("key-" + i).compareTo(MIDDLE_KEY) >= 0;
            assertThat(put.records().get(i).shardId())
                    .isEqualTo(upper ? "shardId-000000000001" : "shardId-000000000000");
        }
        assertThat(put.records().get(100).shardId()).isEqualTo("shardId-000000000000");
        assertThat(put.records().get(101).shardId()).isEqualTo("shardId-000000000001");
    }

    @Test
    void everyIteratorTypeStartsWhereItSays() {
        create(1);
        PutRecordResponse one = put("k", "one");
        Instant afterOne = awaitLaterThan(recordAt(one).approximateArrivalTimestamp());
        PutRecordResponse two = put("k", "two");
        String shard = one.shardId();
        String latest = iterator(shard, ShardIteratorType.LATEST);
        put("k", "three");

        assertThat(texts(read(iterator(shard, ShardIteratorType.TRIM_HORIZON), 3)))
                .containsExactly("one", "two", "three");
        assertThat(texts(read(latest, 1))).containsExactly("three");
        assertThat(texts(read(at(shard, ShardIteratorType.AT_SEQUENCE_NUMBER, two.sequenceNumber()), 2)))
                .containsExactly("two", "three");
        assertThat(texts(read(at(shard, ShardIteratorType.AFTER_SEQUENCE_NUMBER, two.sequenceNumber()), 1)))
                .containsExactly("three");
        String timed = kinesis.getShardIterator(b -> b.streamName(stream)
                        .shardId(shard)
                        .shardIteratorType(ShardIteratorType.AT_TIMESTAMP)
                        .timestamp(afterOne))
                .shardIterator();
        assertThat(texts(read(timed, 2))).containsExactly("two", "three");
    }

    @Test
    void sequenceNumbersNoRecordHasStartAtTheNextRecord() {
        create(1);
        PutRecordResponse one = put("k", "one");
        put("k", "two");
        String between =
                new BigInteger(one.sequenceNumber()).add(BigInteger.ONE).toString();
        String before =
                new BigInteger(one.sequenceNumber()).subtract(BigInteger.ONE).toString();
        String start = shards().get(0).sequenceNumberRange().startingSequenceNumber();

        for (ShardIteratorType type :
                List.of(ShardIteratorType.AT_SEQUENCE_NUMBER, ShardIteratorType.AFTER_SEQUENCE_NUMBER)) {
            assertThat(texts(read(at(one.shardId(), type, between), 1))).containsExactly("two");
            assertThat(texts(read(at(one.shardId(), type, before), 2))).containsExactly("one", "two");
            assertThat(texts(read(at(one.shardId(), type, start), 2))).containsExactly("one", "two");
        }
    }

    @Test
    void limitPagesThroughAShardWithoutLossOrDoubles() {
        create(1);
        for (int i = 0; i < 25; i++) {
            put("k", "r" + i);
        }
        String iterator = iterator("shardId-000000000000", ShardIteratorType.TRIM_HORIZON);
        List<String> all = new ArrayList<>();
        for (int page = 0; page < 20 && all.size() < 25; page++) {
            String from = iterator;
            GetRecordsResponse got =
                    kinesis.getRecords(b -> b.shardIterator(from).limit(4));
            assertThat(got.records().size()).isLessThanOrEqualTo(4);
            all.addAll(texts(got));
            iterator = got.nextShardIterator();
        }
        assertThat(all).hasSize(25).first().isEqualTo("r0");
        assertThat(all).last().isEqualTo("r24");
    }

    @Test
    void splitParentEndsWithItsChildrenAndNoIterator() {
        create(1);
        put("k", "before");
        String parentId = "shardId-000000000000";
        kinesis.splitShard(b -> b.streamName(stream).shardToSplit(parentId).newStartingHashKey(MIDDLE_KEY.toString()));
        awaitActive();

        List<Shard> all = shards();
        assertThat(all).hasSize(3);
        assertThat(all.get(0).sequenceNumberRange().endingSequenceNumber()).hasSize(56);
        assertThat(all.subList(1, 3)).allSatisfy(child -> {
            assertThat(child.parentShardId()).isEqualTo(parentId);
            assertThat(child.adjacentParentShardId()).isNull();
            assertThat(child.sequenceNumberRange().endingSequenceNumber()).isNull();
        });
        assertContiguous(all.subList(1, 3));
        GetRecordsResponse end = readToEnd(parentId);
        assertThat(end.childShards())
                .extracting(child -> child.shardId())
                .containsExactlyInAnyOrder(all.get(1).shardId(), all.get(2).shardId());
        assertThat(end.childShards())
                .allSatisfy(child -> assertThat(child.parentShards()).containsExactly(parentId));
        assertThat(put("k", "after").shardId()).isNotEqualTo(parentId);
        assertThatThrownBy(() -> kinesis.splitShard(
                        b -> b.streamName(stream).shardToSplit(parentId).newStartingHashKey(MIDDLE_KEY.toString())))
                .isInstanceOf(InvalidArgumentException.class);
    }

    @Test
    void mergedParentsEndWithTheSameChild() {
        create(2);
        kinesis.mergeShards(b ->
                b.streamName(stream).shardToMerge("shardId-000000000000").adjacentShardToMerge("shardId-000000000001"));
        awaitActive();

        Shard child = shards().get(2);
        assertThat(child.parentShardId()).isEqualTo("shardId-000000000000");
        assertThat(child.adjacentParentShardId()).isEqualTo("shardId-000000000001");
        assertContiguous(List.of(child));
        for (String parent : List.of("shardId-000000000000", "shardId-000000000001")) {
            assertThat(readToEnd(parent).childShards()).singleElement().satisfies(shown -> {
                assertThat(shown.shardId()).isEqualTo(child.shardId());
                assertThat(shown.parentShards())
                        .containsExactlyInAnyOrder("shardId-000000000000", "shardId-000000000001");
            });
        }
    }

    @Test
    void shardsThatAreNotAdjacentDoNotMerge() {
        create(3);

        assertThatThrownBy(() -> kinesis.mergeShards(b -> b.streamName(stream)
                        .shardToMerge("shardId-000000000000")
                        .adjacentShardToMerge("shardId-000000000002")))
                .isInstanceOf(InvalidArgumentException.class);
    }

    @Test
    void updatedShardCountLeavesEqualOpenRanges() {
        create(2);
        kinesis.updateShardCount(
                b -> b.streamName(stream).targetShardCount(3).scalingType(ScalingType.UNIFORM_SCALING));
        awaitActive();

        List<Shard> open = open(shards());
        assertContiguous(open);
        assertThat(open).hasSize(3);
        assertThat(summary().openShardCount()).isEqualTo(3);
        assertThatThrownBy(() -> kinesis.updateShardCount(
                        b -> b.streamName(stream).targetShardCount(7).scalingType(ScalingType.UNIFORM_SCALING)))
                .isInstanceOf(KinesisException.class);
    }

    @Test
    void shardListingHonoursEveryFilter() {
        create(2);
        Instant created = awaitLaterThan(summary().streamCreationTimestamp().plusMillis(1));
        kinesis.splitShard(b -> b.streamName(stream)
                .shardToSplit("shardId-000000000000")
                .newStartingHashKey(BigInteger.TWO.pow(126).toString()));
        awaitActive();
        awaitLaterThan(Instant.now().plusMillis(5));
        Instant now = Instant.now();

        assertThat(filtered(f -> f.type(ShardFilterType.AT_LATEST))).containsExactly(1, 2, 3);
        assertThat(filtered(f -> f.type(ShardFilterType.AT_TRIM_HORIZON))).containsExactly(0, 1);
        assertThat(filtered(f -> f.type(ShardFilterType.FROM_TRIM_HORIZON))).containsExactly(0, 1, 2, 3);
        assertThat(filtered(f -> f.type(ShardFilterType.AFTER_SHARD_ID).shardId("shardId-000000000001")))
                .containsExactly(2, 3);
        assertThat(filtered(f -> f.type(ShardFilterType.AT_TIMESTAMP).timestamp(created)))
                .containsExactly(0, 1);
        assertThat(filtered(f -> f.type(ShardFilterType.AT_TIMESTAMP).timestamp(now)))
                .containsExactly(1, 2, 3);
        assertThat(filtered(f -> f.type(ShardFilterType.FROM_TIMESTAMP).timestamp(created)))
                .containsExactly(0, 1, 2, 3);
        assertThat(filtered(f -> f.type(ShardFilterType.FROM_TIMESTAMP).timestamp(now)))
                .containsExactly(1, 2, 3);
    }

    @Test
    void shardListingPagesByToken() {
        create(5);
        ListShardsResponse first = kinesis.listShards(b -> b.streamName(stream).maxResults(2));
        ListShardsResponse second =
                kinesis.listShards(b -> b.nextToken(first.nextToken()).maxResults(2));
        ListShardsResponse third =
                kinesis.listShards(b -> b.nextToken(second.nextToken()).maxResults(2));

        List<Shard> all = new ArrayList<>(first.shards());
        all.addAll(second.shards());
        all.addAll(third.shards());
        assertThat(all).isEqualTo(shards());
        assertThat(third.nextToken()).isNull();
        assertThatThrownBy(() -> kinesis.listShards(b -> b.streamName(stream).nextToken(first.nextToken())))
                .isInstanceOf(InvalidArgumentException.class);
        assertThat(kinesis.listShards(b -> b.streamName(stream).exclusiveStartShardId("shardId-000000000002"))
                        .shards())
                .hasSize(2);
    }

    @Test
    void sizesBeyondTheLimitsAreRefused() {
        create(1);
        List<PutRecordsRequestEntry> tooMany = new ArrayList<>();
        for (int i = 0; i < 501; i++) {
            tooMany.add(entry("k", null));
        }
        assertThatThrownBy(() -> kinesis.putRecords(b -> b.streamName(stream).records(tooMany)))
                .isInstanceOf(KinesisException.class)
                .satisfies(KinesisContractIT::isValidationOrInvalidArgument);
        assertThatThrownBy(() -> kinesis.putRecord(b -> b.streamName(stream)
                        .partitionKey("k")
                        .data(SdkBytes.fromByteArrayUnsafe(new byte[(1 << 20) + 1]))))
                .isInstanceOf(KinesisException.class)
                .satisfies(KinesisContractIT::isValidationOrInvalidArgument);
        assertThat(kinesis.putRecord(b -> b.streamName(stream)
                                .partitionKey("k")
                                .data(SdkBytes.fromByteArrayUnsafe(new byte[(1 << 20) - 1])))
                        .shardId())
                .isNotNull();
    }

    @Test
    void brokenArgumentsAreNamed() {
        create(1);
        assertThatThrownBy(() -> kinesis.getRecords(b -> b.shardIterator("none of yours")))
                .isInstanceOf(KinesisException.class)
                .satisfies(KinesisContractIT::isValidationOrInvalidArgument);
        assertThatThrownBy(() -> at("shardId-000000000000", ShardIteratorType.AT_SEQUENCE_NUMBER, "12345"))
                .isInstanceOf(InvalidArgumentException.class);
        assertThatThrownBy(() -> kinesis.putRecord(b -> b.streamName(stream)
                        .partitionKey("k")
                        .explicitHashKey(BigInteger.TWO.pow(128).toString())
                        .data(SdkBytes.fromUtf8String("x"))))
                .isInstanceOf(InvalidArgumentException.class);
        assertThatThrownBy(() ->
                        kinesis.createStream(b -> b.streamName("not a name").shardCount(1)))
                .isInstanceOf(KinesisException.class)
                .satisfies(KinesisContractIT::isValidationOrInvalidArgument);
    }

    private static void isValidationOrInvalidArgument(Throwable thrown) {
        assertThat(((KinesisException) thrown).awsErrorDetails().errorCode())
                .isIn("ValidationException", "InvalidArgumentException");
        assertThat(((KinesisException) thrown).statusCode()).isEqualTo(400);
    }

    private List<Integer> filtered(java.util.function.Consumer<ShardFilter.Builder> filter) {
        return kinesis
                .listShards(ListShardsRequest.builder()
                        .streamName(stream)
                        .shardFilter(filter)
                        .build())
                .shards()
                .stream()
                .map(shard -> Integer.parseInt(shard.shardId().substring("shardId-".length())))
                .toList();
    }

    private void create(int shards) {
        kinesis.createStream(b -> b.streamName(stream).shardCount(shards));
        awaitActive();
    }

    private void awaitActive() {
        Awaitility.await().atMost(PATIENCE).until(() -> summary().streamStatus() == StreamStatus.ACTIVE);
    }

    private static Instant awaitLaterThan(Instant time) {
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .pollDelay(Duration.ZERO)
                .until(() -> Instant.now().isAfter(time.plusMillis(5)));
        return time.plusMillis(1);
    }

    private StreamDescriptionSummary summary() {
        return kinesis.describeStreamSummary(b -> b.streamName(stream)).streamDescriptionSummary();
    }

    private List<Shard> shards() {
        return kinesis.listShards(b -> b.streamName(stream)).shards();
    }

    private static List<Shard> open(List<Shard> shards) {
        return shards.stream()
                .filter(shard -> shard.sequenceNumberRange().endingSequenceNumber() == null)
                .toList();
    }

    private PutRecordResponse put(String key, String text) {
        return kinesis.putRecord(b -> b.streamName(stream).partitionKey(key).data(SdkBytes.fromUtf8String(text)));
    }

    private static PutRecordsRequestEntry entry(String key, @Nullable String hashKey) {
        return PutRecordsRequestEntry.builder()
                .partitionKey(key)
                .explicitHashKey(hashKey)
                .data(SdkBytes.fromUtf8String(key))
                .build();
    }

    private String iterator(String shard, ShardIteratorType type) {
        return kinesis.getShardIterator(b -> b.streamName(stream).shardId(shard).shardIteratorType(type))
                .shardIterator();
    }

    private String at(String shard, ShardIteratorType type, String number) {
        return kinesis.getShardIterator(GetShardIteratorRequest.builder()
                        .streamName(stream)
                        .shardId(shard)
                        .shardIteratorType(type)
                        .startingSequenceNumber(number)
                        .build())
                .shardIterator();
    }

    private Record recordAt(PutRecordResponse put) {
        return read(at(put.shardId(), ShardIteratorType.AT_SEQUENCE_NUMBER, put.sequenceNumber()), 1)
                .records()
                .get(0);
    }

    /** Reads on until there are {@code atLeast} records; the last answer with all of them. */
    private GetRecordsResponse read(String from, int atLeast) {
        List<Record> records = new ArrayList<>();
        String[] iterator = {from};
        GetRecordsResponse[] last = {GetRecordsResponse.builder().build()};
        Awaitility.await().atMost(PATIENCE).pollDelay(Duration.ZERO).until(() -> {
            last[0] = kinesis.getRecords(b -> b.shardIterator(iterator[0]));
            records.addAll(last[0].records());
            iterator[0] = last[0].nextShardIterator();
            return records.size() >= atLeast || iterator[0] == null;
        });
        return last[0].toBuilder().records(records).build();
    }

    private GetRecordsResponse readToEnd(String shard) {
        GetRecordsResponse end = read(iterator(shard, ShardIteratorType.TRIM_HORIZON), Integer.MAX_VALUE);
        assertThat(end.nextShardIterator()).isNull();
        return end;
    }

    private static List<String> texts(GetRecordsResponse response) {
        return response.records().stream()
                .map(record -> record.data().asString(StandardCharsets.UTF_8))
                .toList();
    }

    private static void assertContiguous(List<Shard> shards) {
        List<Shard> sorted = shards.stream()
                .sorted(Comparator.comparing(
                        shard -> new BigInteger(shard.hashKeyRange().startingHashKey())))
                .toList();
        BigInteger next = BigInteger.ZERO;
        for (Shard shard : sorted) {
            assertThat(shard.hashKeyRange().startingHashKey()).isEqualTo(next.toString());
            next = new BigInteger(shard.hashKeyRange().endingHashKey()).add(BigInteger.ONE);
        }
        assertThat(next).isEqualTo(BigInteger.TWO.pow(128));
    }
}
