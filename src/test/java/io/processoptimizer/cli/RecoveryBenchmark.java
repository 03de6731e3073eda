package io.processoptimizer.cli;

import io.processoptimizer.aws.AwsClients;
import io.processoptimizer.aws.AwsConnection;
import io.processoptimizer.aws.Calls;
import io.processoptimizer.aws.Streams;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;

/**
 * How long a shard stands still: from an event to the first record that the new holder processes, of the last of the shards concerned,
 * for our worker and for one with KCL's defaults, against one embedded AWS on one machine. Arguments: rounds of ours (default 5), rounds
 * of the plain worker (default 5; it takes minutes each).
 */
final class RecoveryBenchmark implements AutoCloseable {
    private static final int SHARDS = 3;
    private static final int KEYS = 60;
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(20);

    /** Longer than anything a worker does by itself. */
    private static final long AT_MOST_SECONDS = 400;

    /** Long enough for heartbeats, leader and assignments to be at rest. */
    private static final long CALM_MILLIS = 15_000;

    private static final long POLL_MILLIS = 20;
    private static final Pattern FIRST = Pattern.compile("first record of (\\S+) in this tenure");

    private final AwsProcess aws;
    private final AwsClients clients;
    private final Path folder;
    private final boolean plain;
    private final String name;
    private final List<Worker> workers = new ArrayList<>();
    private final Map<String, Worker> holders = new HashMap<>();
    private final Thread feed;
    private int started;

    private RecoveryBenchmark(AwsProcess aws, AwsClients clients, Path folder, boolean plain)
            throws InterruptedException {
        this.aws = aws;
        this.clients = clients;
        this.folder = folder;
        this.plain = plain;
        this.name = plain ? "plain" : "ours";
        Streams.createIfMissing(clients, name, SHARDS);
        feed = new Thread(this::feed, "feed");
        feed.setDaemon(true);
        feed.start();
    }

    private enum Event {
        RESTART("kill -9 and restart of the only worker, same id where the worker keeps one"),
        TERMINATE("SIGTERM of one of two"),
        KILL_FOLLOWER("kill -9 of one of two, not the leader"),
        KILL_LEADER("kill -9 of one of two, the leader");

        private final String words;

        Event(String words) {
            this.words = words;
        }
    }

    private static final class Worker {
        final String id;
        final Process process;
        final Path log;
        int read;

        Worker(String id, Process process, Path log) {
            this.id = id;
            this.process = process;
            this.log = log;
        }
    }

    public static void main(String[] arguments) throws Exception {
        int ours = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5;
        int plain = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5;
        Path folder = Files.createTempDirectory("recovery-benchmark");
        System.out.println("logs in " + folder);
        try (AwsProcess aws = AwsProcess.start(folder.resolve("aws.log"), OwnJar.AWS_HEAP);
                AwsClients clients = new AwsClients(AwsConnection.emulator(aws.endpoint()), false)) {
            try (RecoveryBenchmark benchmark = new RecoveryBenchmark(aws, clients, folder, false)) {
                benchmark.measure(ours);
            }
            try (RecoveryBenchmark benchmark = new RecoveryBenchmark(aws, clients, folder, true)) {
                benchmark.measure(plain);
            }
        }
        System.exit(0);
    }

    private void measure(int rounds) throws IOException, InterruptedException {
        for (Event event : Event.values()) {
            double[] seconds = new double[rounds];
            for (int round = 0; round < rounds; round++) {
                seconds[round] = measure(event);
                System.out.printf(Locale.ROOT, "%s, %s: %.1f s%n", name, event.words, seconds[round]);
            }
            Arrays.sort(seconds);
            if (rounds > 0) {
                System.out.printf(
                        Locale.ROOT,
                        "%s, %s: median %.1f s of %d (%.1f to %.1f)%n",
                        name,
                        event.words,
                        seconds[rounds / 2],
                        rounds,
                        seconds[0],
                        seconds[rounds - 1]);
            }
        }
    }

    private double measure(Event event) throws IOException, InterruptedException {
        settle(event == Event.RESTART ? 1 : 2);
        Worker victim = victim(event);
        Set<String> shards = shardsOf(victim);
        long start = System.nanoTime();
        if (event == Event.TERMINATE) {
            victim.process.destroy();
        } else {
            victim.process.destroyForcibly();
        }
        workers.remove(victim);
        if (event == Event.RESTART) {
            victim.process.waitFor();
            workers.add(start(plain ? "plain-" + ++started : victim.id));
        }
        awaitHolders(shards);
        double seconds = (System.nanoTime() - start) / 1e9;
        victim.process.waitFor();
        return seconds;
    }

