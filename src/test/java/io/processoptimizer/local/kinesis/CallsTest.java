package io.processoptimizer.local.kinesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What depends on the clock, the limits or the exact words of a request, without a server. */
class CallsTest {
    private final ManualClock clock = new ManualClock();
    private Map<String, Call> calls = calls(KinesisLimits.unthrottled());

    private Map<String, Call> calls(KinesisLimits limits) {
        StreamRegistry registry = new StreamRegistry(clock, limits, "eu-west-1", "123456789012");
        Map<String, Call> all = new HashMap<>();
        all.putAll(new StreamCalls(registry).calls());
        all.putAll(new TagCalls(registry).calls());
        all.putAll(new ShardCalls(registry).calls());
        all.putAll(new RecordCalls(registry).calls());
        all.putAll(new ConsumerCalls(registry, new Subscriptions(registry, Subscription.Timing.AS_IN_THE_SERVICE))
                .calls());
        return all;
    }

    private JsonNode call(String operation, String json) {
        Call call = Objects.requireNonNull(calls.get(operation), operation);
        byte[] request = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        Reply reply = call.answer(new Fields(WireFormat.JSON, WireFormat.JSON.read(request)));
        return WireFormat.JSON.read(WireFormat.JSON.write(reply));
    }

    private void assertRefused(KinesisError error, String operation, String json) {
        assertThatThrownBy(() -> call(operation, json))
                .as("%s %s", operation, json)
                .isInstanceOfSatisfying(
                        KinesisException.class,
                        refusal ->
                                assertThat(refusal.error()).as(refusal.text()).isEqualTo(error));
    }

    private void createStream(int shards) {
        call("CreateStream", "{'StreamName':'s','ShardCount':" + shards + "}");
    }

    private JsonNode put(int bytes) {
        return call(
                "PutRecord",
                "{'StreamName':'s','PartitionKey':'k','Data':'"
                        + Base64.getEncoder().encodeToString(new byte[bytes]) + "'}");
    }

    private String iterator() {
        return call(
                        "GetShardIterator",
                        "{'StreamName':'s','ShardId':'shardId-000000000000','ShardIteratorType':'TRIM_HORIZON'}")
                .get("ShardIterator")
                .textValue();
    }

    private JsonNode get(String iterator) {
        return call("GetRecords", "{'ShardIterator':'" + iterator + "'}");
    }

    @Test
    void iteratorIsGoodForFiveMinutes() {
        createStream(1);
        String iterator = iterator();

        clock.advance(Duration.ofMinutes(5));
        get(iterator);

        clock.advance(Duration.ofMillis(1));
        assertRefused(KinesisError.EXPIRED_ITERATOR, "GetRecords", "{'ShardIterator':'" + iterator + "'}");
    }

    @Test
    void listingTokenIsGoodForFiveMinutes() {
        createStream(3);
        String token = call("ListShards", "{'StreamName':'s','MaxResults':1}")
                .get("NextToken")
                .textValue();

        clock.advance(Duration.ofMinutes(5));
        assertThat(call("ListShards", "{'NextToken':'" + token + "'}").get("Shards"))
                .hasSize(2);

        clock.advance(Duration.ofMillis(1));
        assertRefused(KinesisError.EXPIRED_NEXT_TOKEN, "ListShards", "{'NextToken':'" + token + "'}");
    }

    @Test
    void iteratorOfADeletedStreamDoesNotReadItsSuccessor() {
        createStream(1);
        String iterator = iterator();
        call("DeleteStream", "{'StreamName':'s'}");
        assertRefused(KinesisError.RESOURCE_NOT_FOUND, "GetRecords", "{'ShardIterator':'" + iterator + "'}");

        clock.advance(Duration.ofMillis(1));
        createStream(1);

        assertRefused(KinesisError.RESOURCE_NOT_FOUND, "GetRecords", "{'ShardIterator':'" + iterator + "'}");
    }

