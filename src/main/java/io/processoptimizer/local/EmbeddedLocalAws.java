package io.processoptimizer.local;

import io.processoptimizer.cli.EmbeddedAws;
import java.io.IOException;
import java.net.URI;

/** Lets the commands start {@link LocalAws} without depending on it. */
public final class EmbeddedLocalAws implements EmbeddedAws {
    @Override
    public Running start(Options options) throws IOException {
        LocalAws aws = LocalAws.start(new LocalAwsSettings(
                options.port(),
                options.directory(),
                LocalAwsSettings.DEFAULT_REGION,
                false,
                options.faults(),
                options.model()));
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
