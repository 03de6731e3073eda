package io.processoptimizer.local.s3;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is asked of an object. */
final class ObjectCalls {
    private static final int NO_CONTENT = 204;
    private static final int PARTIAL_CONTENT = 206;
    private static final Pattern RANGE = Pattern.compile("bytes=([0-9]{0,10})-([0-9]{0,10})");
    private static final DateTimeFormatter HTTP_TIME = DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC);

    private final ObjectStore store;

    ObjectCalls(ObjectStore store) {
        this.store = store;
    }

    S3Answer answer(S3Call call) {
        if (call.has("uploads") || call.has("uploadId")) {
            throw S3Error.NOT_IMPLEMENTED.with(
                    "This endpoint takes an object in one piece; raise the client's threshold for"
                            + " multipart uploads ('aws configure set default.s3.multipart_threshold 64MB').");
        }
        for (String parameter :
                List.of("acl", "tagging", "versionId", "attributes", "retention", "restore", "select")) {
            if (call.has(parameter)) {
                throw S3Error.NOT_IMPLEMENTED.with("This endpoint does not know ?" + parameter + " of an object.");
            }
        }
        return switch (call.method()) {
            case "PUT" -> put(call);
            case "GET", "HEAD" -> get(call);
            case "DELETE" -> {
                store.delete(call.bucket(), call.key());
                yield S3Answer.empty(NO_CONTENT, Map.of());
            }
            default -> throw S3Error.METHOD_NOT_ALLOWED.with("An object does not know " + call.method() + ".");
        };
    }

    private S3Answer put(S3Call call) {
        Map<String, String> headers = call.headers();
        if (headers.containsKey("x-amz-copy-source")) {
            throw S3Error.NOT_IMPLEMENTED.with("This endpoint does not copy objects; get the one and put the other.");
        }
        String ifNoneMatch = headers.get("if-none-match");
        if (headers.containsKey("if-match") || (ifNoneMatch != null && !ifNoneMatch.equals("*"))) {
            throw S3Error.NOT_IMPLEMENTED.with("This endpoint knows one condition of a put: If-None-Match: *");
        }
        store.require(call.bucket());
        StoredObject object = new StoredObject(
                call.body(),
                Checksums.etag(call.body()),
                store.now().truncatedTo(ChronoUnit.SECONDS),
                kept(headers),
                Checksums.verified(call.body(), headers));
        store.put(call.bucket(), call.key(), object, ifNoneMatch != null);
        Map<String, String> answer = new LinkedHashMap<>(object.checksums());
        answer.put("ETag", object.etag());
        return S3Answer.empty(200, answer);
    }

    private static Map<String, String> kept(Map<String, String> headers) {
        Map<String, String> kept = new LinkedHashMap<>();
        kept.put("content-type", headers.getOrDefault("content-type", "binary/octet-stream"));
        headers.forEach((name, value) -> {
            if (name.startsWith("x-amz-meta-") || name.equals("cache-control") || name.equals("content-disposition")) {
                kept.put(name, value);
            }
        });
        List<String> encodings = new ArrayList<>();
        for (String encoding : headers.getOrDefault("content-encoding", "").split(",", -1)) {
            if (!encoding.isBlank() && !encoding.strip().equals("aws-chunked")) {
                encodings.add(encoding.strip());
            }
        }
        if (!encodings.isEmpty()) {
            kept.put("content-encoding", String.join(",", encodings));
        }
        return kept;
    }

    private S3Answer get(S3Call call) {
        StoredObject object = store.get(call.bucket(), call.key());
        Map<String, String> headers = new LinkedHashMap<>(object.headers());
        headers.put("ETag", object.etag());
        headers.put("Last-Modified", HTTP_TIME.format(object.modified()));
        headers.put("Accept-Ranges", "bytes");
        byte[] data = object.data();
        Matcher range = RANGE.matcher(call.headers().getOrDefault("range", ""));
        if (!range.matches() || range.group().equals("bytes=-")) {
            // A checksum is of the whole object, so with a part of it none is told.
            if (call.headers().getOrDefault("x-amz-checksum-mode", "").equalsIgnoreCase("ENABLED")) {
                headers.putAll(object.checksums());
            }
            return new S3Answer(200, headers, data, 0, data.length);
        }
        long first = range.group(1).isEmpty()
                ? Math.max(0, data.length - Long.parseLong(range.group(2)))
                : Long.parseLong(range.group(1));
        long last = range.group(1).isEmpty() || range.group(2).isEmpty()
                ? data.length - 1
                : Math.min(data.length - 1, Long.parseLong(range.group(2)));
        if (first > last) {
            throw S3Error.INVALID_RANGE.with(
                    "The requested range is not satisfiable: the object has " + data.length + " bytes.");
        }
        headers.put("Content-Range", "bytes " + first + "-" + last + "/" + data.length);
        return new S3Answer(PARTIAL_CONTENT, headers, data, (int) first, (int) (last - first + 1));
    }
}
