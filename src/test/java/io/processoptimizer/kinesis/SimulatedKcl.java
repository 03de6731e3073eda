package io.processoptimizer.kinesis;

import io.processoptimizer.config.Settings;
import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.pipeline.InputRecord;
import io.processoptimizer.pipeline.PipelineSettings;
import io.processoptimizer.pipeline.ShardPipeline;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import software.amazon.kinesis.lifecycle.events.InitializationInput;
import software.amazon.kinesis.lifecycle.events.LeaseLostInput;
import software.amazon.kinesis.lifecycle.events.ProcessRecordsInput;
import software.amazon.kinesis.lifecycle.events.ShardEndedInput;
import software.amazon.kinesis.lifecycle.events.ShutdownRequestedInput;
import software.amazon.kinesis.retrieval.KinesisClientRecord;

/**
 * KCL, the workers and the world around them, one step after the other, each drawn from the seed: leases change hands with and without
 * their holder's knowledge, workers die and come back, commits and outputs run late, answers get lost, clocks jump. The processors,
 * commits and pipelines are the real ones. Rules are those of KCL.md.
 */
final class SimulatedKcl {
    private static final int MAX_BATCH = 60;
    private static final long RETENTION_MILLIS = 86_400_000;

    /** Far more than any history takes to its end. */
    private static final int MAX_STEPS = 60_000;

    private final SplittableRandom random;
    private final SimulatedStream stream;
    private final PipelineSettings settings;
    private final PlantedBug bug;
    final SimulatedStore store;
    SimulatedTables tables;
    private final SettableClock clock = new SettableClock();
    private final Map<String, SimulatedLease> leases = new LinkedHashMap<>();
    private final List<Worker> workers = new ArrayList<>();

    /** Writes of dead workers that are still on the wire. */
    private final List<SimulatedTables.Pending> ghosts = new ArrayList<>();

    private final List<String> failures = new ArrayList<>();
    private int written;
    private int workersEver;
    private long tokens;
    private boolean takingOver;

    /** Null: nobody rewinds anything. */
    @Nullable
    SimulatedOperator operator;

    /** Null: the application was not copied, or its workers are to go on. */
    @Nullable
    SimulatedKcl successor;

    private int resumed;
    private int setBack;

    /** An application that begins with the stream. */
    SimulatedKcl(long seed, SimulatedStream stream, PipelineSettings settings, PlantedBug bug) {
        this(seed, stream, settings, bug, new SimulatedTables(bug == PlantedBug.RANKS_ARE_IGNORED));
        stream.shards.values().stream()
                .filter(shard -> shard.parents.isEmpty())
                .forEach(shard -> leases.put(shard.id(), new SimulatedLease(shard)));
    }

    /** One without leases, into which another is to be copied. */
    SimulatedKcl(long seed, SimulatedStream stream, PipelineSettings settings, PlantedBug bug, SimulatedTables tables) {
        this.random = new SplittableRandom(seed);
        this.stream = stream;
        this.settings = settings;
        this.bug = bug;
        this.store = new SimulatedStore(random.split(), bug);
        this.tables = tables;
        store.isFirst = shardId -> stream.shard(shardId).parents.isEmpty();
        store.beforeClaim = this::sleepBeforeClaim;
        for (int i = 0; i < 3; i++) {
            workers.add(new Worker("worker-" + workersEver++));
        }
    }

    private final class Worker implements Leases {
        final String id;
        final StepExecutor executor = new StepExecutor();
        final List<SimulatedTenure> tenures = new ArrayList<>();
        final List<SimulatedTables.Pending> outputs = new ArrayList<>();
        final SimulatedStore.View view = store.new View();
        final ShardProcessorContext context;

