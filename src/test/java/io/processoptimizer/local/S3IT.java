package io.processoptimizer.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.Bucket;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.DeletedObject;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/** S3 through the SDK's own client. */
class S3IT {
    private static LocalAws aws;
    private static S3AsyncClient client;

    @BeforeAll
    static void start() throws IOException {
        aws = LocalAws.start(LocalAwsSettings.onAnyPort());
        client = S3AsyncClient.builder()
                .endpointOverride(aws.endpoint())
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .forcePathStyle(true)
                .build();
    }

    @AfterAll
    static void stop() {
        client.close();
        aws.close();
    }

    @Test
    void bucketsHaveTheirLifeCycle() {
        client.createBucket(r -> r.bucket("cycle")).join();
        // In us-east-1 one may make one's own bucket twice.
        client.createBucket(r -> r.bucket("cycle")).join();
        assertThat(client.listBuckets().join().buckets())
                .extracting(Bucket::name)
                .contains("cycle");
        assertThat(client.headBucket(r -> r.bucket("cycle")).join().bucketRegion())
                .isEqualTo("us-east-1");
        put("cycle", "key", "x");
        assertRefused(() -> client.deleteBucket(r -> r.bucket("cycle")).join(), 409, "BucketNotEmpty");
        client.deleteObject(r -> r.bucket("cycle").key("key")).join();
        client.deleteBucket(r -> r.bucket("cycle")).join();
        assertThatThrownBy(() -> client.headBucket(r -> r.bucket("cycle")).join())
                .hasCauseInstanceOf(NoSuchBucketException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 70_000, 9_000_000})
    void anObjectOfAnySizeComesBackWithItsChecksumAndItsEtag(int size) {
        bucket("sizes");
        byte[] data = new byte[size];
        new SplittableRandom(size).nextBytes(data);
        String etag = client.putObject(r -> r.bucket("sizes").key("object"), AsyncRequestBody.fromBytes(data))
                .join()
                .eTag();
        ResponseBytes<GetObjectResponse> got = client.getObject(
                        r -> r.bucket("sizes").key("object").checksumMode(ChecksumMode.ENABLED),
                        AsyncResponseTransformer.toBytes())
                .join();
        assertThat(got.asByteArray()).isEqualTo(data);
        assertThat(got.response().eTag()).isEqualTo(etag).matches("\"[0-9a-f]{32}\"");
        assertThat(got.response().checksumCRC32()).isNotNull();
        assertThat(client.headObject(r -> r.bucket("sizes").key("object"))
                        .join()
                        .contentLength())
                .isEqualTo(size);
    }

    @ParameterizedTest
    @EnumSource(
            value = ChecksumAlgorithm.class,
            names = {"CRC32", "CRC32_C", "SHA1", "SHA256"})
    void aChecksumOfEachKindIsTakenAndGivenBack(ChecksumAlgorithm algorithm) {
        bucket("checked");
        client.putObject(
                        r -> r.bucket("checked").key("k").checksumAlgorithm(algorithm),
                        AsyncRequestBody.fromString("data"))
                .join();
        // The client compares it with what it reads.
        assertThat(read("checked", "k")).isEqualTo("data");
    }

    @Test
    void aWrongChecksumIsRefused() {
        bucket("wrong");
        assertRefused(
                () -> client.putObject(
                                r -> r.bucket("wrong").key("k").checksumCRC32("AAAAAA=="),
                                AsyncRequestBody.fromString("data"))
                        .join(),
                400,
                "BadDigest");
        assertThatThrownBy(() -> read("wrong", "k")).hasCauseInstanceOf(NoSuchKeyException.class);
    }

    @Test
    void aRangeOfAnObjectCanBeRead() {
        bucket("ranges");
        put("ranges", "k", "0123456789");
        assertThat(range("bytes=2-4")).isEqualTo("234");
        assertThat(range("bytes=7-")).isEqualTo("789");
        assertThat(range("bytes=-2")).isEqualTo("89");
        assertThat(range("bytes=8-100")).isEqualTo("89");
        assertRefused(() -> range("bytes=10-11"), 416, "InvalidRange");
    }

