package io.processoptimizer.aws.provision;

import io.processoptimizer.aws.NotOffered;
import io.processoptimizer.aws.PatientCalls;
import io.processoptimizer.aws.TableSpec;
import io.processoptimizer.aws.provision.Resource.Aspect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.ContinuousBackupsDescription;
import software.amazon.awssdk.services.dynamodb.model.ContinuousBackupsUnavailableException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.IndexStatus;
import software.amazon.awssdk.services.dynamodb.model.PointInTimeRecoveryStatus;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveDescription;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;

/** A table: keys, billing, time to live, point-in-time recovery, encryption. No table is ever deleted. */
final class TableExamination {
    /** A new table takes AWS half a minute, with an index a minute. */
    private static final Duration READY_WITHIN = Duration.ofMinutes(3);

    private static final long POLL_FIRST_MILLIS = 20;
    private static final long POLL_LONGEST_MILLIS = 2_000;

    private final DynamoDbAsyncClient dynamo;
    private final TableSpec wanted;
    private final PatientCalls calls = new PatientCalls();

    TableExamination(DynamoDbAsyncClient dynamo, TableSpec wanted) {
        this.dynamo = dynamo;
        this.wanted = wanted;
    }

    Resource examine() throws InterruptedException {
        List<Aspect> aspects = new ArrayList<>();
        try {
            TableDescription found = describe();
            aspects.add(keys(found));
            aspects.add(billing(found));
            if (wanted.expires()) {
                aspects.add(expiry());
            }
            aspects.add(recovery());
            aspects.add(Aspect.ok(encryption(found)));
        } catch (ResourceNotFoundException e) {
            aspects.add(Aspect.missing(
                    "keys " + wanted.keys() + ", billed on demand, "
                            + (wanted.expires() ? "time to live on " + TableSpec.TTL_ATTRIBUTE + ", " : "")
                            + "point-in-time recovery, encrypted",
                    this::create));
        }
        return new Resource("table", wanted.name(), aspects);
    }

    private TableDescription describe() throws InterruptedException {
        return calls.answer(() -> dynamo.describeTable(r -> r.tableName(wanted.name())))
                .table();
    }

    private Aspect keys(TableDescription found) {
        Map<String, String> types = new HashMap<>();
        found.attributeDefinitions().forEach(a -> types.put(a.attributeName(), a.attributeTypeAsString()));
        String keys = String.join(
                ", ",
                found.keySchema().stream()
                        .map(key -> key.attributeName() + " (" + types.get(key.attributeName()) + ")")
                        .toList());
        if (!keys.equals(wanted.keys())) {
            return Aspect.byHand("its keys are " + keys + " and must be " + wanted.keys()
                    + ", which no table can be changed to: name another in the settings, or delete this one");
        }
        TableSpec.Index index = wanted.index();
        boolean hasIndex = index == null
                || found.globalSecondaryIndexes().stream()
                        .anyMatch(one -> one.indexName().equals(index.name()));
        return Aspect.ok("keys " + keys + (hasIndex ? "" : "; its index comes with the first worker"));
    }

    private Aspect billing(TableDescription found) {
        if (found.billingModeSummary() != null
                && found.billingModeSummary().billingMode() == BillingMode.PAY_PER_REQUEST) {
            return Aspect.ok("billed on demand");
        }
        return Aspect.differs("billed by provisioned capacity", () -> {
            calls.answer(
                    () -> dynamo.updateTable(r -> r.tableName(wanted.name()).billingMode(BillingMode.PAY_PER_REQUEST)));
            awaitReady();
        });
    }

