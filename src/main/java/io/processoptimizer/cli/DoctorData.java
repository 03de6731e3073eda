package io.processoptimizer.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.processoptimizer.aws.RecentOutputs;
import io.processoptimizer.checkpoint.Snapshot;
import io.processoptimizer.config.ModelSettings;
import io.processoptimizer.config.Settings;
import io.processoptimizer.doctor.Examination.Check;
import io.processoptimizer.doctor.Finding;
import io.processoptimizer.doctor.MonthlyCost;
import io.processoptimizer.doctor.Outputs;
import io.processoptimizer.doctor.Telemetry;
import io.processoptimizer.event.RejectReason;
import io.processoptimizer.event.TelemetryEvent;
import io.processoptimizer.kinesis.KinesisStreamSource;
import io.processoptimizer.recover.ApplicationStanding;
import io.processoptimizer.recover.ShardStanding;
import io.processoptimizer.replay.Fetched;
import io.processoptimizer.replay.ReadFrom;
import io.processoptimizer.replay.RecordedRecord;
import io.processoptimizer.replay.RecordedShard;
import io.processoptimizer.replay.ShardReader;
import io.processoptimizer.status.Times;
import java.io.IOException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What goes in and what comes out: recent records of the stream, and the latest outputs of their processes. */
final class DoctorData {
    private static final Duration WITHIN = Duration.ofSeconds(60);

    /** Records of the last five minutes are looked at; a machine that sends less often is not working. */
    private static final long RECENT_MILLIS = 300_000;

    /** Shards and records that are looked at: what is wrong with a stream is wrong with many. */
    private static final int MAX_SHARDS = 20;

    private static final int MAX_RECORDS = 2_000;
    private static final int MAX_FETCHES = 5;

    private static final long LETTERS_SINCE_MILLIS = 3_600_000;
    private static final int SHOWN = 3;

    private final RecoverContext context;
    private final Settings settings;
    private volatile @Nullable Telemetry telemetry;
    private volatile @Nullable Outputs outputs;
    private volatile int openShards;

    DoctorData(RecoverContext context) {
        this.context = context;
        this.settings = context.settings();
    }

    @Nullable
    Telemetry telemetry() {
        return telemetry;
    }

    @Nullable
    Outputs outputs() {
        return outputs;
    }

    Check check() {
        return new Check("recent records", WITHIN, this::look);
    }

    private List<Finding> look() throws InterruptedException, IOException {
        Telemetry seen = read();
        telemetry = seen;
        List<Finding> findings = new ArrayList<>(judged(seen));
        RecentOutputs read = RecentOutputs.read(
                context.clients().dynamo(),
                Blueprints.tables(settings),
                seen.processes(),
                context.clock().millis() - LETTERS_SINCE_MILLIS);
        Outputs out = new Outputs(read.results(), read.advice(), read.adjustments(), read.letters());
        outputs = out;
        findings.add(letters(out));
        budget(findings);
        return findings;
    }

    private Telemetry read() throws InterruptedException {
        Telemetry seen = new Telemetry(new Telemetry.Rules(
                context.configuration().definitions(),
                context.configuration().mappings(),
                settings.input().maxRecordBytes(),
                settings.input().partitionKey() == Settings.PartitionKey.PROCESS_ID,
                settings.window().maxFuture().toMillis(),
                settings.window().allowedLateness().toMillis()
                        + settings.window().disorder().toMillis()));
        KinesisStreamSource source =
                new KinesisStreamSource(context.clients(), settings.stream().name(), context.clock());
        List<RecordedShard> open = context.stream().shards().stream()
                .filter(shard -> !shard.closed())
                .toList();
        openShards = open.size();
        long from = context.clock().millis() - RECENT_MILLIS;
        for (RecordedShard shard : open.stream().limit(MAX_SHARDS).toList()) {
            read(source.open(shard.shardId(), new ReadFrom.AtTimestamp(from)), from, seen);
        }
        return seen;
    }

    private void read(ShardReader reader, long fromMillis, Telemetry seen) throws InterruptedException {
        long records = 0;
        long bytes = 0;
        long last = fromMillis;
        boolean tip = false;
        for (int fetch = 0; fetch < MAX_FETCHES && records < MAX_RECORDS && !tip; fetch++) {
            Fetched fetched;
            try {
                fetched = reader.next();
            } catch (io.processoptimizer.replay.TrimmedException e) {
                continue;
            }
            for (RecordedRecord record : fetched.records()) {
                seen.take(record.data(), record.partitionKey(), record.arrivalMillis());
                records++;
                bytes += record.data().length;
                last = Math.max(last, record.arrivalMillis());
            }
            tip = fetched.ended() || fetched.millisBehindLatest() == 0;
        }
        double seconds = ((tip ? context.clock().millis() : last) - fromMillis) / 1_000.0;
        if (records > 0 && seconds > 0) {
            seen.rate(records / seconds, bytes / seconds);
        }
    }