        Worker(String id) {
            this.id = id;
            BiConsumer<String, Throwable> failed = (shardId, why) -> failures.add(shardId + ": " + why);
            Disputes disputes = new Disputes(id, this, view, failed);
            context = new ShardProcessorContext(
                    new WorkerSettings(Settings.DEFAULTS, id, true),
                    this,
                    shardId -> bug == PlantedBug.LINEAGE_IS_FORGOTTEN ? List.of() : stream.shard(shardId).parents,
                    this::open,
                    view,
                    new Commits(view, executor),
                    new ShardProgress(),
                    clock,
                    () -> RETENTION_MILLIS,
                    0,
                    disputes::fenced,
                    disputes::heldByLater,
                    disputes::giveBack,
                    failed);
        }

        private ShardEngine open(ShardLease lease) {
            SimulatedTables.Pending pending = tables.new Pending();
            outputs.add(pending);
            return new SimulatedEngine(stream.shard(lease.shardId()).range, settings, pending, stream.poison, bug);
        }

        @Override
        public @Nullable ShardLease lease(String shardId) {
            SimulatedLease lease = leases.get(shardId);
            if (lease == null) {
                return null;
            }
            boolean lie = bug == PlantedBug.LEASES_ARE_NOT_CHECKED;
            return shardLease(lease, lie ? id : lease.owner, lie ? Long.MAX_VALUE / 2 + tokens++ : lease.counter);
        }

        @Override
        public boolean giveBack(String shardId, String workerId) {
            return giveBackAbove(shardId, workerId, 0);
        }

        @Override
        public boolean giveBackAbove(String shardId, String workerId, long epoch) {
            SimulatedLease lease = leases.get(shardId);
            if (lease == null || !workerId.equals(lease.owner)) {
                return false;
            }
            change(lease, null);
            lease.counter = Math.max(lease.counter, epoch + 1);
            return true;
        }

        @Override
        public boolean rewind(String shardId, String workerId, @Nullable RecordPosition position) {
            SimulatedLease lease = leases.get(shardId);
            boolean had = giveBack(shardId, workerId);
            setBack += had ? 1 : 0;
            boolean stays = bug == PlantedBug.KCL_IS_NOT_SET_BACK
                    || bug == PlantedBug.LEASES_ARE_REWOUND_FIRST
                    || bug == PlantedBug.IMPORTED_LEASES_STAY;
            if (had && lease != null && !stays) {
                lease.checkpoint = position == null ? "TRIM_HORIZON" : position.sequenceNumber();
            }
            return had;
        }

        void take(SimulatedLease lease) {
            change(lease, id);
            resumed += Character.isDigit(lease.checkpoint.charAt(0)) ? 1 : 0;
            SimulatedTenure tenure = new SimulatedTenure(lease, new ShardProcessor(context), store, random);
            tenures.add(tenure);
            initialize(tenure);
        }

        void initialize(SimulatedTenure tenure) {
            try {
                tenure.processor.initialize(InitializationInput.builder()
                        .shardId(tenure.lease.shard.id())
                        .build());
                tenure.initialized = true;
            } catch (RuntimeException e) {
                // KCL tries again.
                tenure.initialized = false;
            }
        }

        void deliver(SimulatedTenure tenure) {
            List<InputRecord> records = tenure.lease.shard.records;
            List<KinesisClientRecord> batch = new ArrayList<>();
            int size = random.nextInt(MAX_BATCH);
            while (tenure.next < records.size()) {
                InputRecord record = records.get(tenure.next);
                boolean more = batch.size() < size || record.position().subSequenceNumber() > 0;
                if (!more || SimulatedStream.number(record) >= written) {
                    break;
                }
                batch.add(user(record));
                tenure.next++;
            }
            boolean atTip =
                    tenure.next == records.size() || SimulatedStream.number(records.get(tenure.next)) >= written;
            tenure.processor.processRecords(ProcessRecordsInput.builder()
                    .records(batch)
                    .millisBehindLatest(atTip ? 0L : 1_000L)
                    .checkpointer(tenure.checkpointer())
                    .build());
            if (tenure.next == records.size() && tenure.lease.shard.closedAt <= written) {
                end(tenure);
            }
        }

