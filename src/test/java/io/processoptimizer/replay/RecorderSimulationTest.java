package io.processoptimizer.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Kills a recorder at every one of its writes, again and again on the same folder, while the stream grows and splits. */
class RecorderSimulationTest {
    private static final InstantSource CLOCK = InstantSource.system();

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    @ParameterizedTest
    @CsvSource({"1, true", "1, false", "4, false"})
    void whateverWriteItDiesInEveryRecordIsThereOnce(int threads, boolean plain) throws Exception {
        long seed = Long.getLong("fuzz.seed", 20_260_102L);
        System.out.println("recorder seed " + seed);
        for (int write = 1; ; write++) {
            SplittableRandom random = new SplittableRandom(seed + write);
            FakeStream stream = stream(random);
            Path folder = directory.resolve("at-" + write);
            boolean died = dies(stream, folder, threads, plain, new DyingDisk(write, random));
            // The stream goes on; and the next starts die, too, each later in what is left.
            for (int again = 1; died && again < 4; again++) {
                grow(stream);
                dies(stream, folder, threads, plain, new DyingDisk(again + random.nextInt(6), random));
            }
            grow(stream);
            recorder(stream, folder, threads, plain, new UnsyncedDisk()).run();
            assertThat(RecordedLines.ofFolder(folder))
                    .as("seed %d, write %d", seed, write)
                    .isEqualTo(stream.everything());
            if (!died) {
                assertThat(write).as("writes that were tried").isGreaterThan(20);
                return;
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1", "4"})
    void whateverFetchFailsEveryRecordIsThereOnce(int threads) throws Exception {
        for (int fetch = 1; ; fetch++) {
            FakeStream stream = stream(new SplittableRandom(fetch));
            stream.failAtFetch(fetch);
            Path folder = directory.resolve("fetch-" + fetch);
            boolean failed = false;
            try {
                recorder(stream, folder, threads, false, new UnsyncedDisk()).run();
            } catch (IllegalStateException e) {
                assertThat(e).hasMessage("the network is down");
                failed = true;
                recorder(stream, folder, threads, false, new UnsyncedDisk()).run();
            }
            assertThat(RecordedLines.ofFolder(folder)).as("fetch %d", fetch).isEqualTo(stream.everything());
            if (!failed) {
                assertThat(fetch).isGreaterThan(10);
                return;
            }
        }
    }

    /** Three shards, one of which has been split into two that nobody sees before its end is read. */
    private static FakeStream stream(SplittableRandom random) {
        FakeStream stream = new FakeStream(random);
        FakeStream.Shard first = stream.shard("shard-0");
        FakeStream.Shard second = stream.shard("shard-1");
        FakeStream.Shard left = stream.shard("shard-2", "shard-0");
        FakeStream.Shard right = stream.shard("shard-3", "shard-0");
        stream.shard("shard-4");
        first.closed = true;
        left.shown = false;
        right.shown = false;
        stream.append(first, 40, 1_000);
        stream.append(second, 60, 1_000);
        stream.append(left, 25, 2_000);
        return stream;
    }

    private static void grow(FakeStream stream) {
        stream.shards.forEach((id, shard) -> {
            if (!shard.closed) {
                stream.append(shard, 5, 10_000);
            }
        });
    }

    private static Recorder recorder(FakeStream stream, Path folder, int threads, boolean plain, Disk disk) {
        RecordingPlan plan = new RecordingPlan(null, List.of(), RecordBounds.ALL_SO_FAR, plain, null);
        return new Recorder(stream, folder, plan, CLOCK, disk, new Recorder.Tuning(threads, 500, 1, 0));
    }

    private static boolean dies(FakeStream stream, Path folder, int threads, boolean plain, DyingDisk disk)
            throws IOException, InterruptedException {
        try {
            recorder(stream, folder, threads, plain, disk).run();
            return false;
        } catch (Death e) {
            return true;
        }
    }

    /** The process is gone. */
    private static final class Death extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** Dies in its n-th write: some of the bytes may have reached the disk, and none do afterwards. */
    private static final class DyingDisk extends UnsyncedDisk {
        private final SplittableRandom random;
        private int left;

        DyingDisk(int writes, SplittableRandom random) {
            this.left = writes;
            this.random = random.split();
        }

        @Override
        synchronized void append(RandomAccessFile file, byte[] bytes) throws IOException {
            if (--left > 0) {
                super.append(file, bytes);
                return;
            }
            if (left == 0) {
                super.append(file, Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)));
            }
            throw new Death();
        }

        @Override
        synchronized void replace(Path file, byte[] content) throws IOException {
            if (--left > 0) {
                super.replace(file, content);
                return;
            }
            if (left == 0) {
                Files.write(
                        file.resolveSibling(file.getFileName() + ".next"),
                        Arrays.copyOf(content, random.nextInt(content.length + 1)));
            }
            throw new Death();
        }
    }
}