    private Worker victim(Event event) throws InterruptedException {
        if (event == Event.RESTART || event == Event.TERMINATE) {
            return workers.get(0);
        }
        String leader = leader();
        for (Worker worker : workers) {
            if (worker.id.equals(leader) == (event == Event.KILL_LEADER)) {
                return worker;
            }
        }
        throw new IllegalStateException("the leader is " + leader + ", none of " + workers.size() + " workers");
    }

    private @Nullable String leader() throws InterruptedException {
        for (Map<String, AttributeValue> row : Calls.await(
                        clients.dynamo().scan(r -> r.tableName(application()).consistentRead(true)), ANSWER_WITHIN)
                .items()) {
            AttributeValue kind = row.get("entityType");
            if (kind != null && "LEADER".equals(kind.s())) {
                AttributeValue owner = row.get("ownerName");
                return owner == null ? null : owner.s();
            }
        }
        return null;
    }

    private String application() {
        return name + "-leases";
    }

    /** So many workers run, each has a shard, and nothing moves. */
    private void settle(int count) throws IOException, InterruptedException {
        while (workers.size() > count) {
            Worker surplus = workers.remove(workers.size() - 1);
            surplus.process.destroy();
            surplus.process.waitFor();
            holders.values().removeIf(holder -> holder == surplus);
        }
        while (workers.size() < count) {
            workers.add(start(name + "-" + ++started));
        }
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(AT_MOST_SECONDS);
        while (holders.size() < SHARDS || new HashSet<>(holders.values()).size() < count) {
            poll();
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(count + " workers did not share the shards: " + holders.keySet());
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
        TimeUnit.MILLISECONDS.sleep(CALM_MILLIS);
        poll();
    }

    private Set<String> shardsOf(Worker worker) {
        Set<String> shards = new HashSet<>();
        holders.forEach((shard, holder) -> {
            if (holder == worker) {
                shards.add(shard);
            }
        });
        holders.values().removeIf(holder -> holder == worker);
        return shards;
    }

    private void awaitHolders(Set<String> shards) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(AT_MOST_SECONDS);
        while (!holders.keySet().containsAll(shards)) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("nobody took " + shards + " within " + AT_MOST_SECONDS + " s");
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            poll();
        }
    }

    /** Reads on in the logs: who processed a first record of which shard. */
    private void poll() throws IOException {
        for (Worker worker : workers) {
            byte[] log = Files.readAllBytes(worker.log);
            Matcher first =
                    FIRST.matcher(new String(log, worker.read, log.length - worker.read, StandardCharsets.UTF_8));
            int last = 0;
            while (first.find()) {
                holders.put(first.group(1), worker);
                last = first.end();
            }
            worker.read += last;
        }
    }

    private Worker start(String id) throws IOException {
        Path log = folder.resolve(id + "-" + System.nanoTime() + ".log");
        Process process = new ProcessBuilder(plain ? plainCommand(id) : ourCommand(id))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        return new Worker(id, process, log);
    }

    private List<String> ourCommand(String id) {
        List<String> arguments = new ArrayList<>();
        Map.of(
                        "stream.name",
                        name,
                        "stream.initial_position",
                        "trim_horizon",
                        "application.name",
                        application(),
                        "application.worker_id",
                        id,
                        "state.table",
                        name + "-state",
                        "aws.endpoint",
                        aws.endpoint().toString(),
                        "log.level",
                        "info")
                .forEach((key, value) -> arguments.addAll(List.of("--set", key + "=" + value)));
        return OwnJar.command("-Xmx256m", "run", arguments);
    }

    private List<String> plainCommand(String id) {
        URI endpoint = aws.endpoint();
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                "-cp",
                System.getProperty("java.class.path"),
                PlainWorker.class.getName(),
                endpoint.toString(),
                name,
                application(),
                id);
    }

    /** A few records of each shard every 100 ms. */
    private void feed() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                List<PutRecordsRequestEntry> entries = new ArrayList<>();
                for (int i = 0; i < KEYS; i++) {
                    String process = "PROC-" + i;
                    entries.add(PutRecordsRequestEntry.builder()
                            .partitionKey(process)
                            .data(SdkBytes.fromUtf8String(
                                    "{\"process_id\":\"" + process + "\",\"step_id\":\"s\",\"timestamp\":"
                                            + System.currentTimeMillis() + ",\"good\":1}"))
                            .build());
                }
                Calls.await(clients.kinesis().putRecords(r -> r.streamName(name).records(entries)), ANSWER_WITHIN);
                TimeUnit.MILLISECONDS.sleep(100);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        feed.interrupt();
        for (Worker worker : workers) {
            worker.process.destroyForcibly().onExit().join();
        }
    }
}
