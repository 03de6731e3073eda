package io.processoptimizer.local.s3;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A request with its body read.
 *
 * @param method GET, PUT …
 * @param bucket the first step of the path; empty: the service itself
 * @param key the rest of the path; empty: the bucket itself
 * @param query the parameters; one without a value has the empty one
 * @param headers of the request and, behind a chunked body, its trailers; names in lower case
 * @param body without the encoding aws-chunked
 */
@SuppressWarnings("ArrayRecordComponent") // read once
record S3Call(
        String method, String bucket, String key, Map<String, String> query, Map<String, String> headers, byte[] body) {

    /** @param rawPath as it was sent: an encoded / is part of a key */
    static S3Call of(
            String method, String rawPath, @Nullable String rawQuery, Map<String, String> headers, byte[] sent) {
        String path = rawPath.startsWith("/") ? rawPath.substring(1) : rawPath;
        int slash = path.indexOf('/');
        byte[] body = sent;
        if (headers.getOrDefault("x-amz-content-sha256", "").startsWith("STREAMING-")
                || headers.getOrDefault("content-encoding", "").contains("aws-chunked")) {
            AwsChunks chunks = AwsChunks.decode(sent);
            headers.putAll(chunks.trailers());
            body = chunks.data();
            String length = headers.get("x-amz-decoded-content-length");
            if (length != null && !length.equals(Integer.toString(body.length))) {
                throw S3Error.INCOMPLETE_BODY.with("You did not provide the number of bytes specified by the"
                        + " x-amz-decoded-content-length HTTP header.");
            }
        }
        return new S3Call(
                method,
                decode(slash < 0 ? path : path.substring(0, slash)),
                slash < 0 ? "" : decode(path.substring(slash + 1)),
                query(rawQuery),
                headers,
                body);
    }

    private static Map<String, String> query(@Nullable String raw) {
        Map<String, String> query = new TreeMap<>();
        if (raw != null && !raw.isEmpty()) {
            for (String pair : raw.split("&", -1)) {
                int equals = pair.indexOf('=');
                String value = equals < 0 ? "" : pair.substring(equals + 1);
                // In a query, unlike in a path, + is a blank.
                query.put(decode(equals < 0 ? pair : pair.substring(0, equals)), decode(value.replace("+", "%20")));
            }
        }
        return query;
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw S3Error.INVALID_ARGUMENT.with("The address is not URL-encoded: " + e.getMessage());
        }
    }

    boolean has(String parameter) {
        return query.containsKey(parameter);
    }
}