        private void end(SimulatedTenure tenure) {
            // Without its lease KCL makes no leases any more.
            for (String child : tenure.holdsLease() ? tenure.lease.shard.children : List.<String>of()) {
                leases.computeIfAbsent(child, id -> new SimulatedLease(stream.shard(id)));
            }
            settleBeforeWait();
            try {
                tenure.processor.shardEnded(ShardEndedInput.builder()
                        .checkpointer(tenure.checkpointer())
                        .build());
                tenure.over = true;
            } catch (RuntimeException e) {
                // KCL tries again; after a lost lease there is nothing to end.
                tenure.over = !tenure.holdsLease();
            }
            executor.atOnce = false;
        }

        /** The caller is about to wait: what it waits for happens now. */
        private void settleBeforeWait() {
            outputs.forEach(SimulatedTables.Pending::applyAll);
            while (executor.step()) {
                outputs.forEach(SimulatedTables.Pending::applyAll);
            }
            executor.atOnce = true;
        }

        /** SIGTERM: last commits, then the leases are given back. */
        void stop() {
            if (bug == PlantedBug.LEASES_ARE_RELEASED_FIRST) {
                leases.values().forEach(lease -> giveBack(lease.shard.id(), id));
            }
            settleBeforeWait();
            for (SimulatedTenure tenure : tenures) {
                if (tenure.initialized && !tenure.over) {
                    tenure.processor.shutdownRequested(ShutdownRequestedInput.builder()
                            .checkpointer(tenure.checkpointer())
                            .build());
                }
            }
            outputs.forEach(SimulatedTables.Pending::applyAll);
            leases.values().forEach(lease -> giveBack(lease.shard.id(), id));
        }

        /** kill -9: what is on the wire may arrive, now or later or never. */
        void die() {
            for (SimulatedTables.Pending pending : outputs) {
                if (random.nextBoolean()) {
                    ghosts.add(pending);
                }
            }
        }
    }

    @Nullable
    SimulatedLease lease(String shardId) {
        return leases.get(shardId);
    }

    /** The same as its row says it, or null. */
    @Nullable
    ShardLease shardLease(String shardId) {
        SimulatedLease lease = leases.get(shardId);
        return lease == null ? null : shardLease(lease, lease.owner, lease.counter);
    }

    private ShardLease shardLease(SimulatedLease lease, @Nullable String owner, long counter) {
        return lease.row(owner, counter, lease.shard.closedAt <= written && bug != PlantedBug.SEALS_ARE_FORGOTTEN);
    }

    SimulatedStream stream() {
        return stream;
    }

    /** An empty pipeline, to look into states with. */
    ShardPipeline pipeline() {
        return new ShardPipeline(settings, SimulatedStream.DEFINITIONS, tables.new Pending());
    }

    /** Records of the stream that were written so far. */
    int written() {
        return written;
    }

    /** An operator moves a lease, or makes one that was deleted or never was. */
    void place(SimulatedStream.Shard shard, String checkpoint, long counter) {
        SimulatedLease lease = leases.computeIfAbsent(shard.id(), id -> new SimulatedLease(shard));
        change(lease, null);
        lease.checkpoint = checkpoint;
        lease.counter = counter;
    }

    /** An operator takes a lease from its owner. */
    void evict(SimulatedLease lease) {
        change(lease, null);
    }

    private void change(SimulatedLease lease, @Nullable String owner) {
        lease.owner = owner;
        lease.counter++;
        lease.token = ++tokens;
    }

    private static KinesisClientRecord user(InputRecord record) {
        return KinesisClientRecord.builder()
                .sequenceNumber(record.position().sequenceNumber())
                .subSequenceNumber(record.position().subSequenceNumber())
                .partitionKey(record.partitionKey())
                .approximateArrivalTimestamp(Instant.ofEpochMilli(record.arrivalMillis()))
                .data(ByteBuffer.wrap(record.buffer(), record.offset(), record.length())
                        .asReadOnlyBuffer())
                .build();
    }

