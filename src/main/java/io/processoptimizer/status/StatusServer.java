package io.processoptimizer.status;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves a handful of pages that only read. What a browser is told keeps other sites out: only names of this host are answered (a site
 * whose name is pointed at 127.0.0.1 afterwards is not), nothing may be framed, sniffed or loaded from elsewhere.
 */
public final class StatusServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StatusServer.class);

    /** Java's server closes one more. */
    private static final int CONNECTIONS = 128;

    /**
     * A thread reads its client's request and writes the answer, however slow the client is: with as many as there may be connections a
     * slow one keeps nobody else waiting. Few are there at a time, since an answer takes milliseconds.
     */
    private static final int THREADS = CONNECTIONS;

    /** Connections that the operating system holds until they are accepted. */
    private static final int WAITING = 64;

    /** Java's server reads these once, before its first use, and has no other way to be told: seconds, connections, bytes. */
    private static final Map<String, String> LIMITS = Map.of(
            "sun.net.httpserver.maxReqTime", "10",
            "sun.net.httpserver.maxRspTime", "30",
            "jdk.httpserver.maxConnections", String.valueOf(CONNECTIONS),
            "sun.net.httpserver.maxReqHeaderSize", "16384");

    static {
        LIMITS.forEach((name, value) -> {
            if (System.getProperty(name) == null) {
                System.setProperty(name, value);
            }
        });
    }

    private static final Map<String, String> SECURITY = Map.of(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
                    + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            "X-Content-Type-Options",
            "nosniff",
            "X-Frame-Options",
            "DENY",
            "Referrer-Policy",
            "no-referrer",
            "Cross-Origin-Opener-Policy",
            "same-origin",
            "Cross-Origin-Resource-Policy",
            "same-origin",
            "Permissions-Policy",
            "camera=(), geolocation=(), microphone=()");

    private static final int SHORT = 1_024;
    private static final int NO_BODY = -1;
    private static final int OK = 200;
    private static final int NOT_MODIFIED = 304;
    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;
    private static final int BAD_METHOD = 405;
    private static final int WRONG_HOST = 421;
    private static final int FAILED = 500;

    private final HttpServer server;
    private final ThreadPoolExecutor threads;
    private final Map<String, Page> pages;
    private final HostNames hosts;

    /** Answers a path. Called from several threads. */
    @FunctionalInterface
    public interface Page {
        /**
         * @param query parameters by name, the last of several of one name
         */
        Answer answer(Map<String, String> query);
    }

    /**
     * What is answered.
     *
     * @param tag changes with the body, so that a client need not fetch what it has; null: it is not kept
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    public record Answer(
            int status,
            String contentType,
            byte[] body,
            @Nullable String tag) {
        static Answer text(int status, String body) {
            return new Answer(status, "text/plain; charset=utf-8", body.getBytes(StandardCharsets.UTF_8), null);
        }

        static Answer json(int status, byte[] body) {
            return new Answer(status, "application/json", body, null);
        }
    }

    /**
     * Starts to serve.
     *
     * @param address where; port 0 takes any free one
     * @param names by which it may be asked beside its own, see {@link HostNames}
     * @param pages by path
     * @throws IOException where the address cannot be listened on
     */
    public StatusServer(InetSocketAddress address, Collection<String> names, Map<String, Page> pages)
            throws IOException {
        this.pages = Map.copyOf(pages);
        this.hosts = new HostNames(names);
        server = HttpServer.create(address, WAITING);
        threads = new ThreadPoolExecutor(0, THREADS, 1, TimeUnit.MINUTES, new SynchronousQueue<>(), task -> {
            Thread thread = new Thread(task, "status-server");
            thread.setDaemon(true);
            return thread;
        });
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Headers asked = exchange.getRequestHeaders();
            Headers told = exchange.getResponseHeaders();
            SECURITY.forEach(told::set);
            Answer answer = answer(exchange, asked.getFirst("Host"));
            if (answer.status() == BAD_METHOD) {
                told.set("Allow", "GET, HEAD");
            }
            told.set("Cache-Control", answer.tag() == null ? "no-store" : "no-cache");
            if (answer.tag() != null) {
                String tag = "\"" + answer.tag() + "\"";
                told.set("ETag", tag);
                told.set("Vary", "Accept-Encoding");
                if (answer.status() == OK && tag.equals(asked.getFirst("If-None-Match"))) {
                    exchange.sendResponseHeaders(NOT_MODIFIED, NO_BODY);
                    return;
                }
            }
            send(exchange, answer);
        } catch (IOException e) {
            LOG.debug("A client went away: {}", e.getMessage());
        }
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", answer.contentType());
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(answer.status(), NO_BODY);
            return;
        }
        byte[] body = answer.body();
        String accepted = exchange.getRequestHeaders().getFirst("Accept-Encoding");
        if (body.length > SHORT && accepted != null && accepted.contains("gzip")) {
            body = Gzip.compress(body);
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
        }
        exchange.sendResponseHeaders(answer.status(), body.length == 0 ? NO_BODY : body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    private Answer answer(HttpExchange exchange, @Nullable String host) {
        if (!hosts.isOurs(host)) {
            return Answer.text(
                    WRONG_HOST,
                    "This worker is not asked by the name " + HostNames.printable(host)
                            + "; use localhost or an IP address, or add the name to status.hosts.\n");
        }
        String method = exchange.getRequestMethod();
        if (!method.equals("GET") && !method.equals("HEAD")) {
            return Answer.text(BAD_METHOD, "Use GET: nothing can be changed here.\n");
        }
        try {
            Page page = pages.get(exchange.getRequestURI().getPath());
            return page == null
                    ? Answer.text(NOT_FOUND, "There is /, /healthz, /readyz and /metrics.\n")
                    : page.answer(query(exchange.getRequestURI().getQuery()));
        } catch (IllegalArgumentException e) {
            return Answer.text(BAD_REQUEST, e.getMessage() + "\n");
        } catch (RuntimeException e) {
            LOG.error("{} could not be answered", exchange.getRequestURI().getPath(), e);
            return Answer.text(FAILED, "This could not be answered; the worker's log has the error.\n");
        }
    }

    private static Map<String, String> query(@Nullable String query) {
        Map<String, String> parameters = new HashMap<>();
        for (String part : query == null ? new String[0] : query.split("&", -1)) {
            int equals = part.indexOf('=');
            if (equals > 0) {
                parameters.put(part.substring(0, equals), part.substring(equals + 1));
            }
        }
        return parameters;
    }

    /** Ends at once; clients ask again. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
