package io.processoptimizer.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The embedded AWS in a process of its own, on a free port, with faults that can be switched on. */
final class AwsProcess implements AutoCloseable {
    /** Three seconds on an idle machine. */
    private static final long START_WITHIN_SECONDS = 60;

    private static final long POLL_MILLIS = 100;
    private static final Pattern ENDPOINT = Pattern.compile("Embedded AWS on (http://\\S+) ");

    private final Process process;
    private final URI endpoint;
    private final Thread hook;

    private AwsProcess(Process process, URI endpoint, Thread hook) {
        this.process = process;
        this.endpoint = endpoint;
        this.hook = hook;
    }

    /**
     * Starts it and waits until it answers.
     *
     * @param heap option of Java
     */
    static AwsProcess start(Path log, String heap) throws IOException, InterruptedException {
        EmbeddedAws unused = EmbeddedAws.load(); // says where it is if not in this jar
        Process process = new ProcessBuilder(OwnJar.command(heap, "local", List.of("--port", "0", "--faults")))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        Thread hook = new Thread(process::destroyForcibly, "embedded-aws-end");
        Runtime.getRuntime().addShutdownHook(hook);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_WITHIN_SECONDS);
        while (true) {
            Matcher said = ENDPOINT.matcher(Files.readString(log));
            if (said.find()) {
                return new AwsProcess(process, URI.create(said.group(1)), hook);
            }
            if (!process.isAlive() || System.nanoTime() > deadline) {
                process.destroyForcibly();
                throw new CommandFailure(
                        ExitCode.AWS_FAILED,
                        "the embedded AWS did not start: "
                                + Files.readString(log).strip());
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    URI endpoint() {
        return endpoint;
    }

    @Override
    public void close() {
        process.destroyForcibly();
        Runtime.getRuntime().removeShutdownHook(hook);
    }
}
