package io.processoptimizer.local.kinesis;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Kinesis endpoint as a handler of a Jetty server: answers requests whose {@code X-Amz-Target} begins with
 * {@code Kinesis_20131202.}, in JSON 1.1 and CBOR, and leaves all others to the next handler. Thread safe.
 */
public final class KinesisHandler extends Handler.Abstract {
    private static final Logger LOG = LoggerFactory.getLogger(KinesisHandler.class);
    private static final String TARGET = "X-Amz-Target";
    private static final String TARGET_PREFIX = "Kinesis_20131202.";
    private static final String SUBSCRIBE = "SubscribeToShard";

    /** A PutRecords of 10 MiB in base64, with keys. */
    private static final int LARGEST_BODY = 16 << 20;

    /** Requests read at one time: sixteen of the largest, beyond which a request is told to come again. */
    private static final int BODIES_BYTES = 16 * LARGEST_BODY;

    private final Map<String, Call> calls = new HashMap<>();
    private final Subscriptions subscriptions;
    private final Semaphore bodyBytes = new Semaphore(BODIES_BYTES);

    /**
     * An endpoint without streams.
     *
     * @param clock arrival times, retention and the age of iterators go by it
     * @param limits rates and bounds
     * @param region the region in ARNs
     * @param accountId the account in ARNs, 12 digits
     */
    public KinesisHandler(InstantSource clock, KinesisLimits limits, String region, String accountId) {
        this(clock, limits, region, accountId, Subscription.Timing.AS_IN_THE_SERVICE);
    }

    KinesisHandler(
            InstantSource clock, KinesisLimits limits, String region, String accountId, Subscription.Timing timing) {
        StreamRegistry registry = new StreamRegistry(clock, limits, region, accountId);
        calls.putAll(new StreamCalls(registry).calls());
        calls.putAll(new TagCalls(registry).calls());
        calls.putAll(new ShardCalls(registry).calls());
        calls.putAll(new RecordCalls(registry).calls());
        subscriptions = new Subscriptions(registry, timing);
        calls.putAll(new ConsumerCalls(registry, subscriptions).calls());
    }

    @Override
    protected void doStop() throws Exception {
        super.doStop();
        subscriptions.stop();
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        String target = request.getHeaders().get(TARGET);
        if (target == null || !target.startsWith(TARGET_PREFIX)) {
            return false;
        }
        WireFormat format = WireFormat.of(request.getHeaders().get(HttpHeader.CONTENT_TYPE));
        String operation = target.substring(TARGET_PREFIX.length());
        response.getHeaders().put("x-amzn-RequestId", UUID.randomUUID().toString());
        int reserved = 0;
        try {
            reserved = reserveBody(request);
            Fields fields = new Fields(format, format.read(body(request)));
            if (operation.equals(SUBSCRIBE)) {
                subscriptions.open(fields, new EventStreamResponse(format, request, response, callback));
            } else {
                send(
                        response,
                        callback,
                        format,
                        HttpStatus.OK_200,
                        call(operation).answer(fields));
            }
        } catch (KinesisException refusal) {
            refuse(response, callback, format, refusal);
        } catch (RuntimeException e) {
            LOG.error("Kinesis {} failed inside the endpoint; this is a defect of it", operation, e);
            refuse(response, callback, format, KinesisError.INTERNAL_FAILURE.with(operation + " failed: " + e));
        } finally {
            bodyBytes.release(reserved);
        }
        return true;
    }

    private Call call(String operation) {
        Call call = calls.get(operation);
        if (call == null) {
            throw KinesisError.UNKNOWN_OPERATION.with(
                    "This endpoint does not know Kinesis " + operation + "; it knows " + SUBSCRIBE + ", "
                            + String.join(", ", calls.keySet().stream().sorted().toList()) + ".");
        }
        return call;
    }

    private int reserveBody(Request request) {
        long declared = request.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH);
        int bytes = declared < 0 ? LARGEST_BODY : (int) Math.min(declared, LARGEST_BODY);
        // Not waited for: on a shared HTTP/2 connection the requests that wait would hold up the ones that are being
        // read.
        if (!bodyBytes.tryAcquire(bytes)) {
            throw KinesisError.SERVICE_UNAVAILABLE.with("This endpoint reads at most " + BODIES_BYTES
                    + " bytes of requests at one time; retry, or send fewer requests in parallel.");
        }
        return bytes;
    }

    private static byte[] body(Request request) throws IOException {
        try (InputStream in = Content.Source.asInputStream(request)) {
            byte[] body = in.readNBytes(LARGEST_BODY + 1);
            if (body.length > LARGEST_BODY) {
                throw KinesisError.REQUEST_TOO_LARGE.with(
                        "The request body has more than " + LARGEST_BODY + " bytes; send fewer records at once.");
            }
            return body;
        }
    }

    private static void refuse(Response response, Callback callback, WireFormat format, KinesisException refusal) {
        response.getHeaders().put("x-amzn-ErrorType", refusal.error().type());
        send(response, callback, format, refusal.error().httpStatus(), writer -> {
            writer.text("__type", refusal.error().type());
            writer.text("message", refusal.text());
        });
    }

    private static void send(Response response, Callback callback, WireFormat format, int status, Reply reply) {
        byte[] body = reply == Reply.EMPTY ? new byte[0] : format.write(reply);
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, format.contentType());
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
        response.write(true, ByteBuffer.wrap(body), callback);
    }
}