    // ---- the history

    /** Runs to the end of the stream; throws where it does not get there. */
    void run() {
        for (int step = 0; step < MAX_STEPS; step++) {
            if (!failures.isEmpty()) {
                throw new AssertionError("a worker stopped: " + failures);
            }
            boolean allWritten = written >= stream.all.size();
            if (allWritten && operator != null && step % 7 == 0) {
                operator.end();
            }
            if (allWritten && step % 50 == 0 && (operator == null || operator.isDone()) && isAllRead()) {
                finish();
                return;
            }
            step();
            if (operator != null) {
                operator.step();
            }
        }
        throw new AssertionError("not at the end after " + MAX_STEPS + " steps: " + standing());
    }

    private String standing() {
        StringBuilder text = new StringBuilder();
        for (String id : stream.shards.keySet()) {
            SimulatedLease lease = leases.get(id);
            text.append('\n')
                    .append(id)
                    .append(": ")
                    .append(lease == null ? "no lease" : lease.checkpoint + " " + lease.counter + " " + lease.owner)
                    .append(", ")
                    .append(store.pointerOf(id));
        }
        return text.append(operator == null || operator.isDone() ? "" : "; a rewind is under way")
                .toString();
    }

    /** The rows of the lease table. */
    List<SimulatedLease> leases() {
        return List.copyOf(leases.values());
    }

    /** The stream of another application is the same. */
    void follow(SimulatedKcl other) {
        written = other.written;
    }

    /** All workers end in good order, and others take their places. */
    void restartAll() {
        for (Worker old : List.copyOf(workers)) {
            old.stop();
            workers.set(workers.indexOf(old), new Worker("worker-" + workersEver++));
        }
    }

    /** The world goes on by one step. */
    void step() {
        if (successor != null) {
            written = Math.min(stream.all.size(), written + random.nextInt(20));
            return;
        }
        clock.advance(Duration.ofMillis(random.nextInt(4_000)));
        int what = random.nextInt(1_000);
        if (what < 150) {
            written = Math.min(stream.all.size(), written + random.nextInt(60));
        } else if (what < 550) {
            deliverOrInitialize();
        } else if (what < 700) {
            commitStep();
        } else if (what < 900) {
            outputStep();
        } else if (what < 950) {
            assign();
        } else if (what < 970) {
            leases.values().forEach(lease -> lease.counter += random.nextInt(2));
        } else if (what < 980) {
            steal();
        } else if (what < 988) {
            tellOfLostLeases();
        } else if (what < 993) {
            crash();
        } else if (what < 996) {
            restartGracefully();
        } else {
            clock.advance(Duration.ofMillis(random.nextLong(-120_000, 300_000)));
        }
        cleanUpLeases();
    }

    private void deliverOrInitialize() {
        Worker worker = any(workers);
        List<SimulatedTenure> running =
                worker.tenures.stream().filter(tenure -> !tenure.over).toList();
        if (running.isEmpty()) {
            return;
        }
        SimulatedTenure tenure = any(running);
        if (tenure.initialized) {
            worker.deliver(tenure);
        } else if (tenure.holdsLease()) {
            worker.initialize(tenure);
        } else {
            tenure.over = true;
        }
    }

    private void commitStep() {
        Worker worker = any(workers);
        worker.executor.step();
        if (random.nextInt(3) == 0) {
            worker.view.settle();
        }
    }

    private void outputStep() {
        if (!ghosts.isEmpty() && random.nextInt(4) == 0) {
            SimulatedTables.Pending ghost = any(ghosts);
            ghost.step(random);
            if (ghost.isEmpty() || random.nextInt(20) == 0) {
                ghosts.remove(ghost);
            }
            return;
        }
        for (SimulatedTables.Pending pending : List.copyOf(any(workers).outputs)) {
            for (int i = random.nextInt(30); i > 0; i--) {
                pending.step(random);
            }
        }
    }

