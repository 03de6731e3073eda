package io.processoptimizer.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.processoptimizer.local.eventbridge.EventArchive;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;

/**
 * What AWS has no call for: {@code GET /_local/events[?source=S&rule=R&limit=N]} shows the latest events and the targets that they
 * would have gone to, with {@code ?after=NUMBER} those that came after one in their order, {@code GET /_local/health} whether every service answers.
 */
final class LocalPages extends Handler.Abstract {
    private static final String EVENTS = "/_local/events";
    private static final String HEALTH = "/_local/health";

    /** As many as a person reads; all that are kept may be asked for. */
    private static final int DEFAULT_LIMIT = 100;

    private final EventArchive events;
    private final BooleanSupplier dynamoDbReady;

    LocalPages(EventArchive events, BooleanSupplier dynamoDbReady) {
        this.events = events;
        this.dynamoDbReady = dynamoDbReady;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        String path = Request.getPathInContext(request);
        if (!HttpMethod.GET.is(request.getMethod())) {
            return false;
        }
        if (path.equals(HEALTH)) {
            boolean ready = dynamoDbReady.getAsBoolean();
            response.setStatus(ready ? HttpStatus.OK_200 : HttpStatus.SERVICE_UNAVAILABLE_503);
            send(JsonNodeFactory.instance.objectNode().put("status", ready ? "ready" : "starting"), response, callback);
            return true;
        }
        if (path.equals(EVENTS)) {
            Fields query = Request.extractQueryParameters(request);
            int limit = limit(query.getValue("limit"));
            String after = query.getValue("after");
            send(
                    after != null && after.matches("[0-9]{1,18}")
                            ? events.readAfter(Long.parseLong(after), limit)
                            : events.read(query.getValue("source"), query.getValue("rule"), limit),
                    response,
                    callback);
            return true;
        }
        return false;
    }

    private static int limit(@Nullable String text) {
        return text == null || !text.matches("[0-9]{1,6}") ? DEFAULT_LIMIT : Integer.parseInt(text);
    }

    private static void send(JsonNode body, Response response, Callback callback) {
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json; charset=utf-8");
        response.write(true, StandardCharsets.UTF_8.encode(body.toPrettyString() + "\n"), callback);
    }
}