    private List<Finding> judged(Telemetry seen) {
        String check = "recent records";
        if (seen.records() == 0) {
            return List.of(Finding.failed(
                    check,
                    "nothing came in the last five minutes on " + openShards + " shards",
                    "look at the machines and their gateway; 'simulate' sends some for a trial"));
        }
        List<Finding> findings = new ArrayList<>();
        findings.add(Finding.ok(
                check,
                String.format(
                        Locale.ROOT,
                        "%,d looked at, of %s; %.1f a second, %.1f KB/s; the newest arrived %s ago, the longest was %s"
                                + " under way",
                        seen.records(),
                        seen.processes().size() + (seen.processes().size() == 1 ? " process" : " processes"),
                        seen.recordsPerSecond(),
                        seen.bytesPerSecond() / 1024,
                        Times.duration(context.clock().millis() - seen.newestArrivalMillis()),
                        Times.duration(seen.longestDelayMillis()))));
        for (Map.Entry<RejectReason, Long> refused : seen.refused().entrySet()) {
            findings.add(problem(
                    refused.getValue(),
                    seen,
                    "are refused as " + refused.getKey().label() + ": " + seen.example(refused.getKey()),
                    "correct the producer (README, Input)"));
        }
        if (seen.misrouted() > 0) {
            findings.add(problem(
                    seen.misrouted(),
                    seen,
                    "have a partition key that is not their process_id",
                    "correct the producer, or set input.partition_key: constant_per_process"));
        }
        if (seen.ahead() > 0) {
            findings.add(problem(
                    seen.ahead(),
                    seen,
                    "are ahead of their arrival",
                    "set the machines' clocks, or window.max_future"));
        }
        if (seen.late() > 0) {
            findings.add(problem(
                    seen.late(),
                    seen,
                    "are further behind their process than windows wait for",
                    "raise window.allowed_lateness, or set the machines' clocks"));
        }
        if (!seen.withoutIdealCycle().isEmpty()) {
            findings.add(Finding.warning(
                    "process definitions",
                    seen.withoutIdealCycle().size()
                            + " processes count parts and have no ideal cycle, so no performance: "
                            + seen.withoutIdealCycle().stream().limit(SHOWN).collect(Collectors.joining(", ")),
                    "define them in config/processes.yaml, or let machines send ideal_cycle_time"));
        }
        return findings;
    }

    /** A few bad records are daily business; one in ten is a producer that is wrong. */
    private static Finding problem(long count, Telemetry seen, String text, String remedy) {
        String said = count + " of " + seen.records() + " " + text;
        return count * 10 >= seen.records()
                ? Finding.failed("recent records", said, remedy)
                : Finding.warning("recent records", said, remedy);
    }

    private static Finding letters(Outputs out) {
        return out.letters().isEmpty()
                ? Finding.ok("dead letters", "none in the last hour")
                : Finding.warning(
                        "dead letters", "in the last hour " + out.letters(), "recover redrive (it plans first)");
    }

    private void budget(List<Finding> findings) throws InterruptedException {
        if (settings.advice().advisor() != ModelSettings.Advisor.BEDROCK) {
            return;
        }
        RecentOutputs.Spent spent = RecentOutputs.spent(
                context.clients().dynamo(),
                settings.outputs().adviceTable(),
                LocalDate.ofInstant(context.clock().instant(), ZoneOffset.UTC));
        ModelSettings.Bedrock bedrock = settings.bedrock();
        String text = spent.calls() + " of " + bedrock.callsPerDay() + " calls and " + spent.tokens() + " of "
                + bedrock.tokensPerDay() + " tokens of today (UTC)";
        boolean isSpent = spent.calls() >= bedrock.callsPerDay() || spent.tokens() >= bedrock.tokensPerDay();
        findings.add(
                isSpent
                        ? Finding.failed(
                                "model budget",
                                text,
                                "raise bedrock.calls_per_day or tokens_per_day, or wait for 00:00 UTC")
                        : Finding.ok("model budget", text));
    }

    /** What a month costs at the rates that were seen; null where nothing was. */
    @Nullable
    Finding cost(@Nullable ApplicationStanding standing, boolean onDemand) {
        Telemetry seen = telemetry;
        Outputs out = outputs;
        if (seen == null || seen.records() == 0) {
            return Finding.notChecked("cost", "no records to measure a rate on");
        }
        MonthlyCost cost = new MonthlyCost()
                .stream(onDemand, openShards, seen.recordsPerSecond(), seen.bytesPerSecond())
                        .leases(openShards, settings.kcl().failover().toMillis() / 1_000.0);
        double bytes = out == null
                ? 0
                : out.results().stream()
                        .mapToInt(result -> bytes(result))
                        .average()
                        .orElse(0);
        if (bytes > 0) {
            cost.results(seen.processes().size(), settings.window().slide().toMillis() / 1_000.0, bytes);
        }
        long perProcess = switch (settings.cloudwatch().perProcess()) {
            case ALL -> 4;
            case SUMMARY -> 1;
            case OFF -> 0;
        };
        cost.metrics(perProcess * seen.processes().size());
        if (standing != null && settings.state().store() == Settings.StateStore.DYNAMODB) {
            cost.states(stateBytes(standing), settings.state().commitInterval().toMillis() / 1_000.0);
        }
        return Finding.ok("cost", cost.text());
    }

    private static int bytes(JsonNode result) {
        return result.toString().length();
    }

    private static double stateBytes(ApplicationStanding standing) {
        return standing.seen().unfinished().stream()
                .map(ShardStanding::state)
                .filter(state -> state != null)
                .mapToLong(Snapshot::bytes)
                .sum();
    }

    /** How old the newest of what came in may be before it is no longer recent. */
    static boolean isRecent(long millis, long nowMillis, long within) {
        return millis != TelemetryEvent.ABSENT && nowMillis - millis <= within;
    }
}
