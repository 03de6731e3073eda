package io.processoptimizer.advise;

import io.processoptimizer.advise.AdviceSettings.When;
import io.processoptimizer.analyse.bottleneck.Confidence;
import io.processoptimizer.analyse.oee.OeeStatus;
import io.processoptimizer.emit.AdviceRecord;
import io.processoptimizer.emit.AdviceRecord.Given;
import io.processoptimizer.emit.AdviceRecord.NotAsked;
import io.processoptimizer.emit.AdviceRecord.Outcome;
import io.processoptimizer.emit.AdviceRecord.Why;
import io.processoptimizer.emit.Efficiency;
import io.processoptimizer.emit.WindowResult;
import io.processoptimizer.event.Control;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Decides which results are advised on, and what models are told of them. What it decides depends on the results of the process in their
 * order, and on nothing else. Its state, cooldowns and trends, belongs to the shard's snapshot.
 *
 * <p>Not thread-safe: one instance a shard.
 */
public final class Advisor {
    private static final long MICROS_PER_MILLI = 1_000;

    /** Sentences about cooldowns that are remembered: windows of all processes end at the same few times. */
    private static final int MAX_REMEMBERED = 64;

    private final AdviceSettings settings;
    /** End of the last window of each process that was advised on, epoch milliseconds: forgotten, its cooldown ends early if at all. */
    private final PerProcess<Long> lastAdvisedEnds;

    /** Kept only where a model goes by them or is told of them. */
    private final PerProcess<Trend> trends;

    private final Map<Long, String> cooldownDetails = new HashMap<>();

    public Advisor(AdviceSettings settings) {
        this.settings = settings;
        lastAdvisedEnds = new PerProcess<>(settings.maxProcesses(), end -> end);
        trends = new PerProcess<>(settings.maxProcesses(), Trend::lastEnd);
    }

    /**
     * Takes every result in the order of decision.
     *
     * @param control of the process
     * @param origin where the result comes from
     * @return what is to be settled; empty for provisional results and other windows, which are never advised on
     */
    public Optional<AdviceRequest> advise(WindowResult result, Control control, Origin origin) {
        if (!result.isFinal() || !result.window().equals(settings.window())) {
            return Optional.empty();
        }
        NotAsked obstacle = obstacle(result);
        Outcome outcome = obstacle != null
                ? obstacle
                : new Given(RuleAdvisor.SOURCE, RuleAdvisor.advise(result.analysis(), result.complete()));
        if (obstacle == null && result.revision() == 0) {
            lastAdvisedEnds.put(result.processId(), result.endMillis());
        }
        Efficiency expected = null;
        Briefing briefing = null;
        if (settings.briefed() || settings.efficiency() != EfficiencyPort.NONE) {
            Trend trend = follow(result);
            Features features = Features.of(WindowFigures.of(result), trend);
            expected = settings.efficiency().predict(features);
            if (settings.briefed()) {
                briefing = new Briefing(result, features, trend.courses(), control, expected);
            }
        }
        return Optional.of(new AdviceRequest(
                new AdviceRecord(result, outcome, expected),
                briefing,
                control,
                origin.closingArrivalMillis(),
                origin.withheld()));
    }

    /**
     * Where a result comes from.
     *
     * @param closingArrivalMillis when the record that closed the window arrived on the stream, epoch milliseconds, or ABSENT
     * @param withheld decided in the course of a rewind that publishes nothing
     */
    public record Origin(long closingArrivalMillis, boolean withheld) {}

    private Trend follow(WindowResult result) {
        Trend trend = trends.get(result.processId());
        if (trend == null) {
            trend = new Trend();
            trends.put(result.processId(), trend);
        }
        trend.add(WindowFigures.of(result));
        return trend;
    }

    private @Nullable NotAsked obstacle(WindowResult result) {
        if (settings.when() == When.NEVER) {
            return new NotAsked(Why.SWITCHED_OFF, "advice.when is never");
        }
        if (!hasGrounds(result)) {
            return new NotAsked(Why.NO_GROUNDS, noGrounds(result));
        }
        Long last = lastAdvisedEnds.get(result.processId());
        if (result.revision() > 0) {
            // Revisions come in the order in which late facts do: they must not move the cooldown of the windows that
            // follow.
            return last != null && last == result.endMillis()
                    ? null
                    : new NotAsked(Why.REVISION, "the window is not the last one that the process was advised on");
        }
        if (last == null || Math.abs(result.endMillis() - last) >= settings.cooldownMillis()) {
            return null;
        }
        if (cooldownDetails.size() >= MAX_REMEMBERED) {
            cooldownDetails.clear();
        }
        return new NotAsked(Why.COOLDOWN, cooldownDetails.computeIfAbsent(last, this::cooldownDetail));
    }

    private String cooldownDetail(long lastEnd) {
        return "the process was advised on the window that ended at " + Instant.ofEpochMilli(lastEnd)
                + "; advice.cooldown is " + Phrases.duration(settings.cooldownMillis() * MICROS_PER_MILLI);
    }

    private boolean hasGrounds(WindowResult result) {
        return switch (settings.when()) {
            case BELOW_TARGET -> isBelowTarget(result);
            case CONSTRAINT -> hasConstraint(result);
            case BELOW_TARGET_OR_CONSTRAINT -> isBelowTarget(result) || hasConstraint(result);
            case ALWAYS -> true;
            case NEVER -> false;
        };
    }

    private static boolean isBelowTarget(WindowResult result) {
        return result.analysis().process().status() == OeeStatus.BELOW_TARGET;
    }

    private static boolean hasConstraint(WindowResult result) {
        Confidence confidence = result.analysis().constraint().confidence();
        return confidence == Confidence.HIGH || confidence == Confidence.MEDIUM;
    }

    private String noGrounds(WindowResult result) {
        String status = "the status is " + result.analysis().process().status().label();
        String constraint = "no constraint is named with medium or high confidence";
        return switch (settings.when()) {
            case BELOW_TARGET -> status;
            case CONSTRAINT -> constraint;
            default -> status + " and " + constraint;
        };
    }

    /** Part of the shard's snapshot. */
    public void write(DataOutput out) throws IOException {
        lastAdvisedEnds.write(out, (end, to) -> to.writeLong(end));
        trends.write(out, Trend::write);
    }

    /** Adds what {@link #write} gave of the wanted processes. */
    public void read(DataInput in, Predicate<String> wanted) throws IOException {
        lastAdvisedEnds.read(in, DataInput::readLong, wanted);
        trends.read(in, Trend::read, wanted);
    }
}
