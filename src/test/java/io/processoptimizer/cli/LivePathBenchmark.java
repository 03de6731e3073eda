package io.processoptimizer.cli;

import io.processoptimizer.aws.AwsClients;
import io.processoptimizer.aws.AwsConnection;
import io.processoptimizer.aws.Calls;
import io.processoptimizer.aws.Streams;
import io.processoptimizer.aws.Tables;
import io.processoptimizer.recover.rehearse.FullCollection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;

/**
 * From the put of the record that closes a window to its result in the table, with everything on one machine: the embedded AWS, the
 * worker and this feed are three processes. 3 shards, 3,000 records/s, 300 processes of 8 steps. First with the closes spread over the
 * minute, then with all of them in one second, beside what DynamoDB Local alone needs for the same writes; then the worker's CPU beside
 * that of a worker whose engine only counts. Argument: seconds of each measurement (default 180).
 *
 * <p>With the second argument {@code hang} instead: every window is advised on by models, first with models that answer, for
 * three minutes at most, then with models that take requests and never answer; results must be as early, the rules must answer, and the
 * heap after a full collection, which is taken each minute, must not grow. It begins when as much is kept for late facts as ever will be.
 */
final class LivePathBenchmark {
    private static final String STREAM = "live-path";
    private static final int PROCESSES = 300;
    private static final int STEPS = 8;
    private static final int TICK_MILLIS = 100;
    private static final int DISORDER_MILLIS = 5_000;
    private static final long MINUTE = 60_000;
    private static final long POLL_MILLIS = 40;
    private static final int BATCH_KEYS = 100;
    private static final long WARM_UP_SECONDS = 150;

    /** What is kept for late facts, ten minutes and a window of five, and some time to start in. */
    private static final long FILLED_SECONDS = 960;

    /** The endpoint keeps all records in memory, in a quarter of its heap. */
    private static final String HEAP_FOR_HALF_AN_HOUR = "-Xmx8g";

    private static final double MEBIBYTE = 1 << 20;

    /** Long enough to know how things are with models that answer. */
    private static final long ANSWERING_SECONDS = 180;

    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(20);
    private static final String RESULTS = Tables.Names.DEFAULT.results();

    private final AwsClients clients;
    private final ConcurrentLinkedQueue<Awaited> closing = new ConcurrentLinkedQueue<>();
    private final List<Awaited> awaited = new ArrayList<>();
    private final SplittableRandom random = new SplittableRandom(3);
    private volatile boolean spread = true;
    private volatile boolean ended;

    private record Awaited(String processId, long end, long putNanos) {
        Map<String, AttributeValue> key() {
            return Map.of(
                    "process_id",
                    AttributeValue.fromS(processId),
                    "timestamp",
                    AttributeValue.fromN(Long.toString(end)));
        }
    }

    private LivePathBenchmark(AwsClients clients) {
        this.clients = clients;
    }

