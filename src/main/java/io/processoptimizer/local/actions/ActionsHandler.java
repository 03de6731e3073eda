package io.processoptimizer.local.actions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import io.processoptimizer.local.actions.Actions.Action;
import io.processoptimizer.local.wire.ReadRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Stands before the services and writes down which actions are asked for, so that policies can be compared with them:
 * {@code GET /_local/actions} shows them, {@code [{"action":"dynamodb:PutItem","resource":"arn:…"}, …]}, DELETE forgets them.
 */
public final class ActionsHandler extends Handler.Wrapper {
    private static final String PAGE = "/_local/actions";

    /** As the fault handler reads them: more than any service takes. */
    private static final int MAX_BYTES = 32 << 20;

    /** Distinct ones; a client with more names an object of S3 in each. */
    private static final int MAX_ACTIONS = 10_000;

    /** Its answer goes on as long as the request is open, which is not to be wrapped. */
    private static final String SUBSCRIBE = "SubscribeToShard";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectMapper CBOR = new CBORMapper();

    private final Actions actions;
    private final ConcurrentMap<Action, Boolean> seen = new ConcurrentHashMap<>();

    /** @param regionAndAccount {@code us-east-1:000000000000} */
    public ActionsHandler(Handler services, String regionAndAccount) {
        super(services);
        this.actions = new Actions(regionAndAccount);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        String path = Request.getPathInContext(request);
        if (path.equals(PAGE)) {
            show(request, response, callback);
            return true;
        }
        String target = request.getHeaders().get("X-Amz-Target");
        if (target == null) {
            boolean toS3 = Optional.ofNullable(request.getHeaders().get(HttpHeader.AUTHORIZATION))
                    .orElse("")
                    .contains("/s3/");
            note(actions.of(
                    request.getMethod(), path, toS3, request.getHttpURI().getQuery()));
            return super.handle(request, response, callback);
        }
        if (target.endsWith(SUBSCRIBE)) {
            note(actions.of(target, MissingNode.getInstance()));
            return super.handle(request, response, callback);
        }
        byte[] body = body(request);
        note(actions.of(target, read(request, body)));
        return super.handle(new ReadRequest(request, body), response, callback);
    }

    private void note(Iterable<Action> asked) {
        for (Action action : asked) {
            if (seen.size() < MAX_ACTIONS) {
                seen.put(action, true);
            }
        }
    }

    private void show(Request request, Response response, Callback callback) {
        if (request.getMethod().equals("DELETE")) {
            seen.clear();
        }
        ArrayNode all = JSON.createArrayNode();
        seen.keySet().stream()
                .sorted((a, b) -> a.toString().compareTo(b.toString()))
                .forEach(action -> all.addObject().put("action", action.name()).put("resource", action.resource()));
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        response.write(true, StandardCharsets.UTF_8.encode(all + "\n"), callback);
    }

    private static JsonNode read(Request request, byte[] body) {
        String type = Optional.ofNullable(request.getHeaders().get(HttpHeader.CONTENT_TYPE))
                .orElse("");
        try {
            JsonNode node = (type.contains("cbor") ? CBOR : JSON).readTree(body);
            return node == null ? MissingNode.getInstance() : node;
        } catch (IOException e) {
            // The service refuses it in its own words.
            return MissingNode.getInstance();
        }
    }

    private static byte[] body(Request request) throws IOException {
        try (InputStream in = Content.Source.asInputStream(request)) {
            return in.readNBytes(MAX_BYTES);
        }
    }
}
