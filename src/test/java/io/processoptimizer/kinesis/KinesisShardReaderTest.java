package io.processoptimizer.kinesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.processoptimizer.aws.PatientCalls;
import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.replay.Fetched;
import io.processoptimizer.replay.ReadFrom;
import io.processoptimizer.replay.RecordedRecord;
import io.processoptimizer.replay.RecordedShard;
import io.processoptimizer.replay.TrimmedException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.ExpiredIteratorException;
import software.amazon.awssdk.services.kinesis.model.GetRecordsRequest;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.GetShardIteratorRequest;
import software.amazon.awssdk.services.kinesis.model.GetShardIteratorResponse;
import software.amazon.awssdk.services.kinesis.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.ResourceNotFoundException;

class KinesisShardReaderTest {
    private static final long NOW = 1_767_225_600_000L;
    private static final BigInteger HALF = BigInteger.TWO.pow(127);

    private final Answers answers = new Answers();

    @Test
    void partsOfAnAggregateFollowEachOtherAndThePositionInsideOneIsGoneOnFrom() throws Exception {
        byte[] three = Aggregates.of(List.of(part("a"), part("b"), part("c")));
        answers.page(record("10", "plain".getBytes(StandardCharsets.UTF_8)), record("11", three));
        answers.page(record("11", three), record("12", "plain".getBytes(StandardCharsets.UTF_8)));

        assertThat(positions(reader(new ReadFrom.TrimHorizon()).next()))
                .containsExactly("10/0", "11/0", "11/1", "11/2");
        assertThat(positions(
                        reader(new ReadFrom.After(new RecordPosition("11", 0))).next()))
                .containsExactly("11/1", "11/2", "12/0");
        assertThat(answers.opened).containsExactly("TRIM_HORIZON", "AT_SEQUENCE_NUMBER 11");
    }

    @Test
    void anAggregateWithARecordOutsideTheShardIsDroppedAsAWhole() throws Exception {
        List<Aggregates.Part> both = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            both.add(part("key " + i));
        }
        answers.page(record("10", Aggregates.of(both)), record("11", new byte[] {1}));

