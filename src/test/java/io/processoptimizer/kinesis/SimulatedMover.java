package io.processoptimizer.kinesis;

import io.processoptimizer.checkpoint.ShardPointer;
import io.processoptimizer.checkpoint.Snapshot;
import io.processoptimizer.checkpoint.UnreadableSnapshotException;
import io.processoptimizer.recover.move.Application;
import io.processoptimizer.recover.move.Bundle;
import io.processoptimizer.recover.move.Source;
import io.processoptimizer.recover.move.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What an operator moves while the workers are at work: exports are written, and put back into the application; it is copied once, the
 * copy's workers run beside those of the original, and may take over from them. Reading, bundles and writing are the real ones.
 */
final class SimulatedMover {
    /** Steps within which the old workers come to where the new ones are; far more than they ever take. */
    private static final int MOST_STEPS_TO_CATCH_UP = 20_000;

    /** A state of the copy consists of several parts. */
    private static final int PART_BYTES_OF_COPY = 5_000;

    private final SplittableRandom random;
    private final SimulatedKcl kcl;
    private final SimulatedKcl empty;
    private final PlantedBug bug;
    private final Path folder;
    private final Runnable worldGoesOn;
    private final Runnable mayDie;
    private final BooleanSupplier rewindsAreDone;
    private final List<Path> exports = new ArrayList<>();
    private @Nullable Path underWay;
    private @Nullable SimulatedKcl copy;
    private @Nullable Application copied;
    private boolean willSwitch;
    private int files;
    private int imports;

    /**
     * @param empty an application without leases, to copy into
     * @param folder of its own
     * @param worldGoesOn before every call to the tables
     * @param mayDie ends the command, perhaps
     * @param rewindsAreDone whether all shards that were rewound have come to where they had been: before, nothing is imported
     */
    SimulatedMover(
            SplittableRandom random,
            SimulatedKcl kcl,
            SimulatedKcl empty,
            PlantedBug bug,
            Path folder,
            Runnable worldGoesOn,
            Runnable mayDie,
            BooleanSupplier rewindsAreDone) {
        this.random = random;
        this.kcl = kcl;
        this.empty = empty;
        this.bug = bug;
        this.folder = folder;
        this.worldGoesOn = worldGoesOn;
        this.mayDie = mayDie;
        this.rewindsAreDone = rewindsAreDone;
    }

    /** The copy, once it is whole. */
    @Nullable
    SimulatedKcl copy() {
        return copy;
    }

    /** What it stood on when it began. */
    @Nullable
    Application copied() {
        return copied;
    }

    /** Imports that were done. */
    int imports() {
        return imports;
    }

    /** Whether no import was left half done. */
    boolean isDone() {
        return underWay == null;
    }

    /** Whether the copy is to take over: then nothing is sent back in the original any more. */
    boolean isToBeReplaced() {
        return copy != null && willSwitch;
    }

    /** The workers of the copy go on. */
    void copyGoesOn() {
        if (copy != null) {
            copy.follow(kcl);
            // Sometimes it is faster, sometimes slower than the original.
            for (int i = random.nextInt(3); i > 0; i--) {
                copy.step();
            }
        }
    }

