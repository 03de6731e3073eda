package io.processoptimizer.model;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.processoptimizer.model.Invocation.BadRequestException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves a model over HTTP as SageMaker expects of a container: {@code GET /ping}, {@code POST /invocations}. */
public final class ModelServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ModelServer.class);

    /** A prediction takes a fraction of a millisecond; a thread more is for each client that is slow to send its request. */
    private static final int THREADS = 64;

    /** By when a request must have come whole, in seconds: else clients that stall would hold all threads, and the ping with them. */
    private static final int REQUEST_SECONDS = 10;

    static {
        // Java's server reads it once, before its first use, and has no other way to be told.
        if (System.getProperty("sun.net.httpserver.maxReqTime") == null) {
            System.setProperty("sun.net.httpserver.maxReqTime", String.valueOf(REQUEST_SECONDS));
        }
    }

    /** Beyond it requests are refused, which the worker's fallback answers at once. */
    private static final int WAITING = 256;

    /** An answer takes milliseconds; a client that reads slowly gets this. */
    private static final int LONGEST_END_SECONDS = 2;

    private static final int NO_BODY = -1;
    private static final int OK = 200;
    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;
    private static final int BAD_METHOD = 405;
    private static final int FAILED = 500;

    private final AtomicInteger underWay = new AtomicInteger();
    private final HttpServer server;
    private final ThreadPoolExecutor threads;
    private final Invocation invocation;

    /**
     * Starts to serve.
     *
     * @throws IOException where the address cannot be listened on
     */
    public ModelServer(EfficiencyModel model, InetSocketAddress address) throws IOException {
        invocation = new Invocation(model);
        server = HttpServer.create(address, WAITING);
        threads = new ThreadPoolExecutor(
                THREADS, THREADS, 1, TimeUnit.MINUTES, new ArrayBlockingQueue<>(WAITING), task -> {
                    Thread thread = new Thread(task, "model-server");
                    thread.setDaemon(true);
                    return thread;
                });
        server.setExecutor(threads);
        server.createContext("/ping", answering("GET", this::ping));
        server.createContext("/invocations", answering("POST", this::invoke));
        server.start();
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    private record Answer(int status, String body) {}

    private interface Answering {
        Answer answer(byte[] request) throws BadRequestException;
    }

    private Answer ping(byte[] nothing) {
        return new Answer(OK, "{}");
    }

    private Answer invoke(byte[] request) throws BadRequestException {
        return new Answer(OK, invocation.answer(request));
    }

    private HttpHandler answering(String method, Answering answering) {
        return exchange -> {
            underWay.incrementAndGet();
            try (exchange) {
                Answer answer = answer(exchange, method, answering);
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                if (exchange.getRequestMethod().equals("HEAD")) {
                    exchange.sendResponseHeaders(answer.status(), NO_BODY);
                    return;
                }
                byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(answer.status(), body.length);
                exchange.getResponseBody().write(body);
            } finally {
                underWay.decrementAndGet();
            }
        };
    }

    private static Answer answer(HttpExchange exchange, String method, Answering answering) throws IOException {
        if (!exchange.getRequestURI().getPath().equals(exchange.getHttpContext().getPath())) {
            return error(NOT_FOUND, "there is /ping and /invocations");
        }
        if (!exchange.getRequestMethod().equals(method)) {
            return error(BAD_METHOD, "use " + method);
        }
        try (InputStream body = exchange.getRequestBody()) {
            return answering.answer(body.readNBytes(Invocation.MAX_BYTES + 1));
        } catch (BadRequestException e) {
            return error(BAD_REQUEST, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            LOG.error("A request could not be answered", e);
            return error(FAILED, "the request could not be answered; the server's log has the error");
        }
    }

    private static Answer error(int status, String message) {
        return new Answer(
                status,
                JsonNodeFactory.instance.objectNode().put("error", message).toString());
    }

    /** Ends after the requests under way, within two seconds. */
    @Override
    public void close() {
        // Java's server waits out the whole time where nothing is under way.
        server.stop(underWay.get() == 0 ? 0 : LONGEST_END_SECONDS);
        threads.shutdownNow();
    }
}
