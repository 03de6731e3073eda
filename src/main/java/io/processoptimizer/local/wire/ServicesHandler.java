package io.processoptimizer.local.wire;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the service, the operation and the protocol that a request names, lets the operation answer and sends that. */
public final class ServicesHandler extends Handler.Abstract {
    private static final Logger LOG = LoggerFactory.getLogger(ServicesHandler.class);

    /** CloudWatch takes 1 MB and EventBridge 1 MiB, unpacked; base64 and URL encoding come on top. */
    private static final int MAX_BODY_BYTES = 4 * 1024 * 1024;

    private static final String TARGET = "X-Amz-Target";
    private static final String RPC_PATH = "/service/";
    private static final String FORM = "application/x-www-form-urlencoded";

    private final List<Service> services;

    /** Serves exactly these. */
    public ServicesHandler(List<Service> services) {
        this.services = List.copyOf(services);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        String target = request.getHeaders().get(TARGET);
        String path = Request.getPathInContext(request);
        String contentType = Optional.ofNullable(request.getHeaders().get(HttpHeader.CONTENT_TYPE))
                .orElse("");
        if (target != null) {
            int dot = target.lastIndexOf('.');
            Optional<Service> service = byTarget(target.substring(0, Math.max(dot, 0)));
            Protocol protocol = new JsonProtocol(contentType.endsWith("1.0") ? "1.0" : "1.1");
            return service.isPresent()
                    && answer(call(service.get(), target.substring(dot + 1), protocol), request, response, callback);
        }
        if (path.startsWith(RPC_PATH)) {
            String[] steps = path.split("/", -1);
            Optional<Service> service = steps.length == 5 ? byTarget(steps[2]) : Optional.empty();
            return service.isPresent()
                    && answer(call(service.get(), steps[4], new CborProtocol()), request, response, callback);
        }
        if (contentType.startsWith(FORM)) {
            return answerForm(body(request), response, callback);
        }
        String query = request.getHttpURI().getQuery();
        return query != null
                && query.contains(QueryProtocol.ACTION + "=")
                && answerForm(query.getBytes(StandardCharsets.UTF_8), response, callback);
    }

    private boolean answerForm(byte[] form, Response response, Callback callback) throws IOException {
        Protocol protocol = new QueryProtocol();
        JsonNode members;
        try {
            members = protocol.read(form);
        } catch (IOException notAForm) {
            return false;
        }
        String version = members.path(QueryProtocol.VERSION).asText();
        Optional<Service> service = services.stream()
                .filter(one -> version.equals(one.queryVersion()))
                .findFirst();
        if (service.isEmpty()) {
            return false;
        }
        String operation = members.path(QueryProtocol.ACTION).asText();
        answer(call(service.get(), operation, protocol), members, response, callback);
        return true;
    }

    private Optional<Service> byTarget(String target) {
        return services.stream().filter(one -> one.target().equals(target)).findFirst();
    }

    private static Call call(Service service, String operation, Protocol protocol) {
        return new Call(service, operation, protocol, UUID.randomUUID().toString());
    }

    private static boolean answer(Call call, Request request, Response response, Callback callback) throws IOException {
        JsonNode members;
        try {
            members = call.protocol().read(body(request));
        } catch (IOException e) {
            ServiceError error = ServiceError.of(
                    "SerializationException", "the request's body could not be read: " + e.getMessage());
            send(call, error.status(), call.protocol().write(call, error), response, callback);
            return true;
        }
        answer(call, members, response, callback);
        return true;
    }

    private static void answer(Call call, JsonNode members, Response response, Callback callback) throws IOException {
        try {
            Operation operation = call.service().operations().get(call.operation());
            if (operation == null) {
                throw unknownOperation(call);
            }
            Map<String, Object> answer =
                    operation.answer(new Input(members, call.service().missing()));
            send(call, HttpStatus.OK_200, call.protocol().write(call, answer), response, callback);
        } catch (ServiceError error) {
            refuse(call, error, response, callback);
        } catch (RuntimeException e) {
            LOG.error(
                    "{} {} failed inside the endpoint; this is a defect of it",
                    call.service().name(),
                    call.operation(),
                    e);
            refuse(
                    call,
                    ServiceError.of("InternalServiceFault", "InternalFailure", call.operation() + " failed: " + e)
                            .withStatus(HttpStatus.INTERNAL_SERVER_ERROR_500),
                    response,
                    callback);
        }
    }

    private static void refuse(Call call, ServiceError error, Response response, Callback callback) throws IOException {
        response.getHeaders()
                .put("x-amzn-query-error", error.queryCode() + (error.status() < 500 ? ";Sender" : ";Receiver"));
        send(call, error.status(), call.protocol().write(call, error), response, callback);
    }

    private static ServiceError unknownOperation(Call call) {
        String known = call.service().operations().keySet().stream().sorted().collect(Collectors.joining(", "));
        return ServiceError.of(
                        "UnknownOperationException",
                        "InvalidAction",
                        "the embedded " + call.service().name() + " does not know " + call.operation() + "; it knows "
                                + known)
                .withStatus(HttpStatus.NOT_IMPLEMENTED_501);
    }

    private static byte[] body(Request request) throws IOException {
        boolean packed = "gzip".equalsIgnoreCase(request.getHeaders().get(HttpHeader.CONTENT_ENCODING));
        try (InputStream raw = Content.Source.asInputStream(request);
                InputStream in = packed ? new GZIPInputStream(raw) : raw) {
            byte[] body = in.readNBytes(MAX_BODY_BYTES + 1);
            if (body.length > MAX_BODY_BYTES) {
                throw new IOException("it is larger than " + MAX_BODY_BYTES + " bytes; send less at once");
            }
            return body;
        }
    }

    private static void send(Call call, int status, byte[] body, Response response, Callback callback) {
        response.setStatus(status);
        response.getHeaders().put("x-amzn-RequestId", call.requestId());
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, call.protocol().contentType());
        if (call.protocol() instanceof CborProtocol) {
            response.getHeaders().put("Smithy-Protocol", "rpc-v2-cbor");
        }
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
        response.write(true, ByteBuffer.wrap(body), callback);
    }
}
