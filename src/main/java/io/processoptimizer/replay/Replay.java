package io.processoptimizer.replay;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One replay, from its input to its files. */
public final class Replay implements Closeable {
    private final Request request;
    private final Replayer replayer;
    private final ReplaySummary summary;
    private final @Nullable EarlierResults earlier;
    private final boolean earlierLive;
    private @Nullable Comparison comparison;
    private @Nullable BaselineCheck baseline;
    private @Nullable ReportData reportData;
    private double seconds;

    /**
     * What is asked for.
     *
     * @param output folder of the result files, or null
     * @param revisions whether every result of a window is written
     * @param report file of the page, or null
     * @param reportProcesses shown in detail in the report whether or not they are among the worst
     * @param inputs as a person names them
     */
    public record Request(
            ReplayPlan plan,
            @Nullable Path output,
            boolean revisions,
            @Nullable Path report,
            List<String> reportProcesses,
            List<String> inputs) {
        public Request {
            reportProcesses = List.copyOf(reportProcesses);
            inputs = List.copyOf(inputs);
        }
    }

    /**
     * @param earlier results to compare with, or null; not closed here
     * @param earlierLive whether the earlier results are a worker's ({@link BaselineCheck})
     */
    public Replay(Request request, @Nullable EarlierResults earlier, boolean earlierLive) {
        this.request = request;
        this.earlier = earlier;
        this.earlierLive = earlierLive;
        replayer = new Replayer(request.plan());
        summary = new ReplaySummary(request.plan().defaultWindow());
    }

    /**
     * Looks at the places to write to, before anything is read.
     *
     * @param inputs files that will be read, which the results must not overwrite
     * @throws IllegalArgumentException where they would, or a place cannot be written to
     */
    public void prepare(List<Path> inputs) throws IOException {
        Destinations.prepare(request, inputs);
    }

    /** Reads all, computes all, writes all. To be called once. */
    public void run(RecordSource source, Replayer.Progress progress) throws IOException, InterruptedException {
        long start = System.nanoTime();
        replayer.run(source, progress);
        progress.sorting();
        List<Closeable> files = new ArrayList<>();
        try {
            replayer.outputsTo(new MergePass(consumers(files)));
        } finally {
            for (Closeable file : files) {
                file.close();
            }
        }
        seconds = (System.nanoTime() - start) / 1e9;
        if (request.output() != null) {
            SummaryJson.write(request.output().resolve(SummaryJson.FILE), this);
        }
    }

    /**
     * Writes the page that was asked for, after {@link #run}.
     *
     * @param product name and version of the program
     * @param nowMillis when the page is made, epoch milliseconds
     */
    public void writeReport(String product, long nowMillis) throws IOException {
        Path report = request.report();
        if (report != null && reportData != null) {
            byte[] data = reportData.toJson(this, product, nowMillis);
            WholeFile.write(report, out -> ReportPage.write(out, data));
        }
    }

    private List<ReplayConsumer> consumers(List<Closeable> files) throws IOException {
        List<ReplayConsumer> consumers = new ArrayList<>();
        consumers.add(summary);
        Path output = request.output();
        if (output != null) {
            Destinations.removeEarlier(output);
            ResultFiles results = new ResultFiles(output, request.revisions());
            files.add(results);
            consumers.add(results);
        }
        if (request.plan().variants().size() > 1) {
            DifferenceFile changes =
                    output == null ? null : new DifferenceFile(output.resolve(DifferenceFile.COMPARISON));
            if (changes != null) {
                files.add(changes);
            }
            comparison = new Comparison(
                    request.plan().variants(),
                    request.plan().defaultWindow(),
                    changes == null ? change -> {} : changes::write);
            consumers.add(comparison);
        }
        if (request.report() != null) {
            reportData = new ReportData(
                    request.plan().base().settings().windows().defaultWindow(), request.reportProcesses(), summary);
            consumers.add(reportData);
        }
        if (earlier != null) {
            DifferenceFile differences =
                    output == null ? null : new DifferenceFile(output.resolve(DifferenceFile.BASELINE));
            if (differences != null) {
                files.add(differences);
            }
            baseline = new BaselineCheck(
                    earlier, earlierLive, differences == null ? difference -> {} : differences::write);
            consumers.add(baseline);
        }
        return consumers;
    }

    public Request request() {
        return request;
    }

    /** Those that were asked for in the report and of which there is no result. */
    public List<String> processesNotFound() {
        return request.reportProcesses().stream().filter(id -> !summary.has(id)).toList();
    }

    public ReplayTotals totals() {
        return replayer.totals();
    }

    public ReplaySummary summary() {
        return summary;
    }

    /** Null where there is one configuration only. */
    public @Nullable Comparison comparison() {
        return comparison;
    }

    /** Null where there was nothing to compare with. */
    public @Nullable BaselineCheck baseline() {
        return baseline;
    }

    /** How long it took, from the first record to the last file but the report. */
    public double seconds() {
        return seconds;
    }

    @Override
    public void close() throws IOException {
        replayer.close();
    }
}
