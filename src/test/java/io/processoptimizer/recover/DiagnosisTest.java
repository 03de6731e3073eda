package io.processoptimizer.recover;

import static io.processoptimizer.recover.Seen.EXPECTED;
import static io.processoptimizer.recover.Seen.HOUR;
import static io.processoptimizer.recover.Seen.NOW;
import static io.processoptimizer.recover.Seen.sighting;
import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.checkpoint.Reprocessing;
import io.processoptimizer.checkpoint.ShardPointer;
import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.event.TelemetryEvent;
import io.processoptimizer.kinesis.LeaseRows;
import io.processoptimizer.kinesis.ShardProbe;
import io.processoptimizer.recover.Finding.Kind;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Each condition that an operator should know of: found, said with its values, and with what to do. */
class DiagnosisTest {
    private final Seen shard = new Seen("shard-1");
    private final Seen other = new Seen("shard-2");

    @Test
    void allIsWellWhereLeasesMoveAndStatesAreStored() {
        ApplicationStanding standing = standing();
        assertThat(standing.findings()).isEmpty();
        assertThat(standing.isWell()).isTrue();
        assertThat(standing.workingWorkers()).containsExactly("worker-1");
        assertThat(standing.longestBehindMillis()).isEqualTo(20_000);
    }

    @Test
    void anIdleShardIsWellHoweverOldItsStateIs() {
        shard.committedAgo = 5 * HOUR;
        shard.behind(0);
        assertThat(standing().findings()).isEmpty();
    }

    @Test
    void anotherStreamOfTheSameName() {
        Sighting seen = sighting(shard);
        ApplicationStanding standing = Diagnosis.of(
                "app",
                new Sighting(
                        NOW,
                        seen.stream(),
                        "app",
                        new Sighting.Stream("arn:stream", 500, 0),
                        true,
                        true,
                        seen.workers(),
                        seen.shards(),
                        null),
                EXPECTED);
        assertFound(standing, Kind.WRONG_STREAM, "was made 1970-01-01T00:08:20Z", "application.name");
        assertThat(standing.isWell()).isFalse();
    }

    @Test
    void theStatesOfAnotherApplication() {
        ApplicationStanding standing = Diagnosis.of("ap", sighting(shard, other), EXPECTED);
        assertFound(
                standing,
                Kind.WRONG_APPLICATION,
                "holds the states of the application app, not of ap",
                "check application.name and state.table");
        assertThat(standing.findings()).hasSize(1);
        assertThat(standing.isWell()).isFalse();
    }

    @Test
    void statesWithoutAnyLease() {
        shard.hasLease = false;
        ApplicationStanding standing = Diagnosis.of("app", sighting(shard), EXPECTED);
        assertFound(standing, Kind.NEVER_RUN, "no leases of app, and the state table holds states", "was lost");
        assertThat(standing.isWell()).isFalse();
    }

    @Test
    void noWorkerHasEverRun() {
        Seen fresh = new Seen("shard-1");
        fresh.hasLease = false;
        fresh.hasPointer = false;
        Sighting seen = sighting(fresh);
        ApplicationStanding standing = Diagnosis.of(
                "app",
                new Sighting(NOW, seen.stream(), null, null, false, false, List.of(), seen.shards(), null),
                EXPECTED);
        assertFound(standing, Kind.NEVER_RUN, "no worker has run as app", "check application.name");
        assertThat(standing.findings()).hasSize(1);
    }

    @Test
    void leasesWithoutTheTableOfTheirStates() {
        Sighting seen = sighting(shard);
        ApplicationStanding standing = Diagnosis.of(
                "app",
                new Sighting(NOW, seen.stream(), null, null, true, false, List.of(), seen.shards(), null),
                EXPECTED);
        assertFound(standing, Kind.NO_STATE_TABLE, "no state table", "check state.table");
    }

    @Test
    void anOperationThatIsNotDone() {
        Sighting seen = sighting(shard, other);
        ApplicationStanding standing = Diagnosis.of(
                "app",
                new Sighting(
                        NOW,
                        seen.stream(),
                        seen.owner(),
                        seen.remembered(),
                        true,
                        true,
                        seen.workers(),
                        seen.shards(),
                        new Sighting.Operation("r7", "ann@host", NOW - 600_000, "moving")),
                EXPECTED);
        assertFound(standing, Kind.UNFINISHED_OPERATION, "r7, which ann@host began 10m00s ago", "--resume");
    }

    @Test
    void noWorkerWorksIsSaidOnceForAllShards() {
        shard.still(11_000).behind(40_000);
        other.still(11_000);
        ApplicationStanding standing = standing();
        assertFound(
                standing,
                Kind.NO_WORKER,
                "none of 2 leases was renewed in 11s; the last sign of one, worker-1, is 12s old; records wait for up to 40s",
                "run");
        assertThat(standing.problems()).hasSize(1);
    }