    @Test
    void sequenceNumbersOfAnotherStreamOrShardAreRefused() {
        createStream(2);
        String number = call("PutRecord", "{'StreamName':'s','PartitionKey':'k','ExplicitHashKey':'0','Data':''}")
                .get("SequenceNumber")
                .textValue();
        String at = "'ShardIteratorType':'AT_SEQUENCE_NUMBER','StartingSequenceNumber':'" + number + "'}";
        call("GetShardIterator", "{'StreamName':'s','ShardId':'shardId-000000000000'," + at);

        assertRefused(
                KinesisError.INVALID_ARGUMENT,
                "GetShardIterator",
                "{'StreamName':'s','ShardId':'shardId-000000000001'," + at);
        clock.advance(Duration.ofSeconds(1));
        call("CreateStream", "{'StreamName':'t','ShardCount':1}");
        assertRefused(
                KinesisError.INVALID_ARGUMENT,
                "GetShardIterator",
                "{'StreamName':'t','ShardId':'shardId-000000000000'," + at);
    }

    @Test
    void recordsBehindRetentionAreGoneAndLongerRetentionKeepsThem() {
        createStream(1);
        put(10);
        call("IncreaseStreamRetentionPeriod", "{'StreamName':'s','RetentionPeriodHours':48}");
        clock.advance(Duration.ofHours(30));
        assertThat(get(iterator()).get("Records")).hasSize(1);

        call("DecreaseStreamRetentionPeriod", "{'StreamName':'s','RetentionPeriodHours':24}");

        assertThat(get(iterator()).get("Records")).isEmpty();
        assertRefused(
                KinesisError.INVALID_ARGUMENT,
                "IncreaseStreamRetentionPeriod",
                "{'StreamName':'s','RetentionPeriodHours':23}");
        assertRefused(
                KinesisError.INVALID_ARGUMENT,
                "DecreaseStreamRetentionPeriod",
                "{'StreamName':'s','RetentionPeriodHours':25}");
    }

    @Test
    void millisBehindLatestIsTheAgeOfWhatComesNext() {
        createStream(1);
        put(1);
        clock.advance(Duration.ofSeconds(10));
        put(1);
        clock.advance(Duration.ofSeconds(5));

        JsonNode first = call("GetRecords", "{'Limit':1,'ShardIterator':'" + iterator() + "'}");

        assertThat(first.get("MillisBehindLatest").longValue()).isEqualTo(5_000);
        assertThat(get(first.get("NextShardIterator").textValue())
                        .get("MillisBehindLatest")
                        .longValue())
                .isZero();
    }

    @Test
    void aPageEndsBeforeTenMebibytes() {
        createStream(1);
        for (int i = 0; i < 12; i++) {
            put(1 << 19);
            put((1 << 20) - 1);
        }
        JsonNode first = get(iterator());
        assertThat(first.get("Records")).hasSizeLessThan(24);
        assertThat(get(first.get("NextShardIterator").textValue()).get("Records"))
                .isNotEmpty();
    }

    @Test
    void enforcedWriteRateFailsTheEntriesBeyondIt() {
        calls = calls(KinesisLimits.asInTheService());
        createStream(1);
        StringBuilder entries = new StringBuilder();
        for (int i = 0; i < 400; i++) {
            entries.append(i == 0 ? "" : ",").append("{'PartitionKey':'k','Data':'AAAA'}");
        }
        String batch = "{'StreamName':'s','Records':[" + entries + "]}";
        call("PutRecords", batch);
        call("PutRecords", batch);

        JsonNode third = call("PutRecords", batch);

        assertThat(third.get("FailedRecordCount").intValue()).isEqualTo(200);
        assertThat(third.get("Records").get(199).has("SequenceNumber")).isTrue();
        assertThat(third.get("Records").get(200).get("ErrorCode").textValue())
                .isEqualTo("ProvisionedThroughputExceededException");
        assertThat(third.get("Records").get(200).has("SequenceNumber")).isFalse();
        clock.advance(Duration.ofMillis(500));
        assertThat(call("PutRecords", batch).get("FailedRecordCount").intValue())
                .isZero();
    }

    @Test
    void enforcedWriteRateCountsBytes() {
        calls = calls(KinesisLimits.asInTheService());
        createStream(1);
        put(1_000_000);

        assertRefused(
                KinesisError.PROVISIONED_THROUGHPUT_EXCEEDED,
                "PutRecord",
                "{'StreamName':'s','PartitionKey':'k','Data':'"
                        + Base64.getEncoder().encodeToString(new byte[100_000]) + "'}");
        clock.advance(Duration.ofMillis(60));
        put(100_000);
    }

