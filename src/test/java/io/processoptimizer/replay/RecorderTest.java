package io.processoptimizer.replay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.replay.RecordingManifest.End;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecorderTest {
    private static final long NOW = 1_767_225_600_000L;
    private static final RecordBounds FOREVER = new RecordBounds(new RecordBounds.Never(), null, Long.MAX_VALUE);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    private final FakeStream stream = new FakeStream(new SplittableRandom(1));
    private final FakeStream.Shard first = stream.shard("shard-0");
    private final FakeStream.Shard second = stream.shard("shard-1");
    private InstantSource clock = InstantSource.fixed(Instant.ofEpochMilli(NOW));
    private Path folder = Path.of("");

    @BeforeEach
    void fill() {
        folder = directory.resolve("recording");
        stream.append(first, 100, NOW - 100_000);
        stream.append(second, 50, NOW - 100_000);
    }

    @Test
    void theManifestTellsWhatIsThereAndTheNextRunGoesOn() throws Exception {
        Recorder.Report report = run(RecordingPlan.DEFAULT);

        assertThat(report.newGaps()).isZero();
        assertThat(report.shards()).extracting(ShardStatus::records).containsExactly(100L, 50L);
        RecordingManifest manifest = manifest();
        assertThat(manifest.stream()).isEqualTo(new RecordingManifest.StreamId("fake", "arn:fake", 1_000_000));
        assertThat(manifest.terms())
                .isEqualTo(new RecordingManifest.Terms(new ReadFrom.TrimHorizon(), NOW, true, List.of()));
        RecordingManifest.Shard shard = manifest.shards().get(0);
        assertThat(shard.ended()).isEqualTo(End.BOUND);
        assertThat(shard.finished()).isFalse();
        assertThat(shard.extent().records()).isEqualTo(100);
        assertThat(shard.extent().bytes()).isEqualTo(Files.size(folder.resolve("shard-0.ndjson.gz")));
        assertThat(shard.extent().last()).isEqualTo(first.records.get(99).position());

        stream.append(second, 7, NOW);
        assertThat(run(RecordingPlan.DEFAULT).shards())
                .extracting(ShardStatus::newRecords)
                .containsExactly(0L, 7L);
        assertThat(RecordedLines.ofFolder(folder)).isEqualTo(stream.everything());
    }

    @Test
    void itStopsAtTheFirstRecordThatArrivedAtTheBound() throws Exception {
        run(plan(null, new RecordBounds(new RecordBounds.Time(NOW - 99_980), null, Long.MAX_VALUE)));
        assertThat(RecordedLines.ofFolder(folder).values())
                .allSatisfy(lines -> assertThat(lines).hasSize(20));

        run(plan(null, new RecordBounds(new RecordBounds.Time(NOW - 99_970), null, Long.MAX_VALUE)));
        assertThat(RecordedLines.ofFolder(folder).values())
                .allSatisfy(lines -> assertThat(lines).hasSize(30));
    }

    @Test
    void theNumberOfRecordsIsThatOfTheFolderAlsoInTheMiddleOfAnAggregate() throws Exception {
        for (int records = 1; records <= 150; records += 1 + records / 10) {
            run(plan(null, new RecordBounds(new RecordBounds.Now(), null, records)));
            assertThat(RecordedLines.ofFolder(folder).values().stream()
                            .mapToInt(List::size)
                            .sum())
                    .isEqualTo(records);
        }
        run(RecordingPlan.DEFAULT);
        assertThat(RecordedLines.ofFolder(folder)).isEqualTo(stream.everything());
    }

    @Test
    void fromATimeOnlyWhatArrivedThenOrLater() throws Exception {
        run(plan(new ReadFrom.AtTimestamp(NOW - 99_990), RecordBounds.ALL_SO_FAR));

        assertThat(RecordedLines.ofFolder(folder).get("shard-1"))
                .isEqualTo(second.records.subList(10, 50).stream()
                        .map(RecordedLines.Line::of)
                        .toList());
    }

    @Test
    void whatComesWhileNobodyRecordsFromLatestIsThereAfterTheNextStart() throws Exception {
        first.closed = true;
        RecordingPlan plan =
                plan(new ReadFrom.Latest(), new RecordBounds(new RecordBounds.Never(), Duration.ZERO, Long.MAX_VALUE));
        run(plan);
        stream.append(second, 5, NOW + 1);
        FakeStream.Shard child = stream.shard("shard-2", "shard-1");
        stream.append(child, 3, NOW + 1);
        run(plan.withBounds(RecordBounds.ALL_SO_FAR));

        assertThat(RecordedLines.ofFolder(folder)).containsOnlyKeys("shard-1", "shard-2");
        assertThat(RecordedLines.ofFolder(folder).get("shard-1")).hasSize(5);
        assertThat(RecordedLines.ofFolder(folder).get("shard-2")).hasSize(3);
        assertThat(manifest().shards().get(0).ended()).isEqualTo(End.CLOSED_BEFORE);
    }

    @Test
    void aShardThatWasAskedForIsRecordedAloneWithoutItsChildren() throws Exception {
        first.closed = true;
        stream.shard("shard-2", "shard-0").shown = false;
        RecordingPlan one = new RecordingPlan(null, List.of("shard-0"), RecordBounds.ALL_SO_FAR, true, null);
        run(one);
        run(one);

        assertThat(RecordedLines.ofFolder(folder)).containsOnlyKeys("shard-0");
        assertThat(folder.resolve("shard-0.ndjson")).exists();
        assertThat(manifest().shards())
                .extracting(RecordingManifest.Shard::ended)
                .containsExactly(End.SHARD_END);
        assertThatThrownBy(() -> run(new RecordingPlan(null, List.of("shard-1"), RecordBounds.ALL_SO_FAR, true, null)))
                .hasMessageContaining("is a recording of shard-0; leave --shard out");
        assertThatThrownBy(() -> new Recorder(
                                stream,
                                directory.resolve("other"),
                                new RecordingPlan(null, List.of("shard-9"), FOREVER, true, null),
                                clock)
                        .run())
                .isInstanceOf(RecordingException.class)
                .hasMessageContaining("no such shard; it has shard-0, shard-1, shard-2");
    }

    @Test
    void aFolderOfAnotherStreamOrOfOtherTermsIsRefused() throws Exception {
        run(RecordingPlan.DEFAULT);

        assertThatThrownBy(() -> run(plan(new ReadFrom.Latest(), FOREVER)))
                .isInstanceOf(RecordingException.class)
                .hasMessageContaining("is recorded from trim_horizon; --from latest would not fit");
        assertThatThrownBy(() -> run(new RecordingPlan(null, List.of(), FOREVER, true, null)))
                .hasMessageContaining("is recorded with gzip");
        stream.makeAnew();
        assertThatThrownBy(() -> run(RecordingPlan.DEFAULT))
                .isInstanceOf(RecordingException.class)
                .hasMessageContaining(
                        "is a recording of arn:fake made at 1970-01-01T00:16:40Z, not of arn:fake made at 1970");
    }

    @Test
    void aFolderThatIsNoRecordingOrCannotBeWrittenIsRefused() throws Exception {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("day.ndjson"), "x");
        assertThatThrownBy(() -> run(RecordingPlan.DEFAULT))
                .hasMessageContaining("holds .ndjson files but no recording.json");

        folder = folder.resolve("day.ndjson");
        assertThatThrownBy(() -> run(RecordingPlan.DEFAULT))
                .isInstanceOf(RecordingException.class)
                .hasMessageContaining("day.ndjson cannot be written (a file is in its place)");
    }

    @Test
    void recordsThatTheStreamDroppedUnreadAreReportedOnceAndTheRestIsRecorded() throws Exception {
        run(RecordingPlan.DEFAULT);
        stream.append(first, 20, NOW);
        first.trimmed = 110;
        clock = InstantSource.fixed(Instant.ofEpochMilli(NOW + FakeStream.RETENTION_MILLIS + 1));

        assertThat(run(RecordingPlan.DEFAULT).newGaps()).isEqualTo(1);
        List<RecordedRecord> kept = new ArrayList<>(first.records.subList(0, 100));
        kept.addAll(first.records.subList(110, 120));
        assertThat(RecordedLines.ofFolder(folder).get("shard-0"))
                .isEqualTo(kept.stream().map(RecordedLines.Line::of).toList());
        assertThat(manifest().shards().get(0).gaps())
                .containsExactly(new RecordingManifest.Gap(
                        first.records.get(99).position(), NOW + FakeStream.RETENTION_MILLIS + 1));
        assertThat(run(RecordingPlan.DEFAULT).newGaps()).isZero();
    }

    @Test
    void recordsThatTheRetentionOvertakesWhileTheyAreReadAreAGapOfThatShardOnly() throws Exception {
        AtomicInteger fetched = new AtomicInteger();
        stream.beforeFetch(fetched::set);
        clock = () -> fetched.get() < 8 ? Instant.ofEpochMilli(NOW) : afterTheRetentionOf(first, 90);

        // On one thread, so that time moves between fetches and not within one.
        Recorder.Report report = new Recorder(
                        stream,
                        folder,
                        RecordingPlan.DEFAULT,
                        clock,
                        new UnsyncedDisk(),
                        new Recorder.Tuning(1, 500, 1, 0))
                .run();

        assertThat(report.newGaps()).isEqualTo(1);
        List<RecordingManifest.Shard> shards = manifest().shards();
        assertThat(shards.get(0).gaps()).hasSize(1);
        assertThat(shards.get(1).gaps()).isEmpty();
        List<RecordedLines.Line> lines = RecordedLines.ofFolder(folder).get("shard-0");
        RecordPosition after = shards.get(0).gaps().get(0).after();
        int before = (int) first.records.stream()
                .filter(record -> after != null && record.position().compareTo(after) <= 0)
                .count();
        List<RecordedRecord> kept = new ArrayList<>(first.records.subList(0, before));
        kept.addAll(first.records.subList(90, 100));
        assertThat(before).isBetween(1, 89);
        assertThat(lines).isEqualTo(kept.stream().map(RecordedLines.Line::of).toList());
        assertThat(RecordedLines.ofFolder(folder).get("shard-1"))
                .isEqualTo(stream.everything().get("shard-1"));
    }

    private static Instant afterTheRetentionOf(FakeStream.Shard shard, int trimmed) {
        shard.trimmed = trimmed;
        return Instant.ofEpochMilli(NOW + FakeStream.RETENTION_MILLIS);
    }

    @Test
    void aQuietShardWhoseLastRecordIsGoneHasLostNothing() throws Exception {
        run(RecordingPlan.DEFAULT);
        first.trimmed = 100;
        stream.append(first, 5, NOW);

        assertThat(run(RecordingPlan.DEFAULT).newGaps()).isZero();
        assertThat(RecordedLines.ofFolder(folder)).isEqualTo(stream.everything());
    }

    @Test
    void aShardThatIsGoneBeforeItsEndIsAGap() throws Exception {
        run(RecordingPlan.DEFAULT);
        stream.shards.remove("shard-0");

        assertThat(run(RecordingPlan.DEFAULT).newGaps()).isEqualTo(1);
        assertThat(manifest().shards().get(0).ended()).isEqualTo(End.EXPIRED);
        assertThat(run(RecordingPlan.DEFAULT).newGaps()).isZero();
    }

    @Test
    void aFullDiskIsSaidAndLeavesWholeLines() throws Exception {
        AtomicInteger writes = new AtomicInteger();
        Disk full = new UnsyncedDisk() {
            @Override
            void append(RandomAccessFile file, byte[] bytes) throws IOException {
                if (writes.incrementAndGet() > 3) {
                    super.append(file, Arrays.copyOf(bytes, bytes.length / 2));
                    throw new IOException("No space left on device");
                }
                super.append(file, bytes);
            }
        };
        assertThatThrownBy(() -> new Recorder(stream, folder, RecordingPlan.DEFAULT, clock, full, tuning()).run())
                .isInstanceOf(RecordingException.class)
                .hasMessageContaining(".ndjson.gz cannot be written (No space left on device); make room");
        assertThat(RecordedLines.ofFolder(folder)).isNotEmpty();

        run(RecordingPlan.DEFAULT);
        assertThat(RecordedLines.ofFolder(folder)).isEqualTo(stream.everything());
    }

    @Test
    void aFileThatWasCutShorterThanTheManifestSaysIsFilledAgain() throws Exception {
        new Recorder(stream, folder, RecordingPlan.DEFAULT, clock, new UnsyncedDisk(), tuning()).run();
        try (RandomAccessFile file =
                new RandomAccessFile(folder.resolve("shard-0.ndjson.gz").toFile(), "rw")) {
            file.setLength(file.length() / 2);
        }
        run(RecordingPlan.DEFAULT);
        assertThat(RecordedLines.ofFolder(folder)).isEqualTo(stream.everything());
    }

    @Test
    void aDiskThatIsFullFromTheBeginningLeavesNoEmptyFile() throws Exception {
        Disk full = new UnsyncedDisk() {
            @Override
            void append(RandomAccessFile file, byte[] bytes) throws IOException {
                super.append(file, Arrays.copyOf(bytes, bytes.length / 2));
                throw new IOException("No space left on device");
            }
        };
        assertThatThrownBy(() -> new Recorder(stream, folder, RecordingPlan.DEFAULT, clock, full, tuning()).run())
                .isInstanceOf(RecordingException.class);
        assertThat(folder.resolve("shard-0.ndjson.gz")).doesNotExist();
        assertThat(folder.resolve("shard-1.ndjson.gz")).doesNotExist();
    }

    @Test
    void whatACutFileLostAndTheStreamDroppedIsAGap() throws Exception {
        new Recorder(stream, folder, RecordingPlan.DEFAULT, clock, new UnsyncedDisk(), tuning()).run();
        try (RandomAccessFile file =
                new RandomAccessFile(folder.resolve("shard-0.ndjson.gz").toFile(), "rw")) {
            file.setLength(file.length() / 2);
        }
        first.trimmed = 90;

        assertThat(run(RecordingPlan.DEFAULT).newGaps()).isEqualTo(1);
    }

    @Test
    void aMissingFileIsRefused() throws Exception {
        run(RecordingPlan.DEFAULT);
        Files.delete(folder.resolve("shard-1.ndjson.gz"));

        assertThatThrownBy(() -> run(RecordingPlan.DEFAULT))
                .isInstanceOf(RecordingException.class)
                .hasMessageContaining("shard-1.ndjson.gz is missing, though recording.json says that it holds 50");
    }

    @Test
    void stoppingBringsAllToTheDiskAndOneFolderHasOneRecorderAtATime() throws Exception {
        Recorder recorder = new Recorder(stream, folder, plan(null, FOREVER), clock, new UnsyncedDisk(), tuning());
        CompletableFuture<Recorder.Report> running = CompletableFuture.supplyAsync(() -> {
            try {
                return recorder.run();
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        await().atMost(Duration.ofMinutes(1))
                .until(() -> recorder.progress().stream()
                                .mapToLong(ShardStatus::records)
                                .sum()
                        == 150);
        assertThatThrownBy(() -> run(RecordingPlan.DEFAULT))
                .hasMessageContaining("is being recorded into by another process");
        recorder.stop();

        assertThat(running.join().stopped()).isTrue();
        assertThat(RecordedLines.ofFolder(folder)).isEqualTo(stream.everything());
        assertThat(manifest().shards())
                .extracting(RecordingManifest.Shard::ended)
                .containsOnly(End.STOPPED);
    }

    @Test
    void theDefinitionsInForceAreKeptAndThoseBeforeThem() throws Exception {
        Path definitions = Files.writeString(directory.resolve("p.yaml"), "processes: []\n");
        RecordingPlan plan = new RecordingPlan(null, List.of(), RecordBounds.ALL_SO_FAR, false, definitions);
        run(plan);
        run(plan);
        Files.writeString(definitions, "processes: [] # new\n");
        run(plan);

        assertThat(folder.resolve("processes.yaml")).content(UTF_8).isEqualTo("processes: [] # new\n");
        assertThat(folder.resolve("processes-until-" + NOW + ".yaml"))
                .content(UTF_8)
                .isEqualTo("processes: []\n");
    }

    private static RecordingPlan plan(@Nullable ReadFrom from, RecordBounds bounds) {
        return new RecordingPlan(from, List.of(), bounds, false, null);
    }

    private static Recorder.Tuning tuning() {
        return new Recorder.Tuning(2, 500, 1, 0);
    }

    private Recorder.Report run(RecordingPlan plan) throws IOException, InterruptedException {
        return new Recorder(stream, folder, plan, clock, new UnsyncedDisk(), tuning()).run();
    }

    private RecordingManifest manifest() throws IOException {
        Path file = folder.resolve(RecordingManifest.FILE_NAME);
        return RecordingManifest.parse(Files.readAllBytes(file), file);
    }
}
