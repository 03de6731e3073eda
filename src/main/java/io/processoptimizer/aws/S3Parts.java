package io.processoptimizer.aws;

import io.processoptimizer.checkpoint.PartName;
import io.processoptimizer.checkpoint.SnapshotParts;
import io.processoptimizer.checkpoint.SnapshotStoreException;
import io.processoptimizer.checkpoint.UnreadableSnapshotException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * States as objects {@code PREFIX/SHARD/ID.NNNN} of a bucket (see {@link PartName}), each uploaded with its CRC-32C, which S3 compares
 * and gives back with the object. A part may be long, so that a state is one object: what S3 charges for is the request.
 */
public final class S3Parts implements SnapshotParts {
    /** States of up to so many bytes, compressed, are one request; a longer one is repeated in pieces of this size after a failure. */
    private static final int PART_BYTES = 16 * 1024 * 1024;

    /** Parts on the wire at once, which bounds what the SDK holds of them beside the state. */
    private static final int PARTS_AT_ONCE = 2;

    /** Keys of one listing or deletion. */
    private static final int PAGE_KEYS = 1_000;

    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(20);
    private static final int MOVED = 301;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;

    private final S3AsyncClient s3;
    private final String bucket;
    private final String prefix;
    private final int pageKeys;
    private final StateCalls calls;

    /**
     * @param bucket exists, see {@link #require}
     * @param prefix begins every key; a folder, with or without / at its end
     */
    public S3Parts(S3AsyncClient s3, String bucket, String prefix) {
        this(s3, bucket, prefix, PAGE_KEYS);
    }

    S3Parts(S3AsyncClient s3, String bucket, String prefix, int pageKeys) {
        this.s3 = s3;
        this.bucket = bucket;
        this.prefix = prefix.endsWith("/") ? prefix : prefix + "/";
        this.pageKeys = pageKeys;
        this.calls = new StateCalls("bucket " + bucket + " (state.bucket)");
    }

    /**
     * Asks for the bucket.
     *
     * @throws IllegalStateException where it is missing, in another region or not ours to read, naming the setting and the remedy
     */
    public void require() throws InterruptedException {
        try {
            Calls.await(s3.headBucket(r -> r.bucket(bucket)), ANSWER_WITHIN);
        } catch (S3Exception e) {
            String remedy = remedy(e);
            if (remedy == null) {
                throw e;
            }
            throw new IllegalStateException("state.bucket (" + bucket + ") " + remedy, e);
        }
    }

    private @Nullable String remedy(S3Exception e) {
        return switch (e.statusCode()) {
            case MOVED ->
                "is in the region "
                        + e.awsErrorDetails()
                                .sdkHttpResponse()
                                .firstMatchingHeader("x-amz-bucket-region")
                                .orElse("of somebody else")
                        + "; name a bucket in this worker's region, or set aws.region";
            case FORBIDDEN ->
                "is not ours to use; name a bucket of this account, and allow s3:ListBucket on it, and s3:GetObject,"
                        + " s3:PutObject and s3:DeleteObject on " + prefix + "*";
            case NOT_FOUND ->
                "does not exist; make it with 'aws s3 mb s3://" + bucket
                        + "', name another, or set state.store: dynamodb";
            default -> null;
        };
    }

    /** Makes the bucket where it is missing: in an emulator, since in AWS a bucket's name is taken world-wide. */
    public void createMissing() throws InterruptedException {
        try {
            Calls.await(s3.createBucket(r -> r.bucket(bucket)), ANSWER_WITHIN);
        } catch (BucketAlreadyOwnedByYouException e) {
            // Another worker makes it at the same moment, or did before: as good as our own.
            return;
        }
    }

    @Override
    public int maxPartBytes() {
        return PART_BYTES;
    }

