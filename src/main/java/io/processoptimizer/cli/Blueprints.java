package io.processoptimizer.cli;

import io.processoptimizer.aws.TableSpec;
import io.processoptimizer.aws.Tables;
import io.processoptimizer.aws.provision.Blueprint;
import io.processoptimizer.config.Settings;
import io.processoptimizer.kinesis.LeaseTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an installation with given settings needs of AWS. */
final class Blueprints {
    /** Kinesis keeps records for a day at least. */
    private static final int LEAST_RETENTION_HOURS = 24;

    /** As {@code deploy/adjustment-events.yaml} has them: the age is {@code adjustment.max_age} or less. */
    private static final int MAX_RETRIES = 60;

    private static final int LEAST_EVENT_AGE_SECONDS = 60;
    private static final int MOST_EVENT_AGE_SECONDS = 86_400;

    private Blueprints() {}

    /**
     * @param shards of a stream that is to be made
     * @param targetArn queue or function that adjustments go to, or null
     * @param deadLetterArn queue of what cannot be delivered, or null
     */
    static Blueprint of(Settings settings, int shards, @Nullable String targetArn, @Nullable String deadLetterArn) {
        List<TableSpec> tables = new ArrayList<>(tables(settings).specs());
        tables.add(LeaseTable.spec(settings.application().name()));
        Settings.EventBridge bus = settings.eventbridge();
        int age = (int) Math.max(
                LEAST_EVENT_AGE_SECONDS,
                Math.min(MOST_EVENT_AGE_SECONDS, settings.adjustment().maxAge().toSeconds()));
        return new Blueprint(
                new Blueprint.StreamSpec(settings.stream().name(), shards, retentionHours(settings)),
                tables,
                settings.state().store() == Settings.StateStore.S3
                        ? settings.state().bucket()
                        : null,
                new Blueprint.RuleSpec(
                        bus.bus(),
                        bus.source(),
                        bus.detailType(),
                        targetArn == null
                                ? null
                                : new Blueprint.TargetSpec(targetArn, deadLetterArn, age, MAX_RETRIES)));
    }

    /** So far back that a shard can be taken to any savepoint that is kept. */
    static int retentionHours(Settings settings) {
        Duration kept = settings.state().savepointsKept();
        long hours = (kept.toSeconds() + 3_599) / 3_600;
        return (int) Math.max(LEAST_RETENTION_HOURS, hours);
    }

    /** The names of the tables of outputs and states. */
    static Tables.Names tables(Settings settings) {
        Settings.Outputs outputs = settings.outputs();
        return new Tables.Names(
                outputs.metricsTable(),
                outputs.adviceTable(),
                outputs.deadLettersTable(),
                settings.state().table());
    }
}