    @Test
    void enforcedReadRateCountsCallsAndBytes() {
        calls = calls(KinesisLimits.asInTheService());
        createStream(1);
        for (int i = 0; i < 4; i++) {
            put(1_000_000);
            clock.advance(Duration.ofSeconds(1));
        }
        String iterator = iterator();
        String request = "{'ShardIterator':'" + iterator + "'}";

        assertThat(get(iterator).get("Records")).hasSize(4);
        assertRefused(KinesisError.PROVISIONED_THROUGHPUT_EXCEEDED, "GetRecords", request);
        clock.advance(Duration.ofSeconds(2));
        get(call("GetShardIterator", "{'StreamName':'s','ShardId':'shardId-000000000000','ShardIteratorType':'LATEST'}")
                .get("ShardIterator")
                .textValue());
        clock.advance(Duration.ofSeconds(10));
        String latest = call(
                        "GetShardIterator",
                        "{'StreamName':'s','ShardId':'shardId-000000000000','ShardIteratorType':'LATEST'}")
                .get("ShardIterator")
                .textValue();
        for (int i = 0; i < 5; i++) {
            get(latest);
        }
        assertRefused(KinesisError.PROVISIONED_THROUGHPUT_EXCEEDED, "GetRecords", "{'ShardIterator':'" + latest + "'}");
    }

    @Test
    void enforcedScalingIsLimitedToTenADay() {
        calls = calls(KinesisLimits.asInTheService());
        createStream(1);
        for (int i = 0; i < 10; i++) {
            scale(i % 2 == 0 ? 2 : 1);
        }

        assertRefused(
                KinesisError.LIMIT_EXCEEDED,
                "UpdateShardCount",
                "{'StreamName':'s','TargetShardCount':2,'ScalingType':'UNIFORM_SCALING'}");
        clock.advance(Duration.ofDays(1));
        scale(2);
    }

    private void scale(int target) {
        call(
                "UpdateShardCount",
                "{'StreamName':'s','TargetShardCount':" + target + ",'ScalingType':'UNIFORM_SCALING'}");
    }

    @Test
    void fullEndpointRefusesAWholeBatchAndSaysWhy() {
        calls = calls(new KinesisLimits(false, 2_000, 10));
        createStream(1);
        put(1_500);

        assertThatThrownBy(() -> put(1_500))
                .hasMessageContaining("of at most 2000 bytes")
                .hasMessageContaining("larger heap");
        assertRefused(
                KinesisError.LIMIT_EXCEEDED,
                "PutRecords",
                "{'StreamName':'s','Records':[{'PartitionKey':'k','Data':'AAAA'},{'PartitionKey':'k','Data':'"
                        + Base64.getEncoder().encodeToString(new byte[1_500]) + "'}]}");
        assertThat(get(iterator()).get("Records")).hasSize(1);
    }

    @Test
    void shardsBeyondTheBoundAreRefused() {
        calls = calls(new KinesisLimits(false, 1_000, 4));
        createStream(3);

        assertRefused(
                KinesisError.LIMIT_EXCEEDED,
                "SplitShard",
                "{'StreamName':'s','ShardToSplit':'shardId-000000000000','NewStartingHashKey':'5'}");
        assertRefused(KinesisError.LIMIT_EXCEEDED, "CreateStream", "{'StreamName':'t','ShardCount':2}");
    }

    @Test
    void onDemandStreamHasFourShardsAndIsNotScaledByHand() {
        call("CreateStream", "{'StreamName':'s','StreamModeDetails':{'StreamMode':'ON_DEMAND'}}");
        assertThat(call("ListShards", "{'StreamName':'s'}").get("Shards")).hasSize(4);
        String scale = "{'StreamName':'s','TargetShardCount':8,'ScalingType':'UNIFORM_SCALING'}";
        assertRefused(KinesisError.VALIDATION, "UpdateShardCount", scale);

        call(
                "UpdateStreamMode",
                "{'StreamARN':'arn:aws:kinesis:eu-west-1:123456789012:stream/s',"
                        + "'StreamModeDetails':{'StreamMode':'PROVISIONED'}}");

        assertThat(call("UpdateShardCount", scale).get("CurrentShardCount").intValue())
                .isEqualTo(4);
    }

