package io.processoptimizer.recover.rehearse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The heap of another Java process after a full collection, by the {@code jcmd} of this JDK. */
public final class FullCollection {
    private static final long WITHIN_SECONDS = 60;
    private static final long KIBIBYTE = 1_024;

    /** The whole heap, or each generation of it; of its spaces only shares are told. */
    private static final Pattern USED =
            Pattern.compile("total (?:reserved )?\\d+K(?:, committed \\d+K)?, used (\\d+)K");

    private final Path jcmd;

    /** @throws IllegalArgumentException where this Java has no such tool */
    public FullCollection() {
        jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        if (!Files.isExecutable(jcmd)) {
            throw new IllegalArgumentException(
                    "the heap is measured by jcmd, and " + jcmd + " is not there; run it with the java of a JDK");
        }
    }

    /**
     * Collects all and asks.
     *
     * @return bytes in use
     * @throws IOException where it has ended, or does not answer
     */
    public long heapBytes(long pid) throws IOException, InterruptedException {
        String unused = ask(pid, "GC.run");
        return used(ask(pid, "GC.heap_info"));
    }

    static long used(String heapInfo) throws IOException {
        long used = 0;
        boolean isThere = false;
        for (String line : heapInfo.lines().toList()) {
            Matcher found = USED.matcher(line);
            if (!line.strip().startsWith("Metaspace") && found.find()) {
                used += Long.parseLong(found.group(1)) * KIBIBYTE;
                isThere = true;
            }
        }
        if (!isThere) {
            throw new IOException("jcmd does not tell how much of the heap is in use: " + heapInfo);
        }
        return used;
    }

    private String ask(long pid, String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(List.of(jcmd.toString(), String.valueOf(pid), command))
                .redirectErrorStream(true)
                .start();
        try {
            // Some hundred bytes: they fit into the pipe.
            if (!process.waitFor(WITHIN_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("jcmd " + command + " did not answer within " + WITHIN_SECONDS + " s");
            }
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.exitValue() != 0) {
                throw new IOException("jcmd " + command + " failed: " + said.strip());
            }
            return said;
        } finally {
            process.destroyForcibly();
        }
    }
}
