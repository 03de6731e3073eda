package io.processoptimizer.recover.rehearse;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.processoptimizer.recover.rehearse.Disturbance.Sink;
import io.processoptimizer.recover.rehearse.Disturbance.SinkFault;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lets sinks of the embedded AWS go wrong, several at a time. Thread safe. */
final class FaultSwitch {
    private static final String PATH = "/_local/faults";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A call that a fault hit may be reported so long after it: the SDK retries before. */
    private static final Duration AFTERMATH = Duration.ofSeconds(10);

    private final LocalPage page;
    private final Stage stage;
    private final List<SinkFault> active = new ArrayList<>();
    private long quietSinceNanos = System.nanoTime() - AFTERMATH.toNanos();

    FaultSwitch(@Nullable URI endpoint, Stage stage) {
        this.page = new LocalPage(endpoint);
        this.stage = stage;
    }

    /** Whether the endpoint has such faults. */
    boolean isThere() throws InterruptedException {
        return page.isThere(PATH);
    }

    synchronized void begin(SinkFault fault) throws IOException, InterruptedException {
        active.add(fault);
        tell();
    }

    synchronized void end(SinkFault fault) throws IOException, InterruptedException {
        if (active.remove(fault)) {
            tell();
            quietSinceNanos = System.nanoTime();
        }
    }

    synchronized void endAll() throws IOException, InterruptedException {
        if (!active.isEmpty()) {
            active.clear();
            tell();
            quietSinceNanos = System.nanoTime();
        }
    }

    /** Whether no call that fails now can be blamed on a fault. */
    synchronized boolean isQuiet() {
        return active.isEmpty() && System.nanoTime() - quietSinceNanos >= AFTERMATH.toNanos();
    }

    private void tell() throws IOException, InterruptedException {
        ArrayNode faults = JSON.createArrayNode();
        for (SinkFault fault : active) {
            ObjectNode node = faults.addObject();
            boolean events = fault.sink() == Sink.EVENTS;
            node.put("service", events ? "eventbridge" : "dynamodb");
            if (!events) {
                node.put("table", stage.table(fault.sink()));
            }
            node.put("kind", fault.how().name());
            node.put("share", fault.share());
        }
        page.ask(PATH, request -> request.PUT(HttpRequest.BodyPublishers.ofString(faults.toString())));
    }
}
