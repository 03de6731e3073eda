package io.processoptimizer.cli;

import io.processoptimizer.checkpoint.Snapshot;
import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.event.TelemetryEvent;
import io.processoptimizer.kinesis.LeaseRows;
import io.processoptimizer.kinesis.ShardProbe;
import io.processoptimizer.recover.ApplicationStanding;
import io.processoptimizer.recover.Finding;
import io.processoptimizer.recover.ShardStanding;
import io.processoptimizer.status.Times;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A standing as a person reads it who was just woken: first whether all is well, then what to do, then the table. */
final class StandingText {
    /** Findings of a kind that are said one by one; the others are the same of other shards. */
    private static final int MAX_OF_A_KIND = 3;

    /** Of a sequence number: the first forty digits or so are the same in all of a shard's. */
    private static final int LAST_DIGITS = 12;

    private final ApplicationStanding standing;
    private final Style style;

    StandingText(ApplicationStanding standing, Style style) {
        this.standing = standing;
        this.style = style;
    }

    /** @param all whether finished shards get a row each, too */
    void print(PrintWriter out, boolean all) {
        out.println(verdict());
        said(out, standing.problems(), true);
        said(out, standing.notes(), false);
        List<ShardStanding> shards =
                all ? standing.seen().shards() : standing.seen().unfinished();
        if (!standing.seen().hasLeaseTable()) {
            return;
        }
        out.println();
        out.println(totals());
        if (!shards.isEmpty()) {
            out.println();
            table(shards).print(out, style);
        }
        int folded = standing.seen().shards().size() - shards.size();
        if (folded > 0) {
            out.println("and " + folded + (folded == 1 ? " shard that is" : " shards that are")
                    + " finished (--all shows them)");
        }
        if (!shards.isEmpty()) {
            out.println();
            out.println(
                    "BEHIND is of the state that is stored, what a crash would read again; the workers themselves are"
                            + " further, by up to state.commit_interval ("
                            + Times.duration(standing.expected().commit()) + ").");
        }
    }

    /** One line: all is well, or what is worst and what to do. */
    private String verdict() {
        List<Finding> problems = standing.problems();
        if (!problems.isEmpty()) {
            Finding worst = problems.get(0);
            return style.bad("NOT WELL (" + problems.size() + (problems.size() == 1 ? " problem" : " problems") + "): "
                    + sentence(worst) + " Do: " + worst.remedy() + ".");
        }
        List<String> workers = standing.workingWorkers();
        Long behind = standing.longestBehindMillis();
        int shards = standing.seen().unfinished().size();
        return style.good("All is well: " + shards + (shards == 1 ? " shard" : " shards") + ", " + workers.size()
                + (workers.size() == 1 ? " worker" : " workers")
                + (behind == null ? "." : ", states at most " + Times.duration(behind) + " behind."));
    }

    private void said(PrintWriter out, List<Finding> findings, boolean problems) {
        Map<Finding.Kind, Integer> times = new EnumMap<>(Finding.Kind.class);
        for (Finding finding : problems && !findings.isEmpty() ? findings.subList(1, findings.size()) : findings) {
            int time = times.merge(finding.kind(), 1, Integer::sum);
            if (time <= MAX_OF_A_KIND) {
                String line = "  " + (problems ? "problem: " : "note: ") + sentence(finding);
                out.println(problems ? style.bad(line) : line);
                out.println("    do: " + finding.remedy());
            }
        }
        times.forEach((kind, count) -> {
            if (count > MAX_OF_A_KIND) {
                out.println("  and " + (count - MAX_OF_A_KIND) + " more shards: "
                        + kind.name().toLowerCase(Locale.ROOT).replace('_', ' '));
            }
        });
    }

    private static String sentence(Finding finding) {
        String shard = finding.shardId();
        return (shard == null ? "" : shard + " ") + finding.text() + ".";
    }