    /** KCL gives free leases to workers, children after the ends of their parents. */
    private void assign() {
        for (SimulatedLease lease : leases.values()) {
            boolean free = lease.owner == null && !lease.hasEnded();
            boolean parentsEnded = lease.shard.parents.stream()
                    .map(leases::get)
                    .allMatch(parent -> parent == null || parent.hasEnded());
            if (free && parentsEnded && random.nextBoolean()) {
                any(workers).take(lease);
                return;
            }
        }
    }

    /** A lease runs out unnoticed: another worker takes it while its holder goes on. */
    private void steal() {
        List<SimulatedLease> held = leases.values().stream()
                .filter(lease -> lease.owner != null && !lease.hasEnded())
                .toList();
        if (!held.isEmpty()) {
            any(workers).take(any(held));
        }
    }

    /** A processor wakes up in the middle of its initialisation, and the world has moved on. */
    private void sleepBeforeClaim() {
        if (!takingOver && !store.calm && random.nextInt(8) == 0) {
            takingOver = true;
            steal();
            takingOver = false;
        }
    }

    private void tellOfLostLeases() {
        for (Worker worker : workers) {
            for (SimulatedTenure tenure : worker.tenures) {
                if (!tenure.over && !tenure.holdsLease()) {
                    tenure.processor.leaseLost(LeaseLostInput.builder().build());
                    tenure.over = true;
                }
            }
        }
    }

    /** Under the same id a worker takes its leases again at once; under a new one they run out. */
    private void crash() {
        Worker dead = any(workers);
        dead.die();
        boolean sameId = random.nextBoolean();
        Worker next = new Worker(sameId ? dead.id : "worker-" + workersEver++);
        workers.set(workers.indexOf(dead), next);
        for (SimulatedLease lease : leases.values()) {
            if (dead.id.equals(lease.owner) && !lease.hasEnded()) {
                if (sameId) {
                    next.take(lease);
                } else {
                    change(lease, null);
                }
            }
        }
    }

    private void restartGracefully() {
        Worker old = any(workers);
        old.stop();
        workers.set(workers.indexOf(old), new Worker("worker-" + workersEver++));
    }

    /** KCL deletes the lease of a parent once all of its children have a position of their own. */
    private void cleanUpLeases() {
        leases.values()
                .removeIf(lease -> lease.hasEnded()
                        && !lease.shard.children.isEmpty()
                        && lease.shard.children.stream()
                                .allMatch(child -> !leases.containsKey(child)
                                        || !leases.get(child).checkpoint.equals("TRIM_HORIZON")));
    }

    private boolean isAllRead() {
        if (successor != null) {
            return successor.isAllRead();
        }
        return stream.shards.values().stream()
                .filter(shard -> shard.children.isEmpty())
                .allMatch(shard -> {
                    SimulatedLease lease = leases.get(shard.id());
                    return lease != null
                            && workers.stream()
                                    .flatMap(worker -> worker.tenures.stream())
                                    .anyMatch(tenure -> tenure.lease == lease
                                            && tenure.holdsLease()
                                            && tenure.initialized
                                            && tenure.processor.life() instanceof ShardLife.Working
                                            && tenure.next == shard.records.size());
                });
    }

    private void finish() {
        if (successor != null) {
            successor.finish();
        }
        store.calm = true;
        for (Worker worker : workers) {
            worker.stop();
        }
        ghosts.forEach(SimulatedTables.Pending::applyAll);
        if (!failures.isEmpty()) {
            throw new AssertionError("a worker stopped at the end: " + failures);
        }
    }

    private <T> T any(List<T> things) {
        return things.get(random.nextInt(things.size()));
    }

    /** Tenures that went on from a position of KCL's. */
    int resumed() {
        return resumed;
    }

    /** Leases that were set back. */
    int setBack() {
        return setBack;
    }
}