        RecordedShard half =
                new RecordedShard("shard-0", BigInteger.ZERO, HALF.subtract(BigInteger.ONE), List.of(), false);
        assertThat(positions(reader(half, new ReadFrom.TrimHorizon()).next())).containsExactly("11/0");
    }

    @Test
    void anAggregateThatCannotBeTakenApartDoesNotStopTheReading() throws Exception {
        answers.page(record("10", new byte[] {1}), record("11", Aggregates.broken()), record("12", new byte[] {2}));

        assertThat(positions(reader(new ReadFrom.TrimHorizon()).next())).containsExactly("10/0", "11/0", "12/0");
    }

    @Test
    void anExpiredIteratorIsOpenedAgainWhereItWas() throws Exception {
        answers.page(record("10", new byte[] {1}), record("11", new byte[] {2}));
        answers.failure(ExpiredIteratorException.builder().build());
        answers.page(record("11", new byte[] {2}), record("12", new byte[] {3}));
        KinesisShardReader reader = reader(new ReadFrom.TrimHorizon());

        assertThat(positions(reader.next())).containsExactly("10/0", "11/0");
        assertThat(positions(reader.next())).containsExactly("12/0");
        assertThat(answers.opened).containsExactly("TRIM_HORIZON", "AT_SEQUENCE_NUMBER 11");
    }

    @Test
    void fromLatestAnIteratorThatExpiresBeforeTheFirstRecordLosesNone() throws Exception {
        answers.page();
        answers.failure(ExpiredIteratorException.builder().build());
        answers.page(record("10", new byte[] {1}));
        KinesisShardReader reader = reader(new ReadFrom.Latest());

        assertThat(reader.next().records()).isEmpty();
        assertThat(positions(reader.next())).containsExactly("10/0");
        assertThat(answers.opened).containsExactly("LATEST", "AT_TIMESTAMP " + NOW);
    }

    @Test
    void throttlingIsWaitedOutAndAMissingStreamIsNot() throws Exception {
        answers.failure(ProvisionedThroughputExceededException.builder().build());
        answers.failure(ProvisionedThroughputExceededException.builder().build());
        answers.page(record("10", new byte[] {1}));
        answers.failure(ResourceNotFoundException.builder()
                .awsErrorDetails(AwsErrorDetails.builder().errorMessage("gone").build())
                .build());
        KinesisShardReader reader = reader(new ReadFrom.TrimHorizon());

        assertThat(positions(reader.next())).containsExactly("10/0");
        assertThatThrownBy(reader::next).isInstanceOf(ResourceNotFoundException.class);
    }

    @Test
    void aPositionThatTheStreamDroppedIsSaidOnceAndReadingGoesOn() throws Exception {
        answers.page(record("15", new byte[] {1}));
        answers.page(record("15", new byte[] {1}));
        KinesisShardReader reader = reader(new ReadFrom.After(new RecordPosition("11", 0)));

        assertThatThrownBy(reader::next)
                .isInstanceOf(TrimmedException.class)
                .hasMessageContaining("no longer has the record 11");
        assertThat(positions(reader.next())).containsExactly("15/0");
    }

    @Test
    void anEmptyPageBeforeThePositionIsNoLoss() throws Exception {
        answers.pageBehind(5);
        answers.page(record("11", new byte[] {1}), record("12", new byte[] {2}));
        KinesisShardReader reader = reader(new ReadFrom.After(new RecordPosition("11", 0)));

        assertThat(reader.next().records()).isEmpty();
        assertThat(positions(reader.next())).containsExactly("12/0");
    }

    private static Aggregates.Part part(String key) {
        return new Aggregates.Part(key, "{}");
    }

    private KinesisShardReader reader(ReadFrom from) {
        return reader(
                new RecordedShard(
                        "shard-0", BigInteger.ZERO, HALF.shiftLeft(1).subtract(BigInteger.ONE), List.of(), false),
                from);
    }

    private KinesisShardReader reader(RecordedShard shard, ReadFrom from) {
        return new KinesisShardReader(
                answers, new PatientCalls(), "stream", shard, from, InstantSource.fixed(Instant.ofEpochMilli(NOW)));
    }

    private static Record record(String sequence, byte[] data) {
        return Record.builder()
                .sequenceNumber(sequence)
                .partitionKey("key")
                .approximateArrivalTimestamp(Instant.ofEpochMilli(NOW))
                .data(SdkBytes.fromByteArray(data))
                .build();
    }

    private static List<String> positions(Fetched fetched) {
        return fetched.records().stream()
                .map(RecordedRecord::position)
                .map(position -> position.sequenceNumber() + "/" + position.subSequenceNumber())
                .toList();
    }

    /** A Kinesis that says what it was told to, one answer a read. */
    private static final class Answers implements KinesisAsyncClient {
        final List<String> opened = new ArrayList<>();
        private final Deque<CompletableFuture<GetRecordsResponse>> pages = new ArrayDeque<>();

        void page(Record... records) {
            answer(0, records);
        }

        void pageBehind(long millis) {
            answer(millis);
        }

        private void answer(long behind, Record... records) {
            pages.add(CompletableFuture.completedFuture(GetRecordsResponse.builder()
                    .records(records)
                    .millisBehindLatest(behind)
                    .nextShardIterator("next")
                    .build()));
        }

        void failure(RuntimeException failure) {
            pages.add(CompletableFuture.failedFuture(failure));
        }

        @Override
        public CompletableFuture<GetRecordsResponse> getRecords(GetRecordsRequest request) {
            return pages.remove();
        }

        @Override
        public CompletableFuture<GetShardIteratorResponse> getShardIterator(GetShardIteratorRequest request) {
            String where = request.shardIteratorTypeAsString();
            if (request.startingSequenceNumber() != null) {
                where += " " + request.startingSequenceNumber();
            }
            if (request.timestamp() != null) {
                where += " " + request.timestamp().toEpochMilli();
            }
            opened.add(where);
            return CompletableFuture.completedFuture(
                    GetShardIteratorResponse.builder().shardIterator("first").build());
        }

        @Override
        public String serviceName() {
            return "kinesis";
        }

        @Override
        public void close() {}
    }
}