    private Aspect expiry() throws InterruptedException {
        TimeToLiveDescription found;
        try {
            found = calls.answer(() -> dynamo.describeTimeToLive(r -> r.tableName(wanted.name())))
                    .timeToLiveDescription();
        } catch (DynamoDbException e) {
            return offeredOrThrow(e, "time to live");
        }
        TimeToLiveStatus status = found == null ? null : found.timeToLiveStatus();
        if (found != null && (status == TimeToLiveStatus.ENABLED || status == TimeToLiveStatus.ENABLING)) {
            return TableSpec.TTL_ATTRIBUTE.equals(found.attributeName())
                    ? Aspect.ok("time to live on " + found.attributeName())
                    : Aspect.byHand("time to live goes by " + found.attributeName() + " and must go by "
                            + TableSpec.TTL_ATTRIBUTE + ": switch it off, and run this again an hour later");
        }
        if (status == TimeToLiveStatus.DISABLING) {
            return Aspect.note("time to live is being switched off; run this again an hour later");
        }
        return Aspect.differs(
                "no time to live: items that carry " + TableSpec.TTL_ATTRIBUTE + " (outputs.ttl) would stay",
                () -> calls.answer(() -> dynamo.updateTimeToLive(r -> r.tableName(wanted.name())
                        .timeToLiveSpecification(
                                s -> s.attributeName(TableSpec.TTL_ATTRIBUTE).enabled(true)))));
    }

    private Aspect recovery() throws InterruptedException {
        ContinuousBackupsDescription found;
        try {
            found = calls.answer(() -> dynamo.describeContinuousBackups(r -> r.tableName(wanted.name())))
                    .continuousBackupsDescription();
        } catch (DynamoDbException e) {
            return offeredOrThrow(e, "point-in-time recovery");
        }
        boolean on = found != null
                && found.pointInTimeRecoveryDescription() != null
                && found.pointInTimeRecoveryDescription().pointInTimeRecoveryStatus()
                        == PointInTimeRecoveryStatus.ENABLED;
        return on ? Aspect.ok("point-in-time recovery") : Aspect.differs("no point-in-time recovery", this::recover);
    }

    /** A table that was made a moment ago has no backups yet that could be made continuous. */
    private void recover() throws InterruptedException {
        long deadline = System.nanoTime() + READY_WITHIN.toNanos();
        while (true) {
            try {
                calls.answer(() -> dynamo.updateContinuousBackups(r -> r.tableName(wanted.name())
                        .pointInTimeRecoverySpecification(s -> s.pointInTimeRecoveryEnabled(true))));
                return;
            } catch (ContinuousBackupsUnavailableException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(POLL_LONGEST_MILLIS);
            }
        }
    }

    /** DynamoDB encrypts whatever there is; only whose key it is differs. */
    private static String encryption(TableDescription found) {
        return found.sseDescription() == null || found.sseDescription().kmsMasterKeyArn() == null
                ? "encrypted with a key of DynamoDB"
                : "encrypted with " + found.sseDescription().kmsMasterKeyArn();
    }

    private static Aspect offeredOrThrow(DynamoDbException e, String what) {
        if (NotOffered.says(e)) {
            return Aspect.notOffered(what);
        }
        throw e;
    }

    private void create() throws InterruptedException {
        try {
            calls.answer(() -> dynamo.createTable(wanted.request()));
        } catch (ResourceInUseException e) {
            // Somebody else makes it at the same moment; the next look says what it is.
        }
        awaitReady();
    }

    private void awaitReady() throws InterruptedException {
        long deadline = System.nanoTime() + READY_WITHIN.toNanos();
        long pause = POLL_FIRST_MILLIS;
        while (!isReady(describe())) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("table " + wanted.name() + " is not ready after "
                        + READY_WITHIN.toSeconds() + " s; look at it in the console and run this again");
            }
            TimeUnit.MILLISECONDS.sleep(pause);
            pause = Math.min(2 * pause, POLL_LONGEST_MILLIS);
        }
    }

    private static boolean isReady(TableDescription table) {
        return table.tableStatus() == TableStatus.ACTIVE
                && table.globalSecondaryIndexes().stream().allMatch(index -> index.indexStatus() == IndexStatus.ACTIVE);
    }
}
