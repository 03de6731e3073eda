package io.processoptimizer.cli;

import io.processoptimizer.config.Configuration;
import io.processoptimizer.config.ConfigurationException;
import io.processoptimizer.config.Problem;
import io.processoptimizer.config.ProcessesFile;
import io.processoptimizer.replay.ReplayPlan;
import io.processoptimizer.replay.Variant;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The configurations that a replay is asked to run side by side. */
final class ReplayVariants {
    private static final Pattern SETTING = Pattern.compile("([a-z_]+\\.[a-z_]+)=(.+)");

    /** Without exponent: the sum of two numbers is never longer than a line. */
    private static final Pattern NUMBER = Pattern.compile("[+-]?\\d{1,18}(\\.\\d{1,18})?");

    private static final Pattern RANGE = Pattern.compile("([^:,]+):([^:,]+):([^:,]+)");

    private final ConfigOptions options;
    private final Surroundings surroundings;
    private final Map<String, String> imposed;
    private final @Nullable Path ownDefinitions;
    private final List<Variant> variants = new ArrayList<>();

    /** @param imposed settings that hold in all of them, by path */
    ReplayVariants(
            ConfigOptions options,
            Surroundings surroundings,
            Map<String, String> imposed,
            @Nullable Path ownDefinitions) {
        this.imposed = imposed;
        this.options = options;
        this.surroundings = surroundings;
        this.ownDefinitions = ownDefinitions;
    }

    /** The base first, then those to compare, then those of the sweeps. */
    List<Variant> of(Configuration base, List<String> compare, List<String> sweeps) {
        add("base", base);
        for (String named : compare) {
            add(named, compared(named));
        }
        for (String sweep : sweeps) {
            sweep(sweep);
        }
        int longest = base.settings().input().maxRecordBytes();
        for (Variant variant : variants) {
            if (variant.settings().maxRecordBytes() != longest) {
                throw new CommandFailure(
                        ExitCode.BAD_USAGE,
                        variant.name() + " changes input.max_record_bytes; records are read once for all"
                                + " configurations, so it must be the same");
            }
            if (!variant.settings().mappings().equals(base.mappings())) {
                throw new CommandFailure(
                        ExitCode.BAD_USAGE,
                        variant.name() + " changes input.mappings; records are read once for all configurations, so it"
                                + " must be the same");
            }
        }
        return variants;
    }

    private void add(String name, Configuration configuration) {
        if (variants.stream().anyMatch(variant -> variant.name().equals(name))) {
            throw new CommandFailure(ExitCode.BAD_USAGE, name + " is asked for twice; remove one of them");
        }
        if (variants.size() == ReplayPlan.MAX_VARIANTS) {
            throw new CommandFailure(
                    ExitCode.BAD_USAGE,
                    "more than " + ReplayPlan.MAX_VARIANTS + " configurations; use larger steps, or several replays");
        }
        variants.add(new Variant(
                name, configuration.pipelineSettings(), configuration.definitions(), configuration.changedValues()));
    }

    private Configuration compared(String named) {
        Matcher setting = SETTING.matcher(named);
        if (setting.matches()) {
            return changed("--compare", setting.group(1), setting.group(2));
        }
        Path file = surroundings.resolve(Path.of(named));
        if (named.isBlank() || !Files.exists(file)) {
            throw new CommandFailure(
                    ExitCode.BAD_USAGE,
                    "--compare (" + named + ") is neither a file nor a setting; give a settings file, a file of process"
                            + " definitions, or NAME=VALUE like oee.target=0.8");
        }
        return ProcessesFile.isOne(file, named)
                ? load(null, Map.of("processes.file", named))
                : load(Path.of(named), Map.of());
    }

    private Configuration load(@Nullable Path file, Map<String, String> changes) {
        Map<String, String> all = new HashMap<>(changes);
        all.putAll(imposed);
        return options.load(surroundings, file, all, ownDefinitions);
    }

    /** The base with one setting changed; what is wrong with its value is said of the option that it came from. */
    private Configuration changed(String option, String setting, String value) {
        try {
            return load(null, Map.of(setting, value));
        } catch (ConfigurationException e) {
            List<Problem> problems = e.problems().stream()
                    .map(problem -> problem.source().equals("--set")
                            ? new Problem(option + " " + setting + "=" + value, 0, problem.message())
                            : problem)
                    .toList();
            throw new ConfigurationException(problems);
        }
    }

    private void sweep(String text) {
        Matcher setting = SETTING.matcher(text);
        if (!setting.matches()) {
            throw new CommandFailure(
                    ExitCode.BAD_USAGE,
                    "--sweep (" + text + ") names no setting; write NAME=FROM:TO:STEP or NAME=VALUE,VALUE, like"
                            + " oee.target=0.7:0.9:0.05");
        }
        for (String value : values(text, setting.group(2))) {
            add(setting.group(1) + "=" + value, changed("--sweep", setting.group(1), value));
        }
    }

    private static List<String> values(String sweep, String text) {
        Matcher range = RANGE.matcher(text);
        if (!range.matches()) {
            return List.of(text.split(",", -1));
        }
        BigDecimal to = number(sweep, range.group(2));
        BigDecimal step = number(sweep, range.group(3));
        if (step.signum() <= 0) {
            throw new CommandFailure(
                    ExitCode.BAD_USAGE, "--sweep (" + sweep + ") goes nowhere: its step must be above 0");
        }
        List<String> values = new ArrayList<>();
        for (BigDecimal value = number(sweep, range.group(1)); value.compareTo(to) <= 0; value = value.add(step)) {
            if (values.size() == ReplayPlan.MAX_VARIANTS) {
                throw new CommandFailure(
                        ExitCode.BAD_USAGE,
                        "--sweep (" + sweep + ") has more than " + ReplayPlan.MAX_VARIANTS
                                + " values; use a larger step, or several replays");
            }
            values.add(value.toPlainString());
        }
        if (values.isEmpty()) {
            throw new CommandFailure(
                    ExitCode.BAD_USAGE, "--sweep (" + sweep + ") has no value; FROM must not be above TO");
        }
        return values;
    }

    private static BigDecimal number(String sweep, String text) {
        String digits = text.strip();
        if (!NUMBER.matcher(digits).matches()) {
            throw new CommandFailure(
                    ExitCode.BAD_USAGE,
                    "--sweep (" + sweep + "): '" + digits + "' is not a number like 0.85; list other values, like"
                            + " window.disorder=1s,5s");
        }
        return new BigDecimal(digits);
    }
}