    @Test
    void aLeaseThatWasNotWatchedForLongEnoughIsNotJudged() {
        shard.still(4_000);
        assertThat(standing().findings()).isEmpty();
    }

    @Test
    void aLeaseThatNobodyRenews() {
        shard.owner = "worker-2";
        shard.still(11_000);
        assertFound(
                standing(),
                Kind.LEASE_NOT_RENEWED,
                "worker-2 holds it and did not renew it for at least 11s",
                "recover evict --shard shard-1 --apply");
    }

    @Test
    void aLeaseThatNobodyHolds() {
        shard.owner = null;
        shard.still(11_000);
        assertFound(standing(), Kind.LEASE_NOT_OWNED, "held by nobody for at least 11s", "log of the workers");
    }

    @Test
    void anOpenShardWithoutLease() {
        shard.hasLease = false;
        shard.hasPointer = false;
        assertFound(standing(), Kind.NO_LEASE, "has no lease", "kcl.shard_sync_interval");
    }

    @Test
    void aHandoverIsOnlyNotedWhileItMayTakeItsTime() {
        shard.handsOver = "worker-2";
        shard.age = new LeaseWatch.Age(1_000L, 9_000, 9_000);
        ApplicationStanding standing = standing();
        assertFound(standing, Kind.HANDOVER, "from worker-2 to worker-1, for at least 9s", "30s are allowed");
        assertThat(standing.isWell()).isTrue();
    }

    @Test
    void aHandoverByAWorkerThatRenewsNothingIsStuck() {
        shard.handsOver = "worker-2";
        shard.age = new LeaseWatch.Age(null, 11_000, 11_000);
        assertFound(
                standing(),
                Kind.HANDOVER_STUCK,
                "from worker-2 to worker-1: the lease was not renewed for at least 11s",
                "recover evict --shard shard-1 --apply");
    }

    @Test
    void aHandoverWithRecordsWaitingAndNothingStoredForLongIsStuckThoughTheLeaseMoves() {
        shard.handsOver = "worker-2";
        shard.committedAgo = 10 * 60_000;
        assertFound(standing(), Kind.HANDOVER_STUCK, "nothing was stored for 10m00s", "recover evict");
    }

    @Test
    void aStateThatALaterTenureThanTheLeaseHolds() {
        shard.epoch = 900;
        assertFound(standing(), Kind.STATE_HELD_BY_LATER, "under epoch 900, beyond the lease's counter 500", "evict");
    }

    @Test
    void aPointerThatAnOperatorMovedIsAheadOfTheLeaseForAMoment() {
        shard.epoch = 501;
        shard.holder = "recover:r7";
        assertThat(standing().findings()).isEmpty();
    }

    @Test
    void kclBeyondTheState() {
        shard.checkpoint = "701";
        assertFound(standing(), Kind.KCL_AHEAD, "KCL stands beyond its state, at 701", "evict");
    }

    @Test
    void kclBeforeTheStateIsHarmless() {
        shard.checkpoint = "650";
        shard.committedAgo = 70_000;
        ApplicationStanding standing = standing();
        assertFound(standing, Kind.KCL_BEHIND, "before its state, at 650", "nothing");
        assertThat(standing.isWell()).isTrue();
    }

    @Test
    void aChildWaitsForItsParent() {
        shard.onStream = ShardStanding.OnStream.CLOSED;
        other.childOf("shard-1").owner = null;
        other.still(11_000);
        ApplicationStanding standing = standing();
        assertFound(standing, Kind.WAITS_FOR_PARENT, "its parent shard-1 is not processed to its end", "shard-1");
        assertThat(standing.isWell()).isTrue();
    }

    @Test
    void aChildWhoseParentEndedWithoutItsLastState() {
        shard.ended();
        other.childOf("shard-1");
        assertFound(standing(), Kind.PARENT_NOT_SEALED, "KCL has ended its parent shard-1", "backup");
    }

    @Test
    void aChildOfASealedParentIsWell() {
        shard.ended("shard-2");
        other.childOf("shard-1");
        assertThat(standing().findings()).isEmpty();
    }

    @Test
    void recordsThatTheStreamNoLongerHas() {
        shard.lag = new ShardProbe.Lag(20 * HOUR, TelemetryEvent.ABSENT, true);
        assertFound(standing(), Kind.RECORDS_TRIMMED, "keeps records for 1d00h", "retention");
    }

    @Test
    void recordsThatTheStreamWillSoonDelete() {
        shard.behind(20 * HOUR);
        assertFound(standing(), Kind.NEARLY_TRIMMED, "is 20h00m behind", "increase-stream-retention-period");
    }

