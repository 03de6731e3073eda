package io.processoptimizer.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.processoptimizer.checkpoint.Reprocessing;
import io.processoptimizer.checkpoint.ShardPointer;
import io.processoptimizer.checkpoint.Snapshot;
import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.event.TelemetryEvent;
import io.processoptimizer.kinesis.LeaseRows;
import io.processoptimizer.kinesis.ShardProbe;
import io.processoptimizer.recover.ApplicationStanding;
import io.processoptimizer.recover.Finding;
import io.processoptimizer.recover.LeaseWatch;
import io.processoptimizer.recover.ShardStanding;
import io.processoptimizer.recover.Sighting;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A standing for machines: times are epoch ms, positions whole, and what is not known is left out. */
final class StandingJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private StandingJson() {}

    static ObjectNode of(ApplicationStanding standing) {
        ObjectNode node = JSON.createObjectNode();
        node.put("well", standing.isWell());
        node.put("at", standing.seen().atMillis());
        node.put("application", standing.application());
        node.put("stream", standing.seen().stream().arn());
        findings(node.putArray("problems"), standing.problems());
        findings(node.putArray("notes"), standing.notes());
        ArrayNode workers = node.putArray("workers");
        standing.workingWorkers().forEach(workers::add);
        Long behind = standing.longestBehindMillis();
        if (behind != null) {
            node.put("behind_ms", behind);
        }
        count(node, standing.records());
        Sighting.Operation operation = standing.seen().operation();
        if (operation != null) {
            ObjectNode under = node.putObject("operation");
            under.put("id", operation.id());
            under.put("operator", operation.operator());
            under.put("started", operation.startedMillis());
            under.put("phase", operation.phase());
        }
        ArrayNode shards = node.putArray("shards");
        standing.seen().shards().forEach(shard -> shard(shards.addObject(), shard, standing));
        return node;
    }

    private static void findings(ArrayNode array, List<Finding> findings) {
        for (Finding finding : findings) {
            ObjectNode node = array.addObject();
            node.put("kind", finding.kind().name().toLowerCase(Locale.ROOT));
            if (finding.shardId() != null) {
                node.put("shard", finding.shardId());
            }
            node.put("text", finding.text());
            node.put("do", finding.remedy());
        }
    }

    private static void count(ObjectNode node, ShardProbe.@Nullable Count count) {
        if (count != null) {
            node.put("records", count.records());
            node.put("records_at_least", count.more());
        }
    }

    private static void shard(ObjectNode node, ShardStanding shard, ApplicationStanding standing) {
        node.put("shard", shard.shardId());
        node.put("on_stream", shard.onStream().name().toLowerCase(Locale.ROOT));
        node.put("finished", shard.isFinished());
        LeaseRows.Lease lease = shard.lease();
        if (lease != null) {
            lease(node.putObject("lease"), lease, shard, standing);
        }
        ShardPointer pointer = shard.pointer();
        if (pointer != null) {
            ObjectNode held = node.putObject("pointer");
            held.put("holder", pointer.holder().owner());
            held.put("epoch", pointer.holder().epoch());
            held.put("sealed", pointer.isSealed());
            reprocessing(held, pointer.reprocessing(), shard);
            if (pointer.snapshot() != null) {
                snapshot(held.putObject("state"), pointer.snapshot());
            }
        }
        ShardProbe.Lag lag = shard.lag();
        if (lag != null) {
            node.put("behind_ms", lag.behindMillis());
            node.put("trimmed", lag.trimmed());
            if (lag.arrivalMillis() != TelemetryEvent.ABSENT) {
                node.put("position_arrived", lag.arrivalMillis());
            }
        }
        count(node, shard.count());
        ArrayNode savepoints = node.putArray("savepoints");
        shard.savepoints().forEach(savepoint -> snapshot(savepoints.addObject(), savepoint));
    }

    private static void reprocessing(ObjectNode node, @Nullable Reprocessing asked, ShardStanding shard) {
        if (asked == null) {
            return;
        }
        ObjectNode of = node.putObject("reprocessing");
        of.put("generation", asked.generation());
        of.put("under_way", asked.isUnderWay(shard.position()));
        ArrayNode processes = of.putArray("processes");
        asked.processes().stream().sorted().forEach(processes::add);
        RecordPosition until = asked.until();
        if (until != null) {
            of.put("until_sequence", until.sequenceNumber());
            of.put("until_subsequence", until.subSequenceNumber());
        }
        of.put("publish", asked.publish());
        if (asked.configuration() != null) {
            of.put("configuration_required", asked.configuration());
        }
    }

    private static void lease(
            ObjectNode node, LeaseRows.Lease lease, ShardStanding shard, ApplicationStanding standing) {
        node.put("owner", lease.lease().owner());
        node.put("counter", lease.lease().counter());
        node.put("checkpoint", lease.lease().checkpoint());
        node.put("subsequence", lease.subSequenceNumber());
        if (lease.checkpointOwner() != null) {
            node.put("checkpoint_owner", lease.checkpointOwner());
        }
        LeaseWatch.Age age = shard.age();
        if (age != null) {
            node.put("renewed", shard.isRenewed(standing.expected()));
            node.put("still_at_least_ms", age.stillMillis());
        }
    }

    /** Where a state stands. */
    static void snapshot(ObjectNode node, Snapshot snapshot) {
        node.put("id", snapshot.id());
        node.put("written", snapshot.writtenMillis());
        node.put("bytes", snapshot.bytes());
        if (snapshot.configuration() != null) {
            node.put("configuration", snapshot.configuration());
        }
        if (snapshot.label() != null) {
            node.put("label", snapshot.label());
        }
        RecordPosition position = snapshot.position();
        if (position != null) {
            node.put("sequence", position.sequenceNumber());
            node.put("subsequence", position.subSequenceNumber());
        }
    }
}
