package io.processoptimizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Sizes that keep the code readable, and the words that do not say what a class is. */
class TidyTest {
    private static final int MAX_FILE_LINES = 600;
    private static final int MAX_METHOD_LINES = 70;

    /** A method's or constructor's first line at class level: four spaces or eight, a name, an opening parenthesis, no semicolon. */
    private static final Pattern METHOD_START = Pattern.compile(
            "^(?: {4}| {8})(?![ })*/@]|return|throw|new|if|for|while|switch|else|try|do|case)[\\w<].*\\(.*");

    private static final Pattern VAGUE_NAME =
            Pattern.compile(".*/(util|utils|common|impl|helper|helpers|base|manager)/.*");
    private static final Pattern VAGUE_CLASS = Pattern.compile(".*(Util|Utils|Helper|Manager|Impl|Base)\\.java");

    @Test
    void noFileIsLongerThanAReaderCanHold() throws IOException {
        List<String> tooLong = new ArrayList<>();
        for (Path file : sources()) {
            long lines = Files.readAllLines(file).size();
            if (lines > MAX_FILE_LINES) {
                tooLong.add(file + ": " + lines + " lines, at most " + MAX_FILE_LINES);
            }
        }
        assertThat(tooLong).isEmpty();
    }

    @Test
    void noMethodIsLongerThanAScreen() throws IOException {
        List<String> tooLong = new ArrayList<>();
        for (Path file : sources()) {
            List<String> lines = Files.readAllLines(file);
            for (int start = 0; start < lines.size(); start++) {
                String line = lines.get(start);
                if (!METHOD_START.matcher(line).matches() || !opensBody(lines, start)) {
                    continue;
                }
                String closing = line.replaceAll("\\S.*", "") + "}";
                int end = start;
                while (end < lines.size()
                        && !lines.get(end).equals(closing)
                        && !lines.get(end).endsWith(") {}")
                        && !lines.get(end).endsWith(";" + closing)) {
                    end++;
                }
                if (end - start + 1 > MAX_METHOD_LINES && end < lines.size()) {
                    tooLong.add(file + ":" + (start + 1) + " has " + (end - start + 1) + " lines, at most "
                            + MAX_METHOD_LINES);
                }
            }
        }
        assertThat(tooLong).isEmpty();
    }

    /** A header reaches its brace before any semicolon; a call that spreads over several lines does not. */
    private static boolean opensBody(List<String> lines, int start) {
        for (int i = start; i < lines.size(); i++) {
            if (lines.get(i).endsWith(") {") || lines.get(i).endsWith("Exception {")) {
                return true;
            }
            if (lines.get(i).endsWith(";")
                    || lines.get(i).endsWith("}")
                    || lines.get(i).endsWith("-> {")) {
                return false;
            }
        }
        return false;
    }

    @Test
    void namesSayWhatAThingIs() throws IOException {
        assertThat(sources())
                .noneMatch(file -> VAGUE_NAME.matcher(file.toString()).matches())
                .noneMatch(file -> VAGUE_CLASS.matcher(file.toString()).matches());
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src"))) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList();
        }
    }
}
