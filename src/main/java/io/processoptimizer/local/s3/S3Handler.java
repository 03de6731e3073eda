package io.processoptimizer.local.s3;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * S3 as a handler: START HERE. It answers requests that are signed for the service s3, in the header or in the address, with the bucket
 * in the path, and leaves all others to the next handler. Thread safe.
 */
public final class S3Handler extends Handler.Abstract {
    private static final Logger LOG = LoggerFactory.getLogger(S3Handler.class);

    /** The scope of a signature names the service: DATE/REGION/s3/aws4_request; the 2nd form is that of a signed address. */
    private static final Pattern SIGNED_FOR_S3 = Pattern.compile(".*(/|%2F)s3(/|%2F)aws4_request.*", Pattern.DOTALL);

    /** An address as older tools sign it (version 2), which of those that name no Action only S3 takes. */
    private static final Pattern SIGNED_AS_BEFORE =
            Pattern.compile("(?!.*\\bAction=).*\\bAWSAccessKeyId=.*\\bSignature=.*");

    /** The service takes 5 GB in one piece; here an object is in memory, while it is read twice. */
    private static final int LARGEST_BODY = 64 << 20;

    /** What the lines between chunks add to an object. */
    private static final int CHUNK_LINES = 1 << 20;

    /** Requests read at one time: beyond it a request is told to come again. */
    private static final int BODIES_BYTES = 4 * LARGEST_BODY;

    /** A quarter of the heap: the worker and the other services live in the same process. */
    private static final long DEFAULT_STORED_BYTES = Runtime.getRuntime().maxMemory() / 4;

    private final BucketCalls buckets;
    private final ObjectCalls objects;
    private final Semaphore bodyBytes = new Semaphore(BODIES_BYTES);

    /**
     * An endpoint without buckets; objects are bounded by a quarter of the heap.
     *
     * @param clock objects are dated by it
     * @param region where the buckets are
     */
    public S3Handler(InstantSource clock, String region) {
        this(new ObjectStore(clock, region, DEFAULT_STORED_BYTES));
    }

    S3Handler(ObjectStore store) {
        buckets = new BucketCalls(store);
        objects = new ObjectCalls(store);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (!isSignedForS3(request)) {
            return false;
        }
        String requestId = UUID.randomUUID().toString();
        response.getHeaders().put("x-amz-request-id", requestId);
        String path = request.getHttpURI().getPath();
        int reserved = 0;
        try {
            reserved = reserveBody(request);
            S3Call call = S3Call.of(
                    request.getMethod(), path, request.getHttpURI().getQuery(), headers(request), body(request));
            send(answer(call), request, response, callback);
        } catch (S3Refusal refusal) {
            send(S3Answer.error(refusal, path, requestId), request, response, callback);
        } catch (RuntimeException e) {
            LOG.error("S3 {} {} failed inside the endpoint; this is a defect of it", request.getMethod(), path, e);
            S3Refusal refusal = S3Error.INTERNAL_ERROR.with("We encountered an internal error: " + e);
            send(S3Answer.error(refusal, path, requestId), request, response, callback);
        } finally {
            bodyBytes.release(reserved);
        }
        return true;
    }

    private static boolean isSignedForS3(Request request) {
        String query = request.getHttpURI().getQuery();
        return matches(SIGNED_FOR_S3, request.getHeaders().get(HttpHeader.AUTHORIZATION))
                || matches(SIGNED_FOR_S3, query)
                || matches(SIGNED_AS_BEFORE, query);
    }

    private static boolean matches(Pattern pattern, @Nullable String text) {
        return text != null && pattern.matcher(text).matches();
    }

    private S3Answer answer(S3Call call) {
        if (call.bucket().isEmpty()) {
            return buckets.answerService(call);
        }
        return call.key().isEmpty() ? buckets.answer(call) : objects.answer(call);
    }

    private static Map<String, String> headers(Request request) {
        Map<String, String> headers = new TreeMap<>();
        for (HttpField field : request.getHeaders()) {
            headers.merge(
                    field.getName().toLowerCase(Locale.ROOT),
                    String.valueOf(field.getValue()),
                    (before, more) -> before + "," + more);
        }
        return headers;
    }

    private int reserveBody(Request request) {
        long declared = request.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH);
        if (declared > LARGEST_BODY + CHUNK_LINES) {
            throw tooLarge();
        }
        boolean chunked = request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING);
        int bytes = declared >= 0 ? (int) declared : chunked ? LARGEST_BODY : 0;
        // Not waited for, as the bodies that wait could hold up those that are being read.
        if (!bodyBytes.tryAcquire(bytes)) {
            throw S3Error.SLOW_DOWN.with("Please reduce your request rate: this endpoint reads at most " + BODIES_BYTES
                    + " bytes of requests at one time.");
        }
        return bytes;
    }

    private static byte[] body(Request request) throws IOException {
        try (InputStream in = Content.Source.asInputStream(request)) {
            byte[] body = in.readNBytes(LARGEST_BODY + CHUNK_LINES + 1);
            if (body.length > LARGEST_BODY + CHUNK_LINES) {
                throw tooLarge();
            }
            return body;
        }
    }

    private static S3Refusal tooLarge() {
        return S3Error.ENTITY_TOO_LARGE.with("Your proposed upload exceeds the maximum allowed size of " + LARGEST_BODY
                + " bytes; cut it into several objects.");
    }

    private static void send(S3Answer answer, Request request, Response response, Callback callback) {
        response.setStatus(answer.status());
        answer.headers().forEach((name, value) -> response.getHeaders().put(name, value));
        boolean head = request.getMethod().equals("HEAD");
        if (answer.status() != 204) {
            // An error of a HEAD has no body, and none is announced.
            response.getHeaders().put(HttpHeader.CONTENT_LENGTH, head && answer.status() >= 400 ? 0 : answer.length());
        }
        ByteBuffer body =
                head ? ByteBuffer.allocate(0) : ByteBuffer.wrap(answer.body(), answer.offset(), answer.length());
        response.write(true, body, callback);
    }
}
