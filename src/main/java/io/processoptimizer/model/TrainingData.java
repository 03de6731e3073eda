package io.processoptimizer.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.processoptimizer.advise.Features;
import io.processoptimizer.advise.Trend;
import io.processoptimizer.advise.WindowFigures;
import io.processoptimizer.decode.Printable;
import io.processoptimizer.replay.ResultFileLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Results of windows, as {@code replay} writes them, made into examples: the features of a window, and what its process did one horizon
 * later.
 */
public final class TrainingData {
    /** Some 300 bytes each: they fit half a gigabyte. */
    static final int MAX_WINDOWS = 1_000_000;

    /** Enough to find a misspelt one. */
    private static final int MAX_NAMES = 8;

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /** By process, then by window end: the order of the input does not matter. */
    private final Map<String, TreeMap<Long, WindowFigures>> windows = new TreeMap<>();

    private final boolean isNamed;

    /** The names of the windows beside the one that was named, for a message. */
    private final Set<String> others = new TreeSet<>();

    private @Nullable String window;
    private int count;

    /**
     * One example.
     *
     * @param endMillis the end of the window that the features are of
     * @param later the window that ends one horizon later
     */
    record Example(String processId, long endMillis, Features features, WindowFigures later) {
        /** NaN where it is not known. */
        double actual(Predicted what) {
            return later.get(what.figure());
        }
    }

    /** @param window the name of the window definition to learn from; null: the only one that there is */
    public TrainingData(@Nullable String window) {
        this.window = window;
        isNamed = window != null;
    }

    /**
     * Reads a file of results, gzipped or not, or all files {@code windows*.ndjson} and {@code windows*.ndjson.gz} in a folder and the
     * folders below it.
     *
     * @throws IOException where a file cannot be read, or holds something else
     */
    public void read(Path input) throws IOException {
        if (!Files.isDirectory(input)) {
            readFile(input);
            return;
        }
        List<Path> files;
        try (Stream<Path> below = Files.walk(input)) {
            files = below.filter(TrainingData::holdsResults).sorted().toList();
        }
        if (files.isEmpty()) {
            throw new IOException(
                    "no file windows*.ndjson in " + input + "; give the folder that 'replay --output' wrote");
        }
        for (Path file : files) {
            readFile(file);
        }
    }

    private static boolean holdsResults(Path file) {
        return Files.isRegularFile(file) && file.getFileName().toString().matches("windows.*\\.ndjson(\\.gz)?");
    }

    private void readFile(Path file) throws IOException {
        try (ResultFileLines results = ResultFileLines.of(file)) {
            for (byte[] line = results.next(); line != null; line = results.next()) {
                take(line, file + " line " + results.line());
            }
        }
    }

    private void take(byte[] line, String where) throws IOException {
        JsonNode result;
        try {
            result = JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new IOException(
                    where + " is no result of a window: it is no JSON; give windows.ndjson as 'replay' writes it", e);
        }
        if (!result.path("process_id").isTextual() || !result.path("window_end").canConvertToLong()) {
            throw new IOException(where + " is no result of a window: it has no process_id or window_end; give"
                    + " windows.ndjson as 'replay' writes it");
        }
        if (!result.path("final").asBoolean() || !result.path("complete").asBoolean() || !isWanted(result, where)) {
            return;
        }
        long end = result.path("window_end").asLong();
        WindowFigures figures = new WindowFigures(
                end,
                figure -> result.at(figure.pointer()).isNumber()
                        ? result.at(figure.pointer()).asDouble()
                        : Double.NaN);
        WindowFigures before = windows.computeIfAbsent(result.path("process_id").asText(), id -> new TreeMap<>())
                .put(end, figures);
        if (before == null && ++count > MAX_WINDOWS) {
            throw new IOException("more than " + MAX_WINDOWS + " windows; give fewer days or fewer processes");
        }
    }

    private boolean isWanted(JsonNode result, String where) throws IOException {
        String name = result.path("window").asText();
        if (window == null) {
            window = name;
        }
        if (isNamed && others.size() < MAX_NAMES && !name.equals(window)) {
            others.add(Printable.text(name));
        }
        if (!isNamed && !name.equals(window)) {
            throw new IOException(where + " is of the window '" + Printable.text(name) + "', and others are of '"
                    + Printable.text(String.valueOf(window)) + "'; say with --window which to learn from");
        }
        return name.equals(window);
    }

    /** The window definition that is learnt from; empty where nothing was read. */
    String window() {
        return window == null ? "" : window;
    }

    /** Why there are no windows. */
    String emptiness() {
        return others.isEmpty()
                ? "the input holds no final and complete result of a window; give windows.ndjson as 'replay' writes it"
                : "the input holds no final and complete result of the window '" + Printable.text(window())
                        + "'; it holds some of " + String.join(", ", others) + ": give one of these with --window";
    }

    int processes() {
        return windows.size();
    }

    int windows() {
        return count;
    }

    /** All windows whose process has one that ends a horizon later, by process and end. */
    List<Example> examples(Duration horizon) {
        List<Example> examples = new ArrayList<>();
        windows.forEach((processId, byEnd) -> {
            Trend trend = new Trend();
            for (WindowFigures now : byEnd.values()) {
                trend.add(now);
                WindowFigures later = byEnd.get(now.endMillis() + horizon.toMillis());
                if (later != null) {
                    examples.add(new Example(processId, now.endMillis(), Features.of(now, trend), later));
                }
            }
        });
        return examples;
    }
}