    private static String range(String range) {
        return client.getObject(r -> r.bucket("ranges").key("k").range(range), AsyncResponseTransformer.toBytes())
                .join()
                .asUtf8String();
    }

    @Test
    void aConditionalPutWritesOnce() {
        bucket("once");
        client.putObject(r -> r.bucket("once").key("k").ifNoneMatch("*"), AsyncRequestBody.fromString("first"))
                .join();
        assertRefused(
                () -> client.putObject(
                                r -> r.bucket("once").key("k").ifNoneMatch("*"), AsyncRequestBody.fromString("second"))
                        .join(),
                412,
                "PreconditionFailed");
        assertThat(read("once", "k")).isEqualTo("first");
    }

    @Test
    void whatIsMissingIsTheDocumentedError() {
        bucket("present");
        assertThatThrownBy(() -> read("present", "k")).hasCauseInstanceOf(NoSuchKeyException.class);
        assertThatThrownBy(() ->
                        client.headObject(r -> r.bucket("present").key("k")).join())
                .hasCauseInstanceOf(NoSuchKeyException.class);
        assertThatThrownBy(() -> read("absent", "k")).hasCauseInstanceOf(NoSuchBucketException.class);
        assertThatThrownBy(() -> put("absent", "k", "x")).hasCauseInstanceOf(NoSuchBucketException.class);
        assertThatThrownBy(() -> client.listObjectsV2(r -> r.bucket("absent")).join())
                .hasCauseInstanceOf(NoSuchBucketException.class);
        client.deleteObject(r -> r.bucket("present").key("k")).join();
    }

    @Test
    void keysAreListedInTheirOrderByPageAndPrefix() {
        bucket("listed");
        List<String> keys =
                IntStream.range(0, 25).mapToObj(i -> "a/" + (char) ('a' + i)).toList();
        keys.forEach(key -> put("listed", key, "x"));
        put("listed", "b", "x");
        assertThat(keys("listed", "a/", 10)).isEqualTo(keys);
        assertThat(keys("listed", "", 25)).hasSize(26).endsWith("b");
        assertThat(keys("listed", "c", 10)).isEmpty();
        assertThat(client.listObjectsV2(r -> r.bucket("listed").startAfter("a/x"))
                        .join()
                        .contents())
                .extracting(S3Object::key)
                .containsExactly("a/y", "b");
    }

    private static List<String> keys(String bucket, String prefix, int page) {
        List<ListObjectsV2Response> pages = new CopyOnWriteArrayList<>();
        client.listObjectsV2Paginator(r -> r.bucket(bucket).prefix(prefix).maxKeys(page))
                .subscribe(pages::add)
                .join();
        assertThat(pages).allMatch(one -> one.keyCount() <= page);
        return pages.stream()
                .flatMap(one -> one.contents().stream())
                .map(S3Object::key)
                .toList();
    }

    @Test
    void aDelimiterShowsFoldersOnceAcrossPages() {
        bucket("folders");
        for (String key : List.of("p/a/1", "p/a/2", "p/b", "p/c/1", "p/c/2", "p/d", "q")) {
            put("folders", key, "x");
        }
        List<String> seen = new ArrayList<>();
        String token = null;
        do {
            String from = token;
            ListObjectsV2Response page = client.listObjectsV2(r -> r.bucket("folders")
                            .prefix("p/")
                            .delimiter("/")
                            .maxKeys(1)
                            .continuationToken(from))
                    .join();
            page.contents().forEach(object -> seen.add(object.key()));
            page.commonPrefixes().stream().map(CommonPrefix::prefix).forEach(seen::add);
            token = page.nextContinuationToken();
        } while (token != null);
        assertThat(seen).containsExactly("p/a/", "p/b", "p/c/", "p/d");
    }

