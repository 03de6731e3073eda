package io.processoptimizer.cli;

import io.processoptimizer.decode.InputMapping;
import io.processoptimizer.decode.InputMappings;
import io.processoptimizer.decode.RecordExplainer;
import io.processoptimizer.decode.RecordExplainer.Explanation;
import io.processoptimizer.decode.RecordExplainer.Field;
import io.processoptimizer.decode.RecordExplainer.Observation;
import io.processoptimizer.decode.RecordExplainer.Outcome;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/** Shows how the records of a file would be read. */
final class SampleCheck {
    /** More than a person reads; a recording is no sample. */
    private static final int MAX_BYTES = 16 << 20;

    private static final byte GZIP_1 = 0x1F;
    private static final byte GZIP_2 = (byte) 0x8B;

    private final PrintWriter out;
    private final RecordExplainer explainer;
    private int read;
    private int ignored;
    private int refused;

    SampleCheck(InputMappings mappings, int maxRecordBytes, PrintWriter out) {
        this.out = out;
        explainer = new RecordExplainer(mappings, maxRecordBytes);
    }

    /** One mapping alone, or those of the configuration. */
    static InputMappings chosen(@org.jspecify.annotations.Nullable InputMapping named, InputMappings configured) {
        return named == null ? configured : new InputMappings(List.of(named));
    }

    /** Prints every record of a file: one JSON value, or one a line; compressed or not. */
    ExitCode check(Path file, String shownAs) {
        String text = new String(bytes(file, shownAs), StandardCharsets.UTF_8);
        if (text.isBlank()) {
            throw new CommandFailure(
                    ExitCode.BAD_INPUT,
                    shownAs + " is empty; give a file with a record: one JSON value, or one a line");
        }
        List<String> lines = text.lines().toList();
        boolean isLines = lines.stream()
                .filter(line -> !line.isBlank())
                .findFirst()
                .filter(SampleCheck::isWhole)
                .isPresent();
        if (isLines) {
            for (int i = 0; i < lines.size(); i++) {
                if (!lines.get(i).isBlank()) {
                    print(
                            shownAs + ":" + (i + 1),
                            explainer.explain(lines.get(i).getBytes(StandardCharsets.UTF_8)));
                }
            }
        } else {
            print(shownAs, explainer.explain(text.getBytes(StandardCharsets.UTF_8)));
        }
        out.printf(Locale.ROOT, "%d read, %d ignored, %d refused%n", read, ignored, refused);
        out.flush();
        if (read + ignored + refused == 0) {
            throw new CommandFailure(
                    ExitCode.BAD_INPUT, shownAs + " holds no observation, so nothing was checked; give one that does");
        }
        return refused > 0 ? ExitCode.BAD_INPUT : ExitCode.DONE;
    }

    /** The first line decides: a broken one further down is a broken record, and takes no other with it. */
    private static boolean isWhole(String line) {
        String record = line.strip();
        return record.startsWith("{")
                && record.endsWith("}")
                && record.chars().filter(c -> c == '{').count()
                        == record.chars().filter(c -> c == '}').count();
    }

    private void print(String place, Explanation explanation) {
        String by = explanation.mapping() == null ? "no mapping" : "mapping " + explanation.mapping();
        out.println(place + ": " + by);
        for (Observation observation : explanation.observations()) {
            print(observation);
        }
        if (!explanation.ignored().isEmpty()) {
            out.println("  not looked at: " + String.join(", ", explanation.ignored()));
        }
    }

    private void print(Observation observation) {
        String head = "  observation " + observation.index() + ": "
                + observation.outcome().name().toLowerCase(Locale.ROOT);
        out.println(observation.detail().isEmpty() ? head : head + ", " + observation.detail());
        for (Field field : observation.fields()) {
            String from = field.sources().isEmpty() ? "" : "<- " + String.join(", ", field.sources());
            out.println(String.format(Locale.ROOT, "    %-16s %-32s %s", field.name(), field.value(), from)
                    .stripTrailing());
        }
        if (observation.outcome() == Outcome.READ) {
            read++;
        } else if (observation.outcome() == Outcome.IGNORED) {
            ignored++;
        } else {
            refused++;
        }
    }

    private static byte[] bytes(Path file, String shownAs) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > 2 && bytes[0] == GZIP_1 && bytes[1] == GZIP_2) {
                try (InputStream unzipped = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
                    bytes = unzipped.readNBytes(MAX_BYTES + 1);
                }
            }
            if (bytes.length > MAX_BYTES) {
                throw new CommandFailure(
                        ExitCode.BAD_USAGE,
                        shownAs + " has more than " + MAX_BYTES + " bytes; take some of its records");
            }
            return bytes;
        } catch (NoSuchFileException e) {
            throw new CommandFailure(ExitCode.BAD_USAGE, shownAs + " does not exist; name a file with records", e);
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.BAD_USAGE, shownAs + " cannot be read: " + FileProblem.why(e), e);
        }
    }
}
