package io.processoptimizer.local;

import java.io.IOException;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Where tests of what talks to AWS run: {@code -Dit.endpoint=http://…}, an emulator that is empty, since they make tables of fixed names;
 * without it an embedded AWS of their own.
 */
public final class TestEndpoint implements AutoCloseable {
    private final URI endpoint;
    private final @Nullable LocalAws own;

    private TestEndpoint(URI endpoint, @Nullable LocalAws own) {
        this.endpoint = endpoint;
        this.own = own;
    }

    /** Is ready when it returns. */
    public static TestEndpoint start() throws IOException {
        String given = System.getProperty("it.endpoint", "");
        if (!given.isEmpty()) {
            return new TestEndpoint(URI.create(given), null);
        }
        LocalAws own = LocalAws.start(LocalAwsSettings.onAnyPort());
        own.awaitReady();
        return new TestEndpoint(own.endpoint(), own);
    }

    public URI endpoint() {
        return endpoint;
    }

    @Override
    public void close() {
        if (own != null) {
            own.close();
        }
    }
}