    @Test
    void recordSizeIsASettingOfTheStream() {
        call("CreateStream", "{'StreamName':'s','ShardCount':1,'MaxRecordSizeInKiB':2048}");
        put(2_000_000);
        assertThat(call("DescribeStreamSummary", "{'StreamName':'s'}")
                        .get("StreamDescriptionSummary")
                        .get("MaxRecordSizeInKiB")
                        .intValue())
                .isEqualTo(2048);

        call(
                "UpdateMaxRecordSize",
                "{'StreamARN':'arn:aws:kinesis:eu-west-1:123456789012:stream/s'," + "'MaxRecordSizeInKiB':1024}");

        assertThatThrownBy(() -> put(2_000_000)).hasMessageContaining("less than or equal to 1048576");
    }

    @Test
    void splitKeyAtTheEdgeOfAShardIsRefused() {
        createStream(1);
        for (String key : new String[] {"0", "1", HashKeyRange.LAST_KEY.toString()}) {
            assertRefused(
                    KinesisError.INVALID_ARGUMENT,
                    "SplitShard",
                    "{'StreamName':'s','ShardToSplit':'shardId-000000000000','NewStartingHashKey':'" + key + "'}");
        }
    }

    @Test
    void tagsAreKeptListedAndRemoved() {
        call("CreateStream", "{'StreamName':'s','ShardCount':1,'Tags':{'a':'1'}}");
        call("AddTagsToStream", "{'StreamName':'s','Tags':{'b':'2','c':'3'}}");
        call("RemoveTagsFromStream", "{'StreamName':'s','TagKeys':['b']}");

        assertThat(call("ListTagsForStream", "{'StreamName':'s'}").toString())
                .isEqualTo("{'Tags':[{'Key':'a','Value':'1'},{'Key':'c','Value':'3'}],'HasMoreTags':false}"
                        .replace('\'', '"'));
        assertThat(call("ListTagsForStream", "{'StreamName':'s','ExclusiveStartTagKey':'a'}")
                        .get("Tags"))
                .hasSize(1);
    }

    @Test
    void streamWithConsumersIsDeletedOnlyWhenTheyMayGo() {
        createStream(1);
        call(
                "RegisterStreamConsumer",
                "{'StreamARN':'arn:aws:kinesis:eu-west-1:123456789012:stream/s'," + "'ConsumerName':'c'}");

        assertRefused(KinesisError.RESOURCE_IN_USE, "DeleteStream", "{'StreamName':'s'}");
        call("DeleteStream", "{'StreamName':'s','EnforceConsumerDeletion':true}");
        assertRefused(KinesisError.RESOURCE_NOT_FOUND, "DescribeStream", "{'StreamName':'s'}");
    }

    @Test
    void brokenRequestsSayWhatIsWrong() {
        createStream(1);
        assertRefused(KinesisError.INVALID_ARGUMENT, "ListShards", "{}");
        assertRefused(KinesisError.VALIDATION, "CreateStream", "{'StreamName':'x y','ShardCount':1}");
        assertRefused(KinesisError.VALIDATION, "CreateStream", "{'StreamName':'t'}");
        assertRefused(KinesisError.VALIDATION, "PutRecord", "{'StreamName':'s','PartitionKey':'','Data':''}");
        assertRefused(KinesisError.VALIDATION, "PutRecords", "{'StreamName':'s','Records':[]}");
        assertRefused(KinesisError.SERIALIZATION, "PutRecord", "{'StreamName':'s','PartitionKey':'k','Data':'%'}");
        assertRefused(KinesisError.SERIALIZATION, "PutRecord", "{'StreamName':7}");
        assertRefused(KinesisError.SERIALIZATION, "ListShards", "[]");
        assertRefused(KinesisError.VALIDATION, "GetRecords", "{'ShardIterator':'x','Limit':10001}");
        assertRefused(
                KinesisError.INVALID_ARGUMENT,
                "ListShards",
                "{'StreamName':'s','ShardFilter':{'Type':'AT_TIMESTAMP'}}");
        assertRefused(KinesisError.VALIDATION, "ListShards", "{'StreamName':'s','ShardFilter':{'Type':'NEVER'}}");
    }
}
