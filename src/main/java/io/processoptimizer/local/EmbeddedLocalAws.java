package io.processoptimizer.local;

import io.processoptimizer.cli.EmbeddedAws;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Lets the commands start {@link LocalAws} without depending on it. */
public final class EmbeddedLocalAws implements EmbeddedAws {
    @Override
    public Running start(int port, @Nullable Path directory, boolean faults) throws IOException {
        LocalAwsSettings plain = LocalAwsSettings.defaults().withPort(port);
        LocalAwsSettings settings = faults ? plain.withFaults() : plain;
        LocalAws aws = LocalAws.start(directory == null ? settings : settings.withDirectory(directory));
        return new Running() {
            @Override
            public URI endpoint() {
                return aws.endpoint();
            }

            @Override
            public void awaitReady() throws IOException {
                aws.awaitReady();
            }

            @Override
            public void close() {
                aws.close();
            }
        };
    }
}
