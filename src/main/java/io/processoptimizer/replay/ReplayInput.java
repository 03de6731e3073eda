package io.processoptimizer.replay;

import io.processoptimizer.pipeline.ShardRange;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** Finds the files that a person means by the names on the command line. */
public final class ReplayInput {
    private static final List<String> ENDINGS = List.of(".ndjson", ".jsonl", ".json");

    /** What a replay writes: no input of another. */
    static final List<String> OUTPUTS = List.of(
            ResultFiles.WINDOWS,
            ResultFiles.ADVICE,
            ResultFiles.ADJUSTMENTS,
            ResultFiles.DEAD_LETTERS,
            DifferenceFile.COMPARISON,
            DifferenceFile.BASELINE,
            SummaryJson.FILE);

    private static final String STANDARD_INPUT = "-";

    private ReplayInput() {}

    /**
     * Opens files, all recordings of folders, or standard input. A file that is named twice is read once.
     *
     * @param names as given on the command line, at least one; - is standard input
     * @param directory what they are relative to
     * @throws InputDamagedException where one cannot be read, or a folder holds nothing to read
     */
    public static RecordSource open(List<Path> names, Path directory, InputStream standardInput) throws IOException {
        List<InputFile> files = new ArrayList<>();
        Map<String, ShardRange> shards = new HashMap<>();
        List<String> damages = new ArrayList<>();
        List<InputNote> notes = new ArrayList<>();
        Set<Path> opened = new HashSet<>();
        for (Path name : names) {
            Path file = directory.resolve(name);
            if (name.toString().equals(STANDARD_INPUT)) {
                files.add(InputFile.of(standardInput, "standard input"));
            } else if (Files.isDirectory(file)) {
                manifest(file, name, shards, damages, notes);
                for (Path recording : recordings(file, name)) {
                    // With the folder's name: a raw record is known by its file and line.
                    Path shownAs = name.resolve(recording.getFileName()).normalize();
                    if (opened.add(recording.toRealPath())) {
                        files.add(InputFile.open(recording, shownAs.toString()));
                    }
                }
            } else if (!Files.isRegularFile(file) || opened.add(file.toRealPath())) {
                files.add(InputFile.open(file, name.toString()));
            }
        }
        Function<String, ShardRange> ranges = shardId -> shards.getOrDefault(shardId, ShardRange.whole(shardId));
        return new RecordingFiles(files, ranges, damages, notes);
    }

    /**
     * The files that {@link #open} reads.
     *
     * @throws InputDamagedException where a folder holds nothing to read
     */
    public static List<Path> files(List<Path> names, Path directory) throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path name : names) {
            Path file = directory.resolve(name);
            if (Files.isDirectory(file)) {
                files.addAll(recordings(file, name));
            } else if (!name.toString().equals(STANDARD_INPUT)) {
                files.add(file);
            }
        }
        return files;
    }

    /**
     * What a recording's manifest tells: hash ranges, since a record outside its shard's is misrouted here as it was live; what is not in
     * the recording; and what was in it and is not here.
     */
    private static void manifest(
            Path directory, Path shownAs, Map<String, ShardRange> shards, List<String> damages, List<InputNote> notes)
            throws IOException {
        Path file = directory.resolve(RecordingManifest.FILE_NAME);
        if (!Files.exists(file)) {
            return;
        }
        RecordingManifest manifest = RecordingManifest.parse(Files.readAllBytes(file), file);
        if (!manifest.terms().selected().isEmpty()) {
            notes.add(new InputNote.SelectedShards(
                    shownAs.toString(), manifest.terms().selected()));
        }
        for (RecordingManifest.Shard recorded : manifest.shards()) {
            RecordedShard shard = recorded.shard();
            shards.put(
                    shard.shardId(), new ShardRange(shard.shardId(), shard.startingHashKey(), shard.endingHashKey()));
            for (RecordingManifest.Gap gap : recorded.gaps()) {
                notes.add(new InputNote.MissingRecords(
                        shownAs.toString(), shard.shardId(), gap.after(), gap.noticedMillis()));
            }
            Path lines = directory.resolve(recorded.fileName(manifest.terms().compressed()));
            long bytes = Files.exists(lines) ? Files.size(lines) : 0;
            // The file may have grown since the manifest was written, never shrunk.
            if (bytes < recorded.extent().bytes()) {
                damages.add(shownAs.resolve(lines.getFileName()) + (bytes == 0 ? " is missing" : " is cut off")
                        + ": recording.json says that it holds "
                        + recorded.extent().records() + " records in "
                        + recorded.extent().bytes() + " bytes, and it has " + bytes
                        + "; copy it again, or go on with what there is");
            }
        }
    }

    private static List<Path> recordings(Path directory, Path shownAs) throws IOException {
        List<Path> found;
        try (Stream<Path> files = Files.list(directory)) {
            found = files.filter(ReplayInput::isRecording).sorted().toList();
        } catch (AccessDeniedException e) {
            throw new InputDamagedException(shownAs + " may not be read; check its permissions", e);
        }
        if (found.isEmpty()) {
            String remedy = Files.exists(directory.resolve(ResultFiles.WINDOWS))
                    ? "it holds the output of a replay; give the recording that was replayed"
                    : "give a folder that 'record' wrote, or the files by name";
            throw new InputDamagedException(
                    shownAs + " holds no recording (a file that ends in .ndjson or .ndjson.gz); " + remedy, null);
        }
        return found;
    }

    private static boolean isRecording(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        String plain = name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name;
        return ENDINGS.stream().anyMatch(plain::endsWith)
                && !OUTPUTS.contains(plain)
                && !plain.equals(RecordingManifest.FILE_NAME)
                && Files.isRegularFile(file);
    }
}
