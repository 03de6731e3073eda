package io.processoptimizer.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * A replay with all its outputs, against DuckDB's SQL of the plain form of the job ({@code replay.sql}) and against a bare Jackson parse
 * that reads the values: the same file, in turn, on one thread and on two, by the clock. Then what both computed of complete windows is
 * compared. Arguments: a file as {@code simulate --output} writes it, which is made where it does not exist (10 million records of 2,000
 * processes of 8 steps, none late), and the number of rounds (default 3).
 */
final class SpeedComparison {
    private static final String[] MAKE = {
        "simulate", "--processes=2000", "--steps=8", "--rate=8200", "--for=20m", "--disorder=3s", "--late=0", "--duplicates=0"
    };
    private static final int BAR = 50;

    private final Path file;
    private final Path output;
    private final long records;
    private final BareParse bareParse;
    private final String sql;

    private SpeedComparison(Path file, Path output) throws IOException, InterruptedException {
        this.file = file;
        this.output = output;
        bareParse = new BareParse(file);
        bareParse.seconds(1);
        records = bareParse.records();
        try (InputStream in = Objects.requireNonNull(SpeedComparison.class.getResourceAsStream("/replay.sql"))) {
            sql = new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("{file}", file.toString());
        }
    }

    public static void main(String[] arguments) throws Exception {
        if (arguments.length == 0) {
            throw new IllegalArgumentException("name a file; it is made where it does not exist");
        }
        Path file = Path.of(arguments[0]).toAbsolutePath();
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 3;
        if (!Files.exists(file)) {
            String[] make = Arrays.copyOf(MAKE, MAKE.length + 1);
            make[MAKE.length] = "--output=" + file;
            command(make);
        }
        SpeedComparison comparison = new SpeedComparison(file, Files.createTempDirectory("speed-comparison"));
        System.out.printf(
                Locale.ROOT,
                "%,d records, %,d MB, heap at most %,d MiB%n",
                comparison.records,
                Files.size(file) / 1_000_000,
                Runtime.getRuntime().maxMemory() >> 20);
        try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:")) {
            for (int threads = 1; threads <= 2; threads++) {
                comparison.compare(duckDb, threads, rounds);
            }
            comparison.checkSameResults(duckDb);
            System.out.printf(Locale.ROOT, "heap after the last collection: %,d MiB%n", heapAfterCollection());
        }
    }

    private static long heapAfterCollection() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                        .map(MemoryPoolMXBean::getCollectionUsage)
                        .filter(Objects::nonNull)
                        .mapToLong(MemoryUsage::getUsed)
                        .sum()
                >> 20;
    }

    private static void command(String... arguments) {
        PrintWriter quiet = new PrintWriter(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        int exitCode = Main.commandLine(Surroundings.ofProcess(), quiet, err).execute(arguments);
        if (exitCode != 0) {
            throw new IllegalStateException(arguments[0] + " ended with " + exitCode);
        }
    }

    private void compare(Connection duckDb, int threads, int rounds)
            throws IOException, InterruptedException, SQLException {
        Map<String, double[]> speeds = new LinkedHashMap<>();
        for (String side : new String[] {"replay", "DuckDB", "Jackson"}) {
            speeds.put(side, new double[rounds]);
        }
        // The first round warms up.
        for (int round = 0; round <= rounds; round++) {
            double[] seconds = {replaySeconds(threads), duckDbSeconds(duckDb, threads), bareParse.seconds(threads)};
            int side = 0;
            for (double[] speed : speeds.values()) {
                if (round > 0) {
                    speed[round - 1] = records / seconds[side] / 1e6;
                }
                side++;
            }
        }
        System.out.printf("%n%d thread%s, million records/s, median of %d%n", threads, threads == 1 ? "" : "s", rounds);
        double fastest = speeds.values().stream().mapToDouble(SpeedComparison::median).max().orElse(1);
        double replay = median(Objects.requireNonNull(speeds.get("replay")));
        speeds.forEach((side, speed) -> System.out.printf(
                Locale.ROOT,
                "  %-8s %5.2f  %-" + BAR + "s  %s%n",
                side,
                median(speed),
                "█".repeat((int) Math.round(BAR * median(speed) / fastest)),
                side.equals("replay")
                        ? ""
                        : String.format(Locale.ROOT, "the replay is %.2f times as fast", replay / median(speed))));
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private double replaySeconds(int threads) {
        long start = System.nanoTime();
        command("replay", "--input=" + file, "--output=" + output, "--threads=" + threads);
        return (System.nanoTime() - start) / 1e9;
    }

    private double duckDbSeconds(Connection connection, int threads) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET threads = " + threads);
            long start = System.nanoTime();
            statement.execute(sql);
            return (System.nanoTime() - start) / 1e9;
        }
    }

    /** Counts and running times are whole numbers: they are equal, or wrong. Windows that begin before the first record lack facts. */
    private void checkSameResults(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(
                        """
                        WITH ours AS (
                          SELECT process_id, window_end, unnest(steps, recursive := true)
                          FROM read_json('%s', format = 'newline_delimited', columns = {process_id: 'VARCHAR',
                            window_start: 'BIGINT', window_end: 'BIGINT', final: 'BOOLEAN',
                            steps: 'STRUCT(step_id VARCHAR, good BIGINT, reject BIGINT, running_ms BIGINT)[]'})
                          WHERE final AND window_start >= (SELECT min(window_end) FROM results))
                        SELECT count(*), count(theirs.process_id), count(*) FILTER (
                          ours.good = theirs.good AND ours.reject = theirs.reject AND ours.running_ms = theirs.running_ms)
                        FROM ours LEFT JOIN results AS theirs USING (process_id, step_id, window_end)"""
                                .formatted(output.resolve("windows.ndjson")))) {
            found.next();
            System.out.printf(
                    Locale.ROOT,
                    "%nof complete windows %,d results of steps, %,d of them in both, %,d with equal good, reject and running_ms%n",
                    found.getLong(1),
                    found.getLong(2),
                    found.getLong(3));
            if (found.getLong(1) == 0 || found.getLong(1) != found.getLong(3)) {
                throw new IllegalStateException("they do not agree");
            }
        }
    }
}
