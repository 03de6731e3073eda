package io.processoptimizer.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A headless browser with one page, steered over the DevTools protocol. What the page complains about and asks for is kept. */
public final class Chromium implements AutoCloseable {
    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");
    private static final String MISSING = "the tests of pages need a browser, and there is none of " + NAMES
            + " on the PATH; on Debian: apt-get update && apt-get install -y --no-install-recommends chromium";
    private static final Pattern LISTENING = Pattern.compile("DevTools listening on (ws://\\S+)");

    /** Generous: a loaded machine with one core starts it within some seconds. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final Path profile;
    private final WebSocket socket;
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final String session;

    private Chromium(Process process, Path profile, URI endpoint) {
        this.process = process;
        this.profile = profile;
        this.socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(endpoint, new Messages())
                .join();
        String target = browser("Target.createTarget", JSON.createObjectNode().put("url", "about:blank"))
                .get("targetId")
                .asText();
        ObjectNode attach = JSON.createObjectNode().put("targetId", target).put("flatten", true);
        this.session = browser("Target.attachToTarget", attach).get("sessionId").asText();
        for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
            page(domain + ".enable", JSON.createObjectNode());
        }
    }

    /** Fails where no browser is installed: a report that nobody opened is not tested. */
    public static Chromium start() throws IOException {
        Path profile = Files.createTempDirectory("chromium");
        Process process = new ProcessBuilder(
                        executable().toString(),
                        "--headless=new",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--hide-scrollbars",
                        "--no-first-run",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return new Chromium(process, profile, endpoint(process));
    }

    private static Path executable() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new AssertionError(MISSING));
    }

    private static URI endpoint(Process process) throws IOException {
        BufferedReader lines = process.errorReader(StandardCharsets.UTF_8);
        StringBuilder said = new StringBuilder();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            Matcher listening = LISTENING.matcher(line);
            if (listening.find()) {
                Thread rest = new Thread(() -> lines.lines().forEach(ignored -> {}), "chromium-errors");
                rest.setDaemon(true);
                rest.start();
                return URI.create(listening.group(1));
            }
            said.append(line).append('\n');
        }
        throw new AssertionError("the browser ended at once: " + said);
    }

    public void size(int width, int height) {
        page(
                "Emulation.setDeviceMetricsOverride",
                JSON.createObjectNode()
                        .put("width", width)
                        .put("height", height)
                        .put("deviceScaleFactor", 1)
                        .put("mobile", width < 600));
    }

    public void prefer(String feature, String value) {
        ObjectNode media = JSON.createObjectNode();
        media.putArray("features").addObject().put("name", feature).put("value", value);
        page("Emulation.setEmulatedMedia", media);
    }

    void zone(String id) {
        page("Emulation.setTimezoneOverride", JSON.createObjectNode().put("timezoneId", id));
    }

    /** Loads a page from the start; returns when its scripts have run. */
    void open(Path file, String fragment) {
        complaints.clear();
        requests.clear();
        page("Page.navigate", JSON.createObjectNode().put("url", "about:blank"));
        page("Page.navigate", JSON.createObjectNode().put("url", file.toUri() + fragment));
        await("location.protocol === 'file:' && document.readyState === 'complete'");
    }

    /** Loads a page of a server from the start; returns when its scripts have run. */
    public void open(URI address) {
        complaints.clear();
        requests.clear();
        page("Page.navigate", JSON.createObjectNode().put("url", "about:blank"));
        page("Page.navigate", JSON.createObjectNode().put("url", address.toString()));
        await("location.protocol === 'http:' && document.readyState === 'complete'");
    }

    public JsonNode evaluate(String expression) {
        JsonNode answer = page(
                "Runtime.evaluate",
                JSON.createObjectNode()
                        .put("expression", expression)
                        .put("returnByValue", true)
                        .put("awaitPromise", true));
        if (answer.has("exceptionDetails")) {
            throw new AssertionError(expression + ": " + answer.get("exceptionDetails"));
        }
        return answer.at("/result/value");
    }

    /** Waits until an expression is true. */
    public void await(String condition) {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (!evaluate(condition).asBoolean()) {
            if (System.nanoTime() > until) {
                throw new AssertionError("never came true: " + condition + "; the page says " + complaints);
            }
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        }
    }

    public void press(String key, int code) {
        for (String type : List.of("keyDown", "keyUp")) {
            page(
                    "Input.dispatchKeyEvent",
                    JSON.createObjectNode()
                            .put("type", type)
                            .put("key", key)
                            .put("code", key)
                            .put("text", key.equals("Enter") ? "\r" : "")
                            .put("windowsVirtualKeyCode", code));
        }
    }

    public void type(String text) {
        page("Input.insertText", JSON.createObjectNode().put("text", text));
    }

    void pointAt(int x, int y) {
        page(
                "Input.dispatchMouseEvent",
                JSON.createObjectNode().put("type", "mouseMoved").put("x", x).put("y", y));
    }

    public byte[] screenshot(boolean whole) {
        return Base64.getDecoder()
                .decode(page("Page.captureScreenshot", JSON.createObjectNode().put("captureBeyondViewport", whole))
                        .get("data")
                        .asText());
    }

    byte[] printed() {
        return Base64.getDecoder()
                .decode(page("Page.printToPDF", JSON.createObjectNode())
                        .get("data")
                        .asText());
    }

    /** Errors and warnings of the console, uncaught exceptions and breaches of the page's policy. */
    public List<String> complaints() {
        return complaints;
    }

    /** Addresses that were asked for, the page itself included. */
    public List<String> requests() {
        return requests;
    }

    private JsonNode browser(String method, ObjectNode parameters) {
        return call(method, parameters, false);
    }

    private JsonNode page(String method, ObjectNode parameters) {
        return call(method, parameters, true);
    }

    private JsonNode call(String method, ObjectNode parameters, boolean toPage) {
        int id = ids.incrementAndGet();
        ObjectNode message = JSON.createObjectNode().put("id", id).put("method", method);
        message.set("params", parameters);
        if (toPage) {
            message.put("sessionId", session);
        }
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        answers.put(id, answer);
        socket.sendText(message.toString(), true).join();
        try {
            JsonNode reply = answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (reply.has("error")) {
                throw new AssertionError(method + ": " + reply.get("error"));
            }
            return reply.get("result");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError(method + " was not answered", e);
        }
    }

    @Override
    public void close() throws IOException {
        socket.abort();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.onExit().join();
        try (Stream<Path> files = Files.walk(profile)) {
            // A dying helper process may still write: what stays is in the folder for temporary files.
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        }
    }

    private void event(String method, JsonNode parameters) {
        switch (method) {
            case "Runtime.exceptionThrown" ->
                complaints.add(parameters.get("exceptionDetails").toString());
            case "Log.entryAdded" -> complaints.add(parameters.get("entry").toString());
            case "Runtime.consoleAPICalled" -> complaints.add(parameters.toString());
            case "Page.javascriptDialogOpening" -> complaints.add("dialog: " + parameters);
            case "Network.requestWillBeSent" ->
                requests.add(parameters.at("/request/url").asText());
            default -> {
                // Nothing that a test asks about.
            }
        }
    }

    /** Puts messages together and hands answers to whoever waits for them. */
    private final class Messages implements WebSocket.Listener {
        private final StringBuilder message = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            message.append(part);
            if (last) {
                JsonNode node = read(message.toString());
                message.setLength(0);
                CompletableFuture<JsonNode> waiting =
                        node.has("id") ? answers.remove(node.get("id").asInt()) : null;
                if (waiting != null) {
                    waiting.complete(node);
                } else if (node.has("method")) {
                    event(node.get("method").asText(), node.get("params"));
                }
            }
            from.request(1);
            return CompletableFuture.completedFuture(null);
        }

        private static JsonNode read(String text) {
            try {
                return JSON.readTree(text);
            } catch (IOException e) {
                throw new AssertionError("the browser sent " + text, e);
            }
        }
    }
}
