package io.processoptimizer.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/** The embedded AWS, where this jar holds it: the production jar does not. */
public interface EmbeddedAws {
    /**
     * How it is started.
     *
     * @param port of the loopback address; 0: any free one
     * @param directory where tables are kept over a restart; null: in memory
     * @param faults whether requests can be made to go wrong, by the page /_local/faults
     * @param model folder of the efficiency model behind SageMaker's endpoints; null: one that has learnt nothing
     */
    record Options(
            int port,
            @Nullable Path directory,
            boolean faults,
            @Nullable Path model) {}

    /**
     * Starts to listen.
     *
     * @throws IOException where the port is taken or the model cannot be read, with the remedy
     */
    Running start(Options options) throws IOException;

    /** An embedded AWS that listens. */
    interface Running extends AutoCloseable {
        /** Every client's endpoint. */
        URI endpoint();

        /** Returns when every service answers. */
        void awaitReady() throws IOException;

        @Override
        void close();
    }

    /** The highest port there is. */
    int MAX_PORT = 65_535;

    /**
     * Starts the one of this jar.
     *
     * @param option names the port to the person who gave it
     */
    static Running start(String option, Options options) {
        EmbeddedAws embedded = load();
        int port = options.port();
        if (port < 0 || port > MAX_PORT) {
            throw new CommandFailure(
                    ExitCode.BAD_USAGE,
                    option + " (" + port + ") is not a port; use 1 to " + MAX_PORT + ", or 0 for any free one");
        }
        try {
            return embedded.start(options);
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.BAD_USAGE, String.valueOf(e.getMessage()), e);
        }
    }

    /** The one of this jar. */
    static EmbeddedAws load() {
        return ServiceLoader.load(EmbeddedAws.class)
                .findFirst()
                .orElseThrow(() -> new CommandFailure(
                        ExitCode.BAD_USAGE,
                        "the embedded AWS is in process-optimizer-local.jar, not in this one: give the same command to java -jar"
                                + " target/process-optimizer-local.jar, or name an emulator with --set"
                                + " aws.endpoint=http://127.0.0.1:4566"));
    }
}