    @Override
    public void put(String shardId, String id, List<byte[]> parts) {
        for (int from = 0; from < parts.size(); from += PARTS_AT_ONCE) {
            List<CompletableFuture<?>> writes = new ArrayList<>();
            for (int i = from; i < Math.min(parts.size(), from + PARTS_AT_ONCE); i++) {
                String key = key(shardId, new PartName(id, i).file());
                writes.add(s3.putObject(
                        r -> r.bucket(bucket).key(key).checksumAlgorithm(ChecksumAlgorithm.CRC32_C),
                        AsyncRequestBody.fromBytesUnsafe(parts.get(i))));
            }
            writes.forEach(write -> await("writing the state of " + shardId, write));
        }
    }

    @Override
    public List<byte[]> get(String shardId, String id, int count) {
        List<byte[]> parts = new ArrayList<>(count);
        for (int from = 0; from < count; from += PARTS_AT_ONCE) {
            List<CompletableFuture<ResponseBytes<GetObjectResponse>>> reads = new ArrayList<>();
            for (int i = from; i < Math.min(count, from + PARTS_AT_ONCE); i++) {
                String key = key(shardId, new PartName(id, i).file());
                reads.add(s3.getObject(r -> r.bucket(bucket).key(key), AsyncResponseTransformer.toBytes()));
            }
            for (CompletableFuture<ResponseBytes<GetObjectResponse>> read : reads) {
                parts.add(part(shardId, id, parts.size(), read));
            }
        }
        return parts;
    }

    private byte[] part(
            String shardId, String id, int index, CompletableFuture<ResponseBytes<GetObjectResponse>> read) {
        try {
            return await("reading the state of " + shardId, read).asByteArrayUnsafe();
        } catch (SnapshotStoreException e) {
            if (e.getCause() instanceof NoSuchKeyException) {
                throw new UnreadableSnapshotException("the state of " + shardId + " lacks its part "
                        + key(shardId, new PartName(id, index).file()) + " in bucket " + bucket + " (state.bucket)");
            }
            throw e;
        }
    }

    @Override
    public List<String> ids(String shardId) {
        String folder = key(shardId, "");
        TreeSet<String> ids = new TreeSet<>();
        eachKey("listing the states of " + shardId, folder, key -> {
            String id = PartName.idOf(key.substring(folder.length()));
            if (id != null) {
                ids.add(id);
            }
        });
        return List.copyOf(ids);
    }

    @Override
    public void delete(String shardId, String id) {
        List<String> keys = new ArrayList<>();
        eachKey("listing an old state of " + shardId, key(shardId, PartName.prefix(id)), keys::add);
        for (String key : keys) {
            await(
                    "deleting an old state of " + shardId,
                    s3.deleteObject(r -> r.bucket(bucket).key(key)));
        }
    }

    private void eachKey(String what, String begins, Consumer<String> use) {
        String from = null;
        // A page at a time; each names where the next begins.
        do {
            String token = from;
            ListObjectsV2Response page = await(
                    what,
                    s3.listObjectsV2(r ->
                            r.bucket(bucket).prefix(begins).maxKeys(pageKeys).continuationToken(token)));
            page.contents().stream().map(S3Object::key).forEach(use);
            from = Boolean.TRUE.equals(page.isTruncated()) ? page.nextContinuationToken() : null;
        } while (from != null);
    }

    /** As {@link StateCalls#await}, with what to do about it where S3 says what is wrong. */
    private <T> T await(String what, CompletableFuture<T> call) {
        try {
            return calls.await(what, call);
        } catch (SnapshotStoreException e) {
            if (e.getCause() instanceof S3Exception refusal && !(refusal instanceof NoSuchKeyException)) {
                String remedy = remedy(refusal);
                if (remedy != null) {
                    throw new SnapshotStoreException(
                            e.getMessage() + "; state.bucket (" + bucket + ") " + remedy, refusal);
                }
            }
            throw e;
        }
    }

    private String key(String shardId, String file) {
        return prefix + PartName.shardFolder(shardId) + "/" + file;
    }
}