    private String totals() {
        StringBuilder line = new StringBuilder(standing.application())
                .append(" on ")
                .append(standing.seen().stream().arn())
                .append(", ")
                .append(Instant.ofEpochMilli(standing.seen().atMillis() / 1_000 * 1_000))
                .append(": ");
        List<String> workers = standing.workingWorkers();
        line.append(workers.isEmpty() ? "no worker" : String.join(", ", workers));
        Long behind = standing.longestBehindMillis();
        if (behind != null) {
            line.append("; at most ").append(Times.duration(behind)).append(" behind");
        }
        ShardProbe.Count records = standing.records();
        if (records != null) {
            line.append("; ").append(count(records)).append(" records to read");
        }
        long savepoints = standing.seen().shards().stream()
                .mapToLong(shard -> shard.savepoints().size())
                .sum();
        line.append("; ").append(savepoints).append(" savepoints");
        String configurations = standing.seen().unfinished().stream()
                .map(ShardStanding::state)
                .map(state -> state == null ? null : state.configuration())
                .filter(Objects::nonNull)
                .distinct()
                .sorted()
                .collect(Collectors.joining(", "));
        return configurations.isEmpty()
                ? line.toString()
                : line.append("; configuration ").append(configurations).toString();
    }

    private static String count(ShardProbe.Count count) {
        return (count.more() ? "at least " : "") + String.format(Locale.ROOT, "%,d", count.records());
    }

    // ---- table

    private TextTable table(List<ShardStanding> shards) {
        boolean counted = shards.stream().anyMatch(shard -> shard.count() != null);
        TextTable table = counted
                ? new TextTable(
                        "SHARD", "WORKER", "LEASE", "STORED", "BEHIND", "RECORDS", "POSITION", "KCL", "SAVEPOINTS")
                : new TextTable("SHARD", "WORKER", "LEASE", "STORED", "BEHIND", "POSITION", "KCL", "SAVEPOINTS");
        for (ShardStanding shard : shards) {
            List<String> row = new ArrayList<>(
                    List.of(shard.shardId(), worker(shard), lease(shard), stored(shard), behind(shard.lag())));
            if (counted) {
                row.add(shard.count() == null ? "" : count(shard.count()));
            }
            row.addAll(List.of(position(shard), kcl(shard), savepoints(shard)));
            table.row(row);
        }
        return table;
    }

    private static String worker(ShardStanding shard) {
        String processor = shard.processor();
        return processor == null ? "-" : processor;
    }

    private String lease(ShardStanding shard) {
        LeaseRows.Lease lease = shard.lease();
        if (lease == null || shard.age() == null) {
            return "none";
        }
        if (lease.lease().hasEnded()) {
            return "ended";
        }
        if (lease.checkpointOwner() != null) {
            return "to " + lease.lease().owner();
        }
        if (lease.lease().owner() == null) {
            return "free";
        }
        return shard.isRenewed(standing.expected())
                ? "renewed"
                : "still " + Times.duration(shard.age().stillMillis()) + "+";
    }

    private String stored(ShardStanding shard) {
        Snapshot state = shard.state();
        return state == null ? "never" : ago(state.writtenMillis());
    }

    private String ago(long millis) {
        return Times.duration(standing.seen().atMillis() - millis) + " ago";
    }

    private static String behind(ShardProbe.@Nullable Lag lag) {
        return lag == null ? "?" : Times.duration(lag.behindMillis());
    }

    /** When the record arrived, and the end of its number. */
    private static String position(ShardStanding shard) {
        RecordPosition position = shard.position();
        if (position == null) {
            return "before the first";
        }
        String digits = position.sequenceNumber();
        String end = digits.length() <= LAST_DIGITS ? digits : "…" + digits.substring(digits.length() - LAST_DIGITS);
        ShardProbe.Lag lag = shard.lag();
        return lag == null || lag.arrivalMillis() == TelemetryEvent.ABSENT
                ? end
                : Times.clock(lag.arrivalMillis()) + " " + end;
    }

    /** KCL's checkpoint, told by the state's position where it can be. */
    private static String kcl(ShardStanding shard) {
        LeaseRows.Lease lease = shard.lease();
        if (lease == null) {
            return "-";
        }
        RecordPosition position = shard.position();
        String checkpoint = lease.lease().checkpoint();
        if (!lease.lease().isUnderWay() || position == null) {
            return checkpoint.length() > LAST_DIGITS + 1
                    ? "…" + checkpoint.substring(checkpoint.length() - LAST_DIGITS)
                    : checkpoint;
        }
        return lease.lease().isBeyond(position)
                ? "AHEAD"
                : checkpoint.equals(position.sequenceNumber()) ? "same" : "behind";
    }

    private String savepoints(ShardStanding shard) {
        List<Snapshot> kept = shard.savepoints();
        if (kept.isEmpty()) {
            return "none";
        }
        String newest = ago(kept.get(0).writtenMillis());
        return kept.size() == 1
                ? "1, " + newest
                : kept.size() + ", " + ago(kept.get(kept.size() - 1).writtenMillis()) + " to " + newest;
    }
}
