package io.processoptimizer.cli;

import io.processoptimizer.config.Configuration;
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
        }
        return variants;
    }

    private void add(String name, Configuration configuration) {
        if (variants.size() == ReplayPlan.MAX_VARIANTS) {
            throw new CommandFailure(
                    ExitCode.BAD_USAGE,
                    "more than " + ReplayPlan.MAX_VARIANTS + " configurations; use larger steps, or several replays");
        }
        variants.add(new Variant(
                name,
                configuration.settings().pipelineSettings(),
                configuration.definitions(),
                configuration.changedValues()));
    }

    private Configuration compared(String named) {
        Matcher setting = SETTING.matcher(named);
        if (setting.matches()) {
            return load(null, Map.of(setting.group(1), setting.group(2)));
        }
        Path file = surroundings.resolve(Path.of(named));
        if (!Files.exists(file)) {
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

    private void sweep(String text) {
        Matcher setting = SETTING.matcher(text);
        if (!setting.matches()) {
            throw new CommandFailure(
                    ExitCode.BAD_USAGE,
                    "--sweep (" + text + ") names no setting; write NAME=FROM:TO:STEP or NAME=VALUE,VALUE, like"
                            + " oee.target=0.7:0.9:0.05");
        }
        for (String value : values(setting.group(2))) {
            String name = setting.group(1) + "=" + value;
            add(name, load(null, Map.of(setting.group(1), value)));
        }
    }

    private static List<String> values(String text) {
        Matcher range = RANGE.matcher(text);
        if (!range.matches()) {
            return List.of(text.split(",", -1));
        }
        try {
            BigDecimal to = new BigDecimal(range.group(2).trim());
            BigDecimal step = new BigDecimal(range.group(3).trim());
            List<String> values = new ArrayList<>();
            if (step.signum() <= 0) {
                throw new CommandFailure(ExitCode.BAD_USAGE, "the step of --sweep " + text + " must be above 0");
            }
            for (BigDecimal value = new BigDecimal(range.group(1).trim());
                    value.compareTo(to) <= 0 && values.size() <= ReplayPlan.MAX_VARIANTS;
                    value = value.add(step)) {
                values.add(value.toPlainString());
            }
            if (values.isEmpty()) {
                throw new CommandFailure(
                        ExitCode.BAD_USAGE, "--sweep " + text + " has no value; FROM must not be above TO");
            }
            return values;
        } catch (NumberFormatException e) {
            throw new CommandFailure(
                    ExitCode.BAD_USAGE,
                    "--sweep " + text + " is not a range of numbers; list other values, like window.disorder=1s,5s",
                    e);
        }
    }
}