    @Test
    void aWorkerThatRenewsItsLeaseAndStoresNothing() {
        shard.committedAgo = 10 * 60_000;
        shard.behind(10 * 60_000);
        assertFound(standing(), Kind.NO_COMMITS, "no state was stored for 10m00s", "--force");
    }

    @Test
    void aWorkerThatCannotTakeTheStateOfAnother() {
        shard.holder = "worker-9";
        shard.committedAgo = 10 * 60_000;
        shard.behind(10 * 60_000);
        assertFound(
                standing(),
                Kind.NO_COMMITS,
                "worker-1 holds the lease and has not taken the state from worker-9",
                "log");
    }

    @Test
    void aWorkerThatHasJustTakenTheShardHasHadNoTimeToStoreAnything() {
        shard.committedAgo = 10 * 60_000;
        shard.behind(4 * 60_000);
        shard.epoch = shard.counter - 5;
        assertThat(standing().findings()).isEmpty();
    }

    @Test
    void shardsOfDifferentConfigurations() {
        other.configuration = "bbbbbbbbbbbb";
        assertFound(
                standing(), Kind.MIXED_CONFIGURATION, "aaaaaaaaaaaa (1 shard) bbbbbbbbbbbb (1 shard)", "same settings");
        other.committedAgo = HOUR;
        other.behind(0);
        assertThat(standing().findings()).as("an idle shard keeps its own").isEmpty();
    }

    @Test
    void aRewoundShardIsNotedUntilItIsWhereItWas() {
        shard.reprocessing = new Reprocessing(3, Set.of(), new RecordPosition("900", 0), false, null);
        ApplicationStanding standing = standing();
        assertFound(standing, Kind.REPROCESSING, "as generation 3", "--watch");
        assertThat(standing.isWell()).isTrue();
        shard.state = "900";
        assertThat(standing().findings()).isEmpty();
    }

    @Test
    void aRewoundShardThatNobodyWithItsConfigurationHasTaken() {
        shard.reprocessing = new Reprocessing(3, Set.of(), new RecordPosition("900", 0), false, "aaaaaaaaaaaa");
        shard.holder = "recover:ann@host";
        assertFound(
                standing(),
                Kind.WRONG_CONFIGURATION,
                "waits for a worker with the configuration aaaaaaaaaaaa, with which it is to reprocess; none has taken it",
                "give the workers");
    }

    @Test
    void aRewoundShardThatNeedsAnotherConfiguration() {
        shard.reprocessing = new Reprocessing(3, Set.of(), new RecordPosition("900", 0), false, "cccccccccccc");
        assertFound(
                standing(),
                Kind.WRONG_CONFIGURATION,
                "configuration cccccccccccc, with which it is to reprocess; its state has aaaaaaaaaaaa",
                "settings and process definitions");
    }

    @Test
    void aShardThatIsFarBehind() {
        shard.behind(HOUR);
        assertFound(standing(), Kind.BEHIND, "is 1h00m behind", "--watch");
    }

    @Test
    void recordsOnWhichProcessingEnded() {
        shard.failures = List.of(new ShardPointer.Failure(new RecordPosition("701", 0), 2));
        assertFound(standing(), Kind.FAILED_RECORDS, "2-times on the record 701", "dead letter");
    }

    @Test
    void aSilentWorkerIsOnlyNoted() {
        Sighting seen = sighting(shard, other);
        ApplicationStanding standing = Diagnosis.of(
                "app",
                new Sighting(
                        NOW,
                        seen.stream(),
                        seen.owner(),
                        seen.remembered(),
                        true,
                        true,
                        List.of(new LeaseRows.Reporter("worker-2", NOW - 200_000)),
                        seen.shards(),
                        null),
                EXPECTED);
        assertFound(standing, Kind.WORKER_SILENT, "worker-2 has not reported itself for 3m20s", "nothing");
        assertThat(standing.isWell()).isTrue();
    }

    @Test
    void aShardWithoutSavepoint() {
        shard.hasSavepoint = false;
        assertFound(standing(), Kind.NO_SAVEPOINT, "no savepoint", "state.savepoints_kept");
    }

    @Test
    void theWorstIsSaidFirst() {
        shard.behind(HOUR);
        other.owner = "worker-2";
        other.still(11_000);
        assertThat(standing().problems()).extracting(Finding::kind).startsWith(Kind.LEASE_NOT_RENEWED);
    }

    private ApplicationStanding standing() {
        return Diagnosis.of("app", sighting(shard, other), EXPECTED);
    }

    private static void assertFound(ApplicationStanding standing, Kind kind, String text, String remedy) {
        assertThat(standing.findings()).as("findings").anySatisfy(finding -> {
            assertThat(finding.kind()).isEqualTo(kind);
            assertThat(finding.text()).contains(text);
            assertThat(finding.remedy()).contains(remedy);
        });
    }
}
