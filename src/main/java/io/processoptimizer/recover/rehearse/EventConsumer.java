package io.processoptimizer.recover.rehearse;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A consumer of the event bus of the embedded AWS: every event of one source goes to a file, in the order in which it came. */
final class EventConsumer implements AutoCloseable {
    private static final String PATH = "/_local/events";
    private static final int BATCH = 500;
    private static final long POLL_MILLIS = 300;

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private final LocalPage page;
    private final String source;
    private final BufferedWriter file;
    private final Thread thread = new Thread(this::poll, "event-consumer");
    private long last;
    private final AtomicLong events = new AtomicLong();
    private volatile boolean closing;
    private volatile @Nullable Exception failure;

    EventConsumer(@Nullable URI endpoint, String source, Path file) throws IOException {
        this.page = new LocalPage(endpoint);
        this.source = source;
        this.file = Files.newBufferedWriter(file);
        thread.setDaemon(true);
    }

    boolean isThere() throws InterruptedException {
        return page.isThere(PATH);
    }

    void start() {
        thread.start();
    }

    private void poll() {
        try {
            boolean more = true;
            while (more || !closing) {
                more = fetch();
                if (!more && !closing) {
                    TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
                    more = true;
                }
            }
        } catch (IOException | RuntimeException e) {
            failure = e;
        } catch (InterruptedException e) {
            failure = e;
            Thread.currentThread().interrupt();
        }
    }

    /** @return whether there was something new */
    private boolean fetch() throws IOException, InterruptedException {
        JsonNode answer =
                JSON.readTree(page.ask(PATH + "?after=" + last + "&limit=" + BATCH, HttpRequest.Builder::GET));
        for (JsonNode entry : answer.path("events")) {
            long number = entry.path("number").asLong();
            if (last > 0 && number != last + 1) {
                throw new IOException("events " + (last + 1) + " to " + (number - 1)
                        + " were forgotten by the bus before they were fetched");
            }
            last = number;
            if (entry.at("/event/source").asText().equals(source)) {
                file.write(entry.at("/event/detail").toString());
                file.write('\n');
                events.incrementAndGet();
            }
        }
        return !answer.path("events").isEmpty();
    }

    /** How many came so far. */
    long events() {
        return events.get();
    }

    /**
     * Ends when all that was published is in the file.
     *
     * @throws IOException where events were missed
     */
    @Override
    public void close() throws IOException {
        closing = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
        file.close();
        if (failure != null) {
            throw new IOException("the events could not all be received: " + failure.getMessage(), failure);
        }
    }
}