    public static void main(String[] arguments) throws Exception {
        long seconds = arguments.length > 0 ? Long.parseLong(arguments[0]) : 180;
        boolean hang = arguments.length > 1 && arguments[1].equals("hang");
        Path folder = Files.createTempDirectory("live-path-benchmark");
        System.out.println("logs in " + folder);
        try (AwsProcess aws =
                        AwsProcess.start(folder.resolve("aws.log"), hang ? HEAP_FOR_HALF_AN_HOUR : OwnJar.AWS_HEAP);
                AwsClients clients = new AwsClients(AwsConnection.emulator(aws.endpoint()), false)) {
            Streams.createIfMissing(clients, STREAM, 3);
            LivePathBenchmark benchmark = new LivePathBenchmark(clients);
            Thread feed = new Thread(benchmark::feed, "feed");
            feed.setDaemon(true);
            feed.start();
            if (hang) {
                benchmark.modelsThatHang(aws.endpoint(), seconds, folder.resolve("worker.log"));
                System.exit(0);
            }
            Process worker = start(
                    folder.resolve("worker.log"),
                    OwnJar.command(
                            "-Xmx512m",
                            "run",
                            List.of(
                                    "--set", "stream.name=" + STREAM,
                                    "--set", "application.worker_id=live-path",
                                    "--set", "aws.endpoint=" + aws.endpoint())));
            TimeUnit.SECONDS.sleep(WARM_UP_SECONDS);
            benchmark.closing.clear();
            benchmark.report("closes spread over the minute", benchmark.latencies(seconds));
            benchmark.spread = false;
            TimeUnit.MILLISECONDS.sleep(2 * MINUTE);
            benchmark.closing.clear();
            double[] burst = benchmark.latencies(seconds);
            benchmark.report("all closes in one second", burst);
            benchmark.compareWithTheTableAlone(burst[burst.length - 1]);
            benchmark.spread = true;
            TimeUnit.MILLISECONDS.sleep(MINUTE);
            double ours = cpuShare(worker, seconds);
            worker.destroyForcibly().waitFor();
            Process empty = start(
                    folder.resolve("empty.log"),
                    List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx512m",
                            "-cp",
                            System.getProperty("java.class.path"),
                            EmptyWorker.class.getName(),
                            aws.endpoint().toString(),
                            STREAM));
            TimeUnit.SECONDS.sleep(WARM_UP_SECONDS);
            double nothing = cpuShare(empty, seconds);
            empty.destroyForcibly().waitFor();
            System.out.printf(
                    Locale.ROOT,
                    "CPU of the worker: %.1f %% of a core; with an engine that only counts: %.1f %%; %.0f %% more%n",
                    100 * ours,
                    100 * nothing,
                    100 * (ours / nothing - 1));
            benchmark.ended = true;
        }
        System.exit(0);
    }

    private void modelsThatHang(URI endpoint, long seconds, Path log) throws IOException, InterruptedException {
        int port = freePort();
        Process worker = start(
                log,
                OwnJar.command(
                        "-Xmx512m",
                        "run",
                        List.of(
                                "--set", "stream.name=" + STREAM,
                                "--set", "application.worker_id=live-path",
                                "--set", "aws.endpoint=" + endpoint,
                                "--set", "status.listen=127.0.0.1:" + port,
                                "--set", "advice.when=always",
                                "--set", "advice.cooldown=0s",
                                "--set", "advice.advisor=bedrock",
                                "--set", "sagemaker.endpoint=process-efficiency-endpoint",
                                "--set", "bedrock.calls_per_day=1000000",
                                "--set", "bedrock.calls_per_process_per_day=10000",
                                "--set", "bedrock.tokens_per_day=2000000000",
                                "--set", "bedrock.tokens_per_process_per_day=100000000")));
        URI metrics = URI.create("http://127.0.0.1:" + port + "/metrics");
        TimeUnit.SECONDS.sleep(FILLED_SECONDS);
        measure("models that answer", Math.min(seconds, ANSWERING_SECONDS), worker, metrics);
        http(HttpRequest.newBuilder(URI.create(endpoint + "/_local/faults"))
                .PUT(HttpRequest.BodyPublishers.ofString(
                        "[{\"service\":\"bedrock\",\"kind\":\"hang\"},{\"service\":\"sagemaker\",\"kind\":\"hang\"}]"))
                .build());
        measure("models that hang", seconds, worker, metrics);
        worker.destroy();
        System.out.println("SIGTERM: exit " + worker.waitFor());
    }

    private void measure(String what, long seconds, Process worker, URI metrics)
            throws IOException, InterruptedException {
        closing.clear();
        FullCollection collection = new FullCollection();
        List<String> mebibytes = new CopyOnWriteArrayList<>();
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        ScheduledFuture<?> course =
                timer.scheduleAtFixedRate(() -> mebibytes.add(heap(collection, worker.pid())), 0, 1, TimeUnit.MINUTES);
        double[] latencies = latencies(seconds);
        course.cancel(false);
        timer.shutdown();
        report(what, latencies);
        System.out.println("    MiB of heap after a full collection, each minute: " + String.join(", ", mebibytes));
        printMetrics(metrics);
    }

    private static String heap(FullCollection collection, long pid) {
        try {
            return String.format(Locale.ROOT, "%.0f", collection.heapBytes(pid) / MEBIBYTE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }

    /** What the worker itself says of its queue and of the advice it gave. */
    private static void printMetrics(URI metrics) throws IOException, InterruptedException {
        http(HttpRequest.newBuilder(metrics).build())
                .lines()
                .filter(line -> line.startsWith("emit_queue_size")
                        || line.startsWith("advise_given")
                        || line.startsWith("advise_fallbacks"))
                .forEach(line -> System.out.println("    " + line));
    }

    private static String http(HttpRequest request) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static Process start(Path log, List<String> command) throws IOException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    private static double cpuShare(Process process, long seconds) throws InterruptedException {
        Duration before = process.info().totalCpuDuration().orElseThrow();
        TimeUnit.SECONDS.sleep(seconds);
        Duration after = process.info().totalCpuDuration().orElseThrow();
        return after.minus(before).toNanos() / (seconds * 1e9);
    }

    private void report(String what, double[] sorted) {
        System.out.printf(
                Locale.ROOT,
                "%s: %,d results; seconds to the written result: median %.2f, p99 %.2f, longest %.2f%n",
                what,
                sorted.length,
                sorted[sorted.length / 2],
                sorted[(int) (sorted.length * 0.99)],
                sorted[sorted.length - 1]);
    }

    /** Seconds from put to result of all windows that close in that time, sorted. */
    private double[] latencies(long seconds) throws InterruptedException {
        List<Double> found = new ArrayList<>();
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        awaited.clear();
        while (System.nanoTime() < until || !awaited.isEmpty()) {
            for (Awaited next = closing.poll(); next != null && System.nanoTime() < until; next = closing.poll()) {
                awaited.add(next);
            }
            found.addAll(lookUp());
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
        return found.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    }

    private List<Double> lookUp() throws InterruptedException {
        List<Double> found = new ArrayList<>();
        List<CompletableFuture<BatchGetItemResponse>> calls = new ArrayList<>();
        for (int from = 0; from < awaited.size(); from += BATCH_KEYS) {
            List<Map<String, AttributeValue>> keys =
                    awaited.subList(from, Math.min(awaited.size(), from + BATCH_KEYS)).stream()
                            .map(Awaited::key)
                            .toList();
            calls.add(clients.dynamo()
                    .batchGetItem(r -> r.requestItems(Map.of(
                            RESULTS,
                            KeysAndAttributes.builder()
                                    .keys(keys)
                                    .projectionExpression("process_id, #t")
                                    .expressionAttributeNames(Map.of("#t", "timestamp"))
                                    .consistentRead(true)
                                    .build()))));
        }
        for (CompletableFuture<BatchGetItemResponse> call : calls) {
            Collection<Map<String, AttributeValue>> items =
                    Calls.await(call, ANSWER_WITHIN).responses().getOrDefault(RESULTS, List.of());
            long now = System.nanoTime();
            for (Map<String, AttributeValue> item : items) {
                for (Iterator<Awaited> each = awaited.iterator(); each.hasNext(); ) {
                    Awaited one = each.next();
                    if (one.key().equals(item)) {
                        found.add((now - one.putNanos) / 1e9);
                        each.remove();
                        break;
                    }
                }
            }
        }
        return found;
    }

    /** The same number of items of the same size, as many at once as the worker writes. */
    private void compareWithTheTableAlone(double longest) throws InterruptedException {
        Map<String, AttributeValue> item = Calls.await(
                        clients.dynamo().scan(r -> r.tableName(RESULTS).limit(1)), ANSWER_WITHIN)
                .items()
                .get(0);
        double[] seconds = new double[5];
        for (int round = 0; round < seconds.length; round++) {
            long start = System.nanoTime();
            List<CompletableFuture<?>> writes = new ArrayList<>();
            for (int i = 0; i < PROCESSES; i++) {
                Map<String, AttributeValue> copy = new java.util.HashMap<>(item);
                copy.put("process_id", AttributeValue.fromS("copy-" + round + "-" + i));
                writes.add(clients.dynamo().putItem(r -> r.tableName(RESULTS).item(copy)));
            }
            for (CompletableFuture<?> write : writes) {
                Calls.await(write, ANSWER_WITHIN);
            }
            seconds[round] = (System.nanoTime() - start) / 1e9;
        }
        Arrays.sort(seconds);
        System.out.printf(
                Locale.ROOT,
                "the table alone takes %.2f s for %d such items (median of %d); the worker's longest is %.1f times that%n",
                seconds[seconds.length / 2],
                PROCESSES,
                seconds.length,
                longest / seconds[seconds.length / 2]);
    }

    // ---- the feed

    private void feed() {
        long[] closedUpTo = new long[PROCESSES];
        try {
            for (long tick = 0; !ended; tick++) {
                long now = System.currentTimeMillis();
                List<PutRecordsRequestEntry> entries = new ArrayList<>();
                List<Awaited> closes = new ArrayList<>();
                for (int process = 0; process < PROCESSES; process++) {
                    long time = now - (spread ? process * MINUTE / PROCESSES : 0);
                    entries.add(record(process, (int) ((tick + process) % STEPS), time));
                    long end = Math.floorDiv(time - DISORDER_MILLIS, MINUTE) * MINUTE;
                    if (end > closedUpTo[process]) {
                        closedUpTo[process] = end;
                        closes.add(new Awaited("PROC-" + process, end, System.nanoTime()));
                    }
                }
                Calls.await(
                        clients.kinesis().putRecords(r -> r.streamName(STREAM).records(entries)), ANSWER_WITHIN);
                closing.addAll(closes);
                TimeUnit.MILLISECONDS.sleep(Math.max(0, now + TICK_MILLIS - System.currentTimeMillis()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private PutRecordsRequestEntry record(int process, int step, long time) {
        String state = random.nextInt(10) == 0 ? "STARVED" : "RUNNING";
        return PutRecordsRequestEntry.builder()
                .partitionKey("PROC-" + process)
                .data(SdkBytes.fromUtf8String("{\"process_id\":\"PROC-" + process + "\",\"step_id\":\"step-" + step
                        + "\",\"timestamp\":" + time + ",\"state\":\"" + state
                        + "\",\"cycle_time\":0.8,\"ideal_cycle_time\":0.7,\"good\":1,\"energy_kwh\":0.001}"))
                .build();
    }
}
