package io.processoptimizer.local.kinesis;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import software.amazon.awssdk.eventstream.HeaderValue;
import software.amazon.awssdk.eventstream.Message;

/**
 * An answer in the event-stream framing (application/vnd.amazon.eventstream), written message by message. One write at a time:
 * the next may start when {@code written} of the last was called.
 */
final class EventStreamResponse {
    private static final String CONTENT_TYPE = "application/vnd.amazon.eventstream";
    private static final String MESSAGE_TYPE = ":message-type";
    private static final String PAYLOAD_TYPE = ":content-type";

    private final WireFormat format;
    private final Request request;
    private final Response response;
    private final Callback done;

    EventStreamResponse(WireFormat format, Request request, Response response, Callback done) {
        this.format = format;
        this.request = request;
        this.response = response;
        this.done = done;
    }

    /** Sends the headers and the first message. {@code failed} is called when the client goes away. */
    void start(Runnable written, Consumer<Throwable> failed) {
        request.addFailureListener(failed);
        response.setStatus(HttpStatus.OK_200);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, CONTENT_TYPE);
        event("initial-response", Reply.EMPTY, written, failed);
    }

    void event(String type, Reply payload, Runnable written, Consumer<Throwable> failed) {
        Map<String, HeaderValue> headers = new LinkedHashMap<>();
        headers.put(MESSAGE_TYPE, HeaderValue.fromString("event"));
        headers.put(":event-type", HeaderValue.fromString(type));
        write(headers, payload, Callback.from(written, failed));
    }

    /** Sends a refusal as the last message; {@link #end} follows. */
    void exception(KinesisException refusal, Runnable written, Consumer<Throwable> failed) {
        Map<String, HeaderValue> headers = new LinkedHashMap<>();
        headers.put(MESSAGE_TYPE, HeaderValue.fromString("exception"));
        headers.put(":exception-type", HeaderValue.fromString(refusal.error().type()));
        write(headers, writer -> writer.text("message", refusal.text()), Callback.from(written, failed));
    }

    private void write(Map<String, HeaderValue> headers, Reply payload, Callback callback) {
        headers.put(PAYLOAD_TYPE, HeaderValue.fromString(format.contentType()));
        response.write(false, new Message(headers, format.write(payload)).toByteBuffer(), callback);
    }

    /** Ends the response in good order. */
    void end() {
        response.write(true, ByteBuffer.allocate(0), done);
    }

    /** Ends a response whose client is gone. */
    void fail(Throwable cause) {
        done.failed(cause);
    }
}
