package io.processoptimizer.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a month of 730 hours costs at measured rates, in US dollars: public list prices of us-east-1, on demand, 2025. An estimate of the
 * large things; what runs the worker, data transfer and storage of results come on top.
 */
public final class MonthlyCost {
    private static final double HOURS = 730;
    private static final double SECONDS = HOURS * 3_600;

    /** Kinesis, provisioned: a shard hour, and a million put payload units of 25 KB. */
    private static final double SHARD_HOUR = 0.015;

    private static final double MILLION_PUT_UNITS = 0.014;
    private static final double PUT_UNIT_BYTES = 25 * 1024.0;

    /** Kinesis, on demand: a stream hour, a GB in, a GB out. */
    private static final double STREAM_HOUR = 0.04;

    private static final double GB_IN = 0.08;
    private static final double GB_OUT = 0.04;
    private static final double GB = 1024.0 * 1024 * 1024;

    /** DynamoDB on demand: a million writes of 1 KB. */
    private static final double MILLION_WRITES = 0.625;

    private static final double KB = 1024;

    /** KCL renews a lease every third of its failover time. */
    private static final double RENEWALS_PER_FAILOVER = 3;

    /** CloudWatch: a metric a month, of the first 10,000, the next 240,000, and beyond. */
    private static final double[] METRIC = {0.30, 0.10, 0.05};

    private static final double[] METRICS = {10_000, 240_000, Double.MAX_VALUE};

    private final List<Item> items = new ArrayList<>();

    /** One position. */
    public record Item(String what, double dollars) {}

    /**
     * Adds the stream.
     *
     * @param onDemand its mode
     * @param shards open ones
     * @param recordsPerSecond measured
     * @param bytesPerSecond measured
     */
    public MonthlyCost stream(boolean onDemand, int shards, double recordsPerSecond, double bytesPerSecond) {
        if (onDemand) {
            items.add(new Item("stream, hours", STREAM_HOUR * HOURS));
            items.add(new Item("stream, data", (GB_IN + GB_OUT) * bytesPerSecond * SECONDS / GB));
        } else {
            items.add(new Item("stream, " + shards + " shards", SHARD_HOUR * HOURS * shards));
            double units = recordsPerSecond == 0
                    ? 0
                    : recordsPerSecond * Math.ceil(bytesPerSecond / recordsPerSecond / PUT_UNIT_BYTES);
            items.add(new Item("stream, puts", MILLION_PUT_UNITS * units * SECONDS / 1e6));
        }
        return this;
    }

    /**
     * Adds the results.
     *
     * @param processes that send
     * @param slideSeconds from one window of a process to the next
     * @param itemBytes of one result, measured
     */
    public MonthlyCost results(int processes, double slideSeconds, double itemBytes) {
        double writes = processes * SECONDS / slideSeconds * Math.ceil(itemBytes / KB);
        items.add(new Item("results in DynamoDB", MILLION_WRITES * writes / 1e6));
        return this;
    }

    /**
     * Adds the states where they are in DynamoDB, which charges each KB written and again each KB deleted.
     *
     * @param stateBytes of all shards together, as stored
     * @param commitSeconds from one commit to the next
     */
    public MonthlyCost states(double stateBytes, double commitSeconds) {
        double units = SECONDS / commitSeconds * 2 * Math.ceil(stateBytes / KB);
        items.add(new Item("states in DynamoDB", MILLION_WRITES * units / 1e6));
        return this;
    }

    /** Adds the renewal of leases. */
    public MonthlyCost leases(int shards, double failoverSeconds) {
        double writes = shards * SECONDS / (failoverSeconds / RENEWALS_PER_FAILOVER);
        items.add(new Item("leases", MILLION_WRITES * writes / 1e6));
        return this;
    }

    /** Adds metrics of processes in CloudWatch. */
    public MonthlyCost metrics(long metrics) {
        double left = metrics;
        double dollars = 0;
        for (int tier = 0; tier < METRIC.length; tier++) {
            double here = Math.min(left, METRICS[tier]);
            dollars += here * METRIC[tier];
            left -= here;
        }
        items.add(new Item(metrics + " metrics in CloudWatch", dollars));
        return this;
    }

    public List<Item> items() {
        return List.copyOf(items);
    }

    public double total() {
        return items.stream().mapToDouble(Item::dollars).sum();
    }

    /** In a line: the total, then the largest first. */
    public String text() {
        StringBuilder text = new StringBuilder(String.format(Locale.ROOT, "about $%,.0f a month:", total()));
        items.stream()
                .sorted((a, b) -> Double.compare(b.dollars(), a.dollars()))
                .forEach(item -> text.append(String.format(Locale.ROOT, " %s $%,.2f;", item.what(), item.dollars())));
        return text.substring(0, text.length() - 1) + " (list prices of us-east-1, 2025, at the rates measured now)";
    }
}