    @Test
    void objectsAreDeletedTogether() {
        bucket("together");
        List<ObjectIdentifier> ids = IntStream.range(0, 5)
                .mapToObj(i -> ObjectIdentifier.builder().key("k & <" + i + ">").build())
                .toList();
        ids.forEach(id -> put("together", id.key(), "x"));
        put("together", "kept", "x");
        assertThat(client.deleteObjects(r -> r.bucket("together").delete(d -> d.objects(ids)))
                        .join()
                        .deleted())
                .extracting(DeletedObject::key)
                .containsExactlyInAnyOrderElementsOf(
                        ids.stream().map(ObjectIdentifier::key).toList());
        assertThat(keys("together", "", 100)).containsExactly("kept");
    }

    @Test
    void keysOfAnyCharactersAreKept() {
        bucket("strange");
        List<String> keys = List.of(
                "with blank",
                "a+b",
                "a%2Fb",
                "a//b",
                "../up",
                "./here",
                "ä€😀",
                "semi;colon",
                "q?x=y",
                "#hash",
                "slash/");
        keys.forEach(key -> put("strange", key, key));
        keys.forEach(key -> assertThat(read("strange", key)).isEqualTo(key));
        assertThat(keys("strange", "", 100)).containsExactlyInAnyOrderElementsOf(keys);
    }

    @Test
    void metadataTravelsWithTheObject() {
        bucket("metadata");
        client.putObject(
                        r -> r.bucket("metadata")
                                .key("k")
                                .contentType("text/x-test")
                                .contentEncoding("gzip")
                                .metadata(Map.of("made-by", "us")),
                        AsyncRequestBody.fromString("x"))
                .join();
        var head = client.headObject(r -> r.bucket("metadata").key("k")).join();
        assertThat(head.contentType()).isEqualTo("text/x-test");
        assertThat(head.contentEncoding()).isEqualTo("gzip");
        assertThat(head.metadata()).containsEntry("made-by", "us");
    }

    @Test
    void whatIsNotKeptIsRefusedAndNotIgnored() {
        bucket("refused");
        put("refused", "k", "x");
        assertRefused(
                () -> client.createMultipartUpload(r -> r.bucket("refused").key("k"))
                        .join(),
                501,
                "NotImplemented");
        assertRefused(
                () -> client.copyObject(r -> r.sourceBucket("refused")
                                .sourceKey("k")
                                .destinationBucket("refused")
                                .destinationKey("l"))
                        .join(),
                501,
                "NotImplemented");
        assertRefused(() -> client.getBucketVersioning(r -> r.bucket("refused")).join(), 501, "NotImplemented");
        assertRefused(() -> client.listObjects(r -> r.bucket("refused")).join(), 501, "NotImplemented");
    }

    @Test
    void anUnsignedRequestIsToldWhatIsServed() throws Exception {
        bucket("unsigned");
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(aws.endpoint() + "/unsigned/k"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(501);
        assertThat(answer.body()).contains("S3 (signed requests)");
    }

    private static void bucket(String name) {
        client.createBucket(r -> r.bucket(name)).join();
    }

    private static void put(String bucket, String key, String text) {
        client.putObject(r -> r.bucket(bucket).key(key), AsyncRequestBody.fromString(text))
                .join();
    }

    private static String read(String bucket, String key) {
        return client.getObject(r -> r.bucket(bucket).key(key), AsyncResponseTransformer.toBytes())
                .join()
                .asUtf8String();
    }

    private static void assertRefused(Runnable call, int status, String code) {
        assertThatThrownBy(call::run)
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOf(SdkException.class)
                .isInstanceOfSatisfying(
                        SdkServiceException.class,
                        e -> assertThat(e.statusCode()).isEqualTo(status))
                .isInstanceOfSatisfying(
                        S3Exception.class,
                        e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo(code));
    }
}
