package io.processoptimizer.local.dynamodb;

import com.amazonaws.services.dynamodbv2.local.server.LocalDynamoDBRequestHandler;
import com.amazonaws.services.dynamodbv2.local.server.LocalDynamoDBServerHandler;
import com.amazonaws.services.dynamodbv2.model.ListTablesRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Amazon's DynamoDB Local, mounted as a handler: answers requests of DynamoDB and DynamoDB Streams and leaves all others to the
 * next one.
 *
 * <p>It opens in the background, because loading it takes longer than everything else of the embedded AWS together; requests that
 * come earlier wait for it. All credentials and regions see the same tables, so that the AWS CLI with any key sees those of the
 * worker.
 */
public final class DynamoDbHandler extends Handler.Abstract implements AutoCloseable {
    /** Longer than the slowest start seen (3 s on two busy cores), shorter than a client's patience for one attempt. */
    private static final Duration START_LIMIT = Duration.ofSeconds(30);

    private static final String TARGET_PREFIX = "DynamoDB_20120810.";
    private static final String SCAN = TARGET_PREFIX + "Scan";
    private static final String STREAMS_TARGET_PREFIX = "DynamoDBStreams_20120810.";

    private static final String WARM_UP = "local";

    /** Amazon's jobs sleep in threads that are not daemons and are never ended: as a group they can be interrupted. */
    private final ThreadGroup threads = new ThreadGroup("dynamodb-local");

    private final CompletableFuture<LocalDynamoDBServerHandler> amazons;

    /**
     * Begins to open the store.
     *
     * @param directory where the tables are kept, or null for memory
     */
    public DynamoDbHandler(@Nullable Path directory) {
        this.amazons = new CompletableFuture<>();
        Thread opener = new Thread(threads, () -> open(directory), "dynamodb-local-start");
        opener.setDaemon(true);
        opener.start();
    }

    private void open(@Nullable Path directory) {
        try {
            SqliteLibrary.load();
            if (directory != null) {
                Files.createDirectories(directory);
            }
            LocalDynamoDBRequestHandler store = new LocalDynamoDBRequestHandler(
                    0, directory == null, directory == null ? null : directory.toString(), true, false);
            // The first request opens the store, on the thread and in the thread group that it comes on: this one.
            store.listTables(WARM_UP, WARM_UP, new ListTablesRequest());
            LocalDynamoDBServerHandler handler = new LocalDynamoDBServerHandler(store, null);
            if (!amazons.complete(handler)) {
                handler.close();
            }
        } catch (IOException | RuntimeException | LinkageError e) {
            amazons.completeExceptionally(e);
        }
    }

    /**
     * Returns when requests are answered without waiting.
     *
     * @throws IOException when DynamoDB Local could not be opened, with the reason and the remedy
     */
    public void awaitReady() throws IOException {
        await();
    }

    /** Whether requests are answered without waiting. */
    public boolean isReady() {
        return amazons.isDone() && !amazons.isCompletedExceptionally();
    }

    private LocalDynamoDBServerHandler await() throws IOException {
        try {
            return amazons.get(START_LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IOException("DynamoDB Local did not start: " + cause.getMessage(), cause);
        } catch (TimeoutException e) {
            throw new IOException("DynamoDB Local did not start within " + START_LIMIT.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while DynamoDB Local was starting", e);
        }
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        String target = request.getHeaders().get("X-Amz-Target");
        if (target == null || !(target.startsWith(TARGET_PREFIX) || target.startsWith(STREAMS_TARGET_PREFIX))) {
            return false;
        }
        Request mounted = target.equals(SCAN) ? LimitedScan.of(request) : request;
        return await().handle(mounted, response, callback);
    }

    @Override
    public void close() {
        boolean wasOpening = amazons.cancel(false);
        if (!wasOpening && !amazons.isCompletedExceptionally()) {
            amazons.join().close();
        }
        threads.interrupt();
    }
}
