package io.processoptimizer.local.faults;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.processoptimizer.local.wire.ReadRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Stands before the services and lets requests go wrong as the page {@code /_local/faults} says: PUT replaces all faults by those of
 * its body, {@code [{"service":"dynamodb","table":"T","kind":"throttle","share":0.5,"delay_ms":2000}, …]} (table, share and delay may be
 * left out); GET shows them with how many requests each has hit; DELETE ends them, and with them all waiting. Of the faults that concern
 * a request the first that chance picks is its fate. Without faults a request passes untouched.
 */
public final class FaultsHandler extends Handler.Wrapper {
    private static final String PAGE = "/_local/faults";

    /** More than any service reads, so that a longer body is refused by its service whether cut here or not. */
    private static final int MAX_BYTES = 32 << 20;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Waits waits = new Waits();
    private volatile List<Active> active = List.of();

    private record Active(Fault fault, AtomicLong hits) {}

    /** @param services what answers where nothing goes wrong */
    public FaultsHandler(Handler services) {
        super(services);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (Request.getPathInContext(request).equals(PAGE)) {
            control(request, response, callback);
            return true;
        }
        List<Active> faults = active;
        FaultyService service = faults.isEmpty() ? null : FaultyService.of(request);
        if (service == null) {
            return super.handle(request, response, callback);
        }
        byte[] body = body(request);
        Request again = new ReadRequest(request, body);
        Fault fault = draw(faults, service, body);
        if (fault == null) {
            return super.handle(again, response, callback);
        }
        if (fault.kind() != Fault.Kind.HANG && fault.delayMillis() == 0) {
            return meet(fault, again, response, callback);
        }
        Long millis = fault.kind() == Fault.Kind.HANG ? null : fault.delayMillis();
        if (!waits.add(again, callback, millis, () -> meetLater(fault, again, response, callback))) {
            refuse(service, Fault.Kind.FAIL, response, callback);
        }
        return true;
    }

    /** How many requests wait now, for a delay or for the end of the faults. */
    int waiting() {
        return waits.count();
    }

    private static @Nullable Fault draw(List<Active> faults, FaultyService service, byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8);
        for (Active one : faults) {
            if (one.fault().concerns(service, text)
                    && ThreadLocalRandom.current().nextDouble() < one.fault().share()) {
                one.hits().incrementAndGet();
                return one.fault();
            }
        }
        return null;
    }

    private boolean meet(Fault fault, Request request, Response response, Callback callback) throws Exception {
        return switch (fault.kind()) {
            case DELAY -> super.handle(request, response, callback);
            case LOSE_ANSWER -> super.handle(request, new LostAnswer(request, response, fault.service()), callback);
            case THROTTLE, FAIL, TIME_OUT, HANG -> {
                refuse(fault.service(), fault.kind(), response, callback);
                yield true;
            }
        };
    }

    private void meetLater(Fault fault, Request request, Response response, Callback callback) {
        try {
            if (!meet(fault, request, response, callback)) {
                Response.writeError(request, response, callback, HttpStatus.NOT_FOUND_404);
            }
        } catch (Exception e) {
            // The server does the same with what a handler throws.
            Response.writeError(request, response, callback, e);
        }
    }

    private static void refuse(FaultyService service, Fault.Kind kind, Response response, Callback callback) {
        ByteBuffer body = service.refuse(kind, response);
        response.write(true, body, callback);
    }

    private void control(Request request, Response response, Callback callback) throws IOException {
        switch (request.getMethod()) {
            case "GET" -> {}
            case "DELETE" -> replace(List.of());
            case "PUT" -> {
                try {
                    replace(faults(body(request)));
                } catch (JsonProcessingException | IllegalArgumentException e) {
                    send(response, callback, HttpStatus.BAD_REQUEST_400, "text/plain", e.getMessage() + "\n");
                    return;
                }
            }
            default -> {
                send(
                        response,
                        callback,
                        HttpStatus.METHOD_NOT_ALLOWED_405,
                        "text/plain",
                        PAGE + " takes GET, PUT and DELETE\n");
                return;
            }
        }
        send(response, callback, HttpStatus.OK_200, "application/json", shown() + "\n");
    }

    private static List<Fault> faults(byte[] body) throws IOException {
        JsonNode wanted = JSON.readTree(body);
        if (!wanted.isArray()) {
            throw new IllegalArgumentException("the body must be a JSON array of faults");
        }
        List<Fault> faults = new ArrayList<>();
        wanted.forEach(one -> faults.add(Fault.of(one)));
        return faults;
    }

    private void replace(List<Fault> faults) {
        active = faults.stream()
                .map(fault -> new Active(fault, new AtomicLong()))
                .toList();
        waits.endAll();
    }

    private String shown() {
        ArrayNode all = JSON.createArrayNode();
        for (Active one : active) {
            ObjectNode node = all.addObject();
            node.put("service", one.fault().service().label());
            node.put("table", one.fault().table());
            node.put("kind", one.fault().kind().label());
            node.put("share", one.fault().share());
            node.put("delay_ms", one.fault().delayMillis());
            node.put("hits", one.hits().get());
        }
        return all.toString();
    }

    private static byte[] body(Request request) throws IOException {
        try (InputStream in = Content.Source.asInputStream(request)) {
            return in.readNBytes(MAX_BYTES);
        }
    }

    private static void send(Response response, Callback callback, int status, String contentType, String body) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, contentType);
        response.write(true, StandardCharsets.UTF_8.encode(body), callback);
    }

    @Override
    protected void doStop() throws Exception {
        replace(List.of());
        super.doStop();
    }
}
