package io.processoptimizer.local.s3;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is asked of the service and of a bucket. */
final class BucketCalls {
    private static final int NO_CONTENT = 204;

    /** Parameters that name what this endpoint does not keep of a bucket: to ignore one would answer another question. */
    private static final Set<String> OTHER_QUESTIONS = Set.of(
            "acl",
            "cors",
            "encryption",
            "lifecycle",
            "logging",
            "notification",
            "object-lock",
            "ownershipControls",
            "policy",
            "replication",
            "requestPayment",
            "tagging",
            "uploads",
            "versioning",
            "versions",
            "website");

    private final ObjectStore store;

    BucketCalls(ObjectStore store) {
        this.store = store;
    }

    S3Answer answerService(S3Call call) {
        if (!call.method().equals("GET")) {
            throw S3Error.METHOD_NOT_ALLOWED.with("The service itself answers GET (ListBuckets) only.");
        }
        return S3Answer.xml("ListAllMyBucketsResult", xml -> {
            xml.element("Owner", owner -> owner.text("ID", "local"));
            xml.element("Buckets", list -> {
                for (Map.Entry<String, Instant> bucket : store.buckets().entrySet()) {
                    list.element("Bucket", one -> {
                        one.text("Name", bucket.getKey());
                        one.text("CreationDate", time(bucket.getValue()));
                    });
                }
            });
        });
    }

    S3Answer answer(S3Call call) {
        for (String parameter : call.query().keySet()) {
            if (OTHER_QUESTIONS.contains(parameter)) {
                throw S3Error.NOT_IMPLEMENTED.with(
                        "This endpoint does not know ?" + parameter + " of a bucket; it keeps objects only.");
            }
        }
        return switch (call.method()) {
            case "PUT" -> {
                store.create(call.bucket());
                yield S3Answer.empty(200, Map.of("Location", "/" + call.bucket()));
            }
            case "HEAD" -> {
                store.require(call.bucket());
                yield S3Answer.empty(200, Map.of("x-amz-bucket-region", store.region()));
            }
            case "DELETE" -> {
                store.delete(call.bucket());
                yield S3Answer.empty(NO_CONTENT, Map.of());
            }
            case "GET" -> call.has("location") ? location(call) : list(call);
            case "POST" -> deleteObjects(call);
            default -> throw S3Error.METHOD_NOT_ALLOWED.with("A bucket does not know " + call.method() + ".");
        };
    }

    private S3Answer location(S3Call call) {
        store.require(call.bucket());
        // Empty for us-east-1, which had no name when this call was made.
        String region = store.region().equals("us-east-1") ? "" : store.region();
        return S3Answer.xml("LocationConstraint", xml -> xml.characters(region));
    }

    // ---- ListObjectsV2

    private S3Answer list(S3Call call) {
        if (!"2".equals(call.query().get("list-type"))) {
            store.require(call.bucket());
            throw S3Error.NOT_IMPLEMENTED.with(
                    "This endpoint knows ListObjectsV2 (?list-type=2), not its predecessor without a number.");
        }
        String token = call.query().get("continuation-token");
        ObjectStore.Listing listing = new ObjectStore.Listing(
                call.query().getOrDefault("prefix", ""),
                call.query().getOrDefault("delimiter", ""),
                token == null ? call.query().getOrDefault("start-after", "") : decode(token),
                maxKeys(call.query().get("max-keys")));
        ObjectStore.Page page = store.list(call.bucket(), listing);
        boolean encoded = "url".equals(call.query().get("encoding-type"));
        return S3Answer.xml("ListBucketResult", xml -> {
            xml.text("Name", call.bucket());
            xml.text("Prefix", name(listing.prefix(), encoded));
            if (!listing.delimiter().isEmpty()) {
                xml.text("Delimiter", name(listing.delimiter(), encoded));
            }
            xml.text("MaxKeys", Integer.toString(listing.maxKeys()));
            xml.text(
                    "KeyCount",
                    Integer.toString(
                            page.objects().size() + page.commonPrefixes().size()));
            if (encoded) {
                xml.text("EncodingType", "url");
            }
            if (token != null) {
                xml.text("ContinuationToken", token);
            }
            xml.text("IsTruncated", Boolean.toString(page.last() != null));
            if (page.last() != null) {
                xml.text("NextContinuationToken", encode(page.last()));
            }
            for (Map.Entry<String, StoredObject> object : page.objects().entrySet()) {
                xml.element("Contents", one -> {
                    one.text("Key", name(object.getKey(), encoded));
                    one.text("LastModified", time(object.getValue().modified()));
                    one.text("ETag", object.getValue().etag());
                    one.text("Size", Integer.toString(object.getValue().data().length));
                    one.text("StorageClass", "STANDARD");
                });
            }
            for (String prefix : page.commonPrefixes()) {
                xml.element("CommonPrefixes", one -> one.text("Prefix", name(prefix, encoded)));
            }
        });
    }

    private static int maxKeys(@Nullable String text) {
        if (text == null) {
            return ObjectStore.MAX_KEYS;
        }
        if (!text.matches("[0-9]{1,9}")) {
            throw S3Error.INVALID_ARGUMENT.with("max-keys (" + text + ") is not a number from 0 on.");
        }
        return Math.min(Integer.parseInt(text), ObjectStore.MAX_KEYS);
    }

    private static String name(String key, boolean encoded) {
        return encoded ? URLEncoder.encode(key, StandardCharsets.UTF_8).replace("%2F", "/") : key;
    }

    private static String encode(String last) {
        return Base64.getUrlEncoder().encodeToString(last.getBytes(StandardCharsets.UTF_8));
    }

    private static String decode(String token) {
        try {
            return new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw S3Error.INVALID_ARGUMENT.with("The continuation token provided is incorrect.");
        }
    }

    // ---- DeleteObjects

    private S3Answer deleteObjects(S3Call call) {
        if (!call.has("delete")) {
            throw S3Error.NOT_IMPLEMENTED.with("This endpoint takes objects by PUT, not by POST.");
        }
        store.require(call.bucket());
        Checksums.verified(call.body(), call.headers());
        DeleteRequest request = DeleteRequest.parse(call.body());
        request.keys().forEach(key -> store.delete(call.bucket(), key));
        return S3Answer.xml("DeleteResult", xml -> {
            if (!request.quiet()) {
                for (String key : request.keys()) {
                    xml.element("Deleted", one -> one.text("Key", key));
                }
            }
        });
    }

    private static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString().replace("Z", ".000Z");
    }
}