    /**
     * Perhaps does something.
     *
     * @param beside whether a rewind is under way, and only what goes beside it
     */
    void step(boolean beside) throws InterruptedException {
        try {
            if (beside) {
                besideARewind();
            } else if (underWay != null) {
                importAgain(underWay);
            } else if (random.nextInt(500) == 0) {
                export();
            } else if (!exports.isEmpty()
                    && !isToBeReplaced()
                    && random.nextInt(600) == 0
                    && rewindsAreDone.getAsBoolean()) {
                importAgain(exports.get(random.nextInt(exports.size())));
            } else if (copy == null && random.nextInt(900) == 0) {
                copyAll();
            } else if (isToBeReplaced() && random.nextInt(600) == 0) {
                switchOver();
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (IllegalStateException | UnreadableSnapshotException e) {
            // The command says so and ends: there is nothing yet, it changes all the time, a state is damaged, or the
            // stream was resharded meanwhile.
            underWay = null;
        }
    }

    /** What a rewind may be under way beside, if it is far enough. */
    private void besideARewind() throws IOException, InterruptedException {
        if (copy == null && random.nextInt(60) == 0) {
            copyAll();
        } else if (random.nextInt(150) == 0) {
            export();
        }
    }

    private Source source() {
        return new Source(
                new SimulatedDynamo(
                        kcl, worldGoesOn, bug == PlantedBug.IMPORTS_GO_BEHIND_A_RESHARD ? PlantedBug.NONE : bug),
                SimulatedDynamo.LEASES,
                SimulatedDynamo.STATES,
                kcl.store.parts(Integer.MAX_VALUE),
                random.nextBoolean(),
                Clock.systemUTC());
    }

    private void export() throws IOException, InterruptedException {
        Path file = folder.resolve("export-" + files++);
        try (Bundle bundle = Bundle.create(file)) {
            Application application = source().read(bundle::add);
            bundle.finish(application);
        }
        exports.add(file);
    }

    /** As the command does it; one that died is run again. */
    private void importAgain(Path file) throws IOException, InterruptedException {
        try (Bundle bundle = Bundle.open(file)) {
            Application application = bundle.application();
            Target target = new Target(
                    new SimulatedDynamo(kcl, worldGoesOn, bug),
                    SimulatedDynamo.LEASES,
                    SimulatedDynamo.STATES,
                    kcl.store.parts(Integer.MAX_VALUE),
                    "recover:import-" + imports);
            Target.Present present = target.present(application);
            if (!Target.refusals(application, present, true).isEmpty()) {
                exports.remove(file);
                underWay = null;
                return;
            }
            underWay = file;
            target.put(application, bundle::parts, shardId -> {});
            underWay = null;
            imports++;
        }
    }

    private void copyAll() throws IOException, InterruptedException {
        if (!empty.leases().isEmpty()) {
            return; // one that died: its tables would have to be deleted first
        }
        Target target = new Target(
                new SimulatedDynamo(empty, mayDie, bug),
                SimulatedDynamo.LEASES,
                SimulatedDynamo.STATES,
                empty.store.parts(PART_BYTES_OF_COPY),
                "recover:clone");
        copied = target.copy(source());
        copy = empty;
        willSwitch = random.nextBoolean();
    }

    // ---- the copy takes over

    /** The new workers end, then the old ones, once they are where the new ones were; then new ones write to the old tables. */
    private void switchOver() {
        SimulatedKcl next = copy;
        if (next == null) {
            return;
        }
        next.restartAll();
        for (int i = 0; bug != PlantedBug.SWITCHED_TOO_EARLY && !isPast(next); i++) {
            if (i == MOST_STEPS_TO_CATCH_UP) {
                throw new AssertionError("the old workers do not come to where the new ones were");
            }
            kcl.step();
        }
        kcl.restartAll();
        next.tables = kcl.tables;
        kcl.successor = next;
    }

    /** Whether the original has a state as new as the copy's, in every shard. */
    private boolean isPast(SimulatedKcl next) {
        return kcl.stream().shards.keySet().stream().allMatch(shardId -> {
            ShardPointer there = next.store.rawPointer(shardId);
            ShardPointer here = kcl.store.rawPointer(shardId);
            Snapshot reached = there == null ? null : there.snapshot();
            if (there == null || (reached == null && !there.isSealed())) {
                return true;
            }
            if (here == null || here.isSealed() || there.isSealed()) {
                return here != null && here.isSealed();
            }
            Snapshot held = here.snapshot();
            return reached == null
                    || reached.position() == null
                    || (held != null
                            && held.position() != null
                            && held.position().compareTo(reached.position()) >= 0);
        });
    }
}
