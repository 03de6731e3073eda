package io.processoptimizer.config;

import io.processoptimizer.config.ConfiguredProcesses.Version;
import io.processoptimizer.config.YamlNode.Entry;
import io.processoptimizer.config.YamlNode.Mapping;
import io.processoptimizer.config.YamlNode.Scalar;
import io.processoptimizer.config.YamlNode.Sequence;
import io.processoptimizer.emit.Adjustment;
import io.processoptimizer.event.Control;
import io.processoptimizer.event.Inference;
import io.processoptimizer.event.Place;
import io.processoptimizer.event.ProcessDefinition;
import io.processoptimizer.event.ProcessDefinition.Basis;
import io.processoptimizer.event.ProcessDefinition.Profile;
import io.processoptimizer.event.WaitingRule;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads one definition of {@code processes.yaml}; used once. What is wrong is reported, and the default stands in. */
final class DefinitionReader {
    /** The keys of a definition. */
    static final List<String> KEYS = List.of(
            "match",
            "effective_from",
            "site",
            "area",
            "steps",
            "output_step",
            "profile",
            "basis",
            "target_oee",
            "minor_stop",
            "changeover",
            "startup_time",
            "waiting",
            "buffers",
            "signal_timeout",
            "utilization_threshold",
            "ideal_cycle_times",
            "calendar",
            "mode",
            "parameters");

    /** Bytes of the hash that names a version: 48 bits, so that thousands of versions do not collide. */
    private static final int VERSION_BYTES = 6;

    private static final long MILLIS_PER_DAY = 86_400_000L;

    /** Places of a buffer: more than any line has; times a cycle of a day it is far from the end of a long. */
    private static final int MAX_PLACES = 1_000_000;

    private final ProcessDefinition defaults;
    private final String source;
    private final List<Problem> problems;
    private final long paneMillis;
    private final Map<String, Entry> given = new LinkedHashMap<>();

    DefinitionReader(ProcessDefinition defaults, String source, List<Problem> problems, long paneMillis) {
        this.paneMillis = paneMillis;
        this.defaults = defaults;
        this.source = source;
        this.problems = problems;
    }

    /** What reads a value out of its text. */
    @FunctionalInterface
    private interface Reading<T> {
        T of(String text) throws BadValueException;
    }

    /** Where problems were reported, the result is of no use. */
    Version read(Mapping mapping) {
        for (Entry entry : mapping.entries()) {
            if (KEYS.contains(entry.key())) {
                given.put(entry.key(), entry);
            } else {
                String hint = DidYouMean.hint(KEYS, entry.key(), "; known are " + String.join(", ", KEYS));
                problem(entry.line(), "unknown key '" + entry.key() + "'" + hint);
            }
        }
        if (!given.containsKey("match")) {
            problem(mapping.line(), "a definition needs 'match': a process id, or a pattern with * or ?");
        }
        List<String> steps = steps();
        String match = value("match", "", text -> text);
        long effectiveFrom = value("effective_from", Long.MIN_VALUE, DefinitionReader::instant);
        String outputStep = stepOf("output_step", value("output_step", "", text -> text), steps);
        ProcessDefinition nameless = new ProcessDefinition(
                "",
                steps,
                outputStep.isEmpty() ? null : outputStep,
                profile(),
                basis(steps),
                value("target_oee", defaults.targetOeeNano(), Quantities::ratioNano),
                value("minor_stop", defaults.minorStopMillis(), DefinitionReader::atMostADay),
                value("signal_timeout", defaults.signalTimeoutMillis(), DefinitionReader::signalTimeout),
                idealCycles(steps),
                value("utilization_threshold", defaults.utilizationThresholdNano(), Quantities::ratioNano),
                control(steps),
                new CalendarReader(source, problems, paneMillis).read(given.get("calendar")),
                place(),
                inference(),
                waiting(steps));
        return new Version(match, effectiveFrom, named(nameless));
    }

    private Inference inference() {
        List<String> words = List.of("stated", "product_change");
        boolean byProduct =
                value("changeover", "stated", text -> oneOf(words, text)).equals("product_change");
        return new Inference(byProduct, value("startup_time", 0L, DefinitionReader::atMostADay));
    }

    private WaitingRule waiting(List<String> steps) {
        List<String> words = List.of("stated", "inferred");
        boolean inferred =
                value("waiting", "stated", text -> oneOf(words, text)).equals("inferred");
        Map<String, Integer> places = places(steps);
        if (inferred && steps.isEmpty()) {
            problem(
                    line("waiting"),
                    "waiting (inferred) is told by a step's neighbours: name the steps in line order under 'steps', or remove the"
                            + " line");
        }
        return inferred ? new WaitingRule(true, places) : WaitingRule.STATED;
    }

    private Map<String, Integer> places(List<String> steps) {
        Entry entry = given.get("buffers");
        if (entry == null) {
            return Map.of();
        }
        if (!(entry.value() instanceof Mapping mapping)) {
            problem(
                    entry.line(),
                    "buffers (" + entry.value().shown()
                            + ") must name steps, each with the places for parts behind it; write {filler: 20, capper: 5}");
            return Map.of();
        }
        Map<String, Integer> places = new TreeMap<>();
        for (Entry step : mapping.entries()) {
            if (!steps.isEmpty() && !steps.contains(step.key())) {
                unknownStep(step.line(), "buffers", step.key(), steps);
            } else if (!steps.isEmpty() && steps.indexOf(step.key()) == steps.size() - 1) {
                problem(
                        step.line(),
                        "buffers (" + step.key()
                                + ") names the last step, behind which there is none; name the steps before"
                                + " the buffers");
            }
            places.put(step.key(), scalar("buffers." + step.key(), step.value(), 0, DefinitionReader::placesForParts));
        }
        return places;
    }

    private static int placesForParts(String text) throws BadValueException {
        if (!text.matches("[0-9]{1,9}") || Integer.parseInt(text) > MAX_PLACES) {
            throw new BadValueException("is not a number of places", "use a whole number from 0 to " + MAX_PLACES);
        }
        return Integer.parseInt(text);
    }

    private Place place() {
        String site = value("site", "", text -> text);
        String area = value("area", "", text -> text);
        return new Place(site.isEmpty() ? null : site, area.isEmpty() ? null : area);
    }

    /** The reading of a scalar, or the default where it is absent or wrong. */
    private <T> T value(String key, T byDefault, Reading<T> reading) {
        Entry entry = given.get(key);
        return entry == null ? byDefault : scalar(key, entry.value(), byDefault, reading);
    }

    private <T> T scalar(String name, YamlNode node, T byDefault, Reading<T> reading) {
        if (!(node instanceof Scalar scalar) || scalar.isNull() || scalar.text().isBlank()) {
            problem(node.line(), name + " (" + node.shown() + ") must be a single value; give one or remove the line");
            return byDefault;
        }
        try {
            return reading.of(scalar.text().trim());
        } catch (BadValueException e) {
            problem(node.line(), e.about(name, scalar.text()));
            return byDefault;
        }
    }

    private List<String> steps() {
        Entry entry = given.get("steps");
        if (entry == null) {
            return List.of();
        }
        if (!(entry.value() instanceof Sequence sequence)) {
            problem(
                    entry.line(),
                    "steps (" + entry.value().shown() + ") must be a list in line order; write [filler, capper]");
            return List.of();
        }
        List<String> steps = new ArrayList<>();
        for (YamlNode item : sequence.items()) {
            String step = scalar("steps", item, "", text -> text);
            if (steps.contains(step)) {
                problem(item.line(), "steps names '" + step + "' twice; a step stands once in the line");
            } else if (!step.isEmpty()) {
                steps.add(step);
            }
        }
        return steps;
    }

    /** Checks that a step is one of the line, where the line is given; empty where it is not. */
    private String stepOf(String name, String step, List<String> steps) {
        Entry entry = given.get(name);
        if (entry != null && !step.isEmpty() && !steps.isEmpty() && !steps.contains(step)) {
            unknownStep(entry.value().line(), name, step, steps);
        }
        return step;
    }

    private void unknownStep(int line, String name, String step, List<String> steps) {
        String hint = DidYouMean.hint(steps, step, "; use one of " + String.join(", ", steps));
        problem(line, name + " (" + step + ") is not one of the steps" + hint);
    }

    private @Nullable Profile profile() {
        List<String> words = SettingValue.words(Profile.class);
        String word = value("profile", "", text -> oneOf(words, text));
        return word.isEmpty() ? null : Profile.valueOf(word.toUpperCase(Locale.ROOT));
    }

    private static String oneOf(List<String> words, String text) throws BadValueException {
        if (!words.contains(text)) {
            throw new BadValueException(
                    "is not one of " + String.join(", ", words),
                    DidYouMean.among(words, text)
                            .map(word -> "did you mean " + word + "?")
                            .orElse("use one of them"));
        }
        return text;
    }

    private @Nullable Basis basis(List<String> steps) {
        String text = value(
                "basis", "", t -> t.startsWith("step:") ? t : oneOf(List.of("constraint", "rollup", "step:ID"), t));
        if (text.isEmpty()) {
            return null;
        }
        if (text.startsWith("step:")) {
            String step = stepOf("basis", text.substring("step:".length()).trim(), steps);
            if (step.isEmpty() || step.equals("ID")) {
                problem(line("basis"), "basis (" + text + ") names no step; write it like step:filler");
            }
            return new Basis.Step(step);
        }
        return text.equals("rollup") ? new Basis.Rollup() : new Basis.Constraint();
    }

    private Map<String, Map<String, Long>> idealCycles(List<String> steps) {
        Entry entry = given.get("ideal_cycle_times");
        if (entry == null) {
            return Map.of();
        }
        if (!(entry.value() instanceof Mapping mapping)) {
            problem(
                    entry.line(),
                    "ideal_cycle_times (" + entry.value().shown()
                            + ") must name steps; write 'filler: 1.2', or 'filler: {SKU-1: 1.0, \"*\": 1.2}'");
            return Map.of();
        }
        Map<String, Map<String, Long>> cycles = new TreeMap<>();
        for (Entry step : mapping.entries()) {
            String name = "ideal_cycle_times." + step.key();
            if (!steps.isEmpty() && !steps.contains(step.key())) {
                unknownStep(step.line(), "ideal_cycle_times", step.key(), steps);
            }
            Map<String, Long> byProduct = new TreeMap<>();
            if (step.value() instanceof Mapping products) {
                for (Entry product : products.entries()) {
                    byProduct.put(
                            product.key(),
                            scalar(name + "." + product.key(), product.value(), 1L, Quantities::cycleMicros));
                }
            } else {
                byProduct.put(ProcessDefinition.ANY_PRODUCT, scalar(name, step.value(), 1L, Quantities::cycleMicros));
            }
            cycles.put(step.key(), byProduct);
        }
        return cycles;
    }

    private Control control(List<String> steps) {
        List<String> words = SettingValue.words(Adjustment.Mode.class);
        String mode = value("mode", "", text -> oneOf(words, text));
        boolean closedLoop = mode.equalsIgnoreCase(Adjustment.Mode.CLOSED_LOOP.name());
        return new ControlReader(steps, source, problems).read(closedLoop, given.get("parameters"));
    }

    private static long instant(String text) throws BadValueException {
        try {
            return OffsetDateTime.parse(text).toInstant().toEpochMilli();
        } catch (DateTimeException | ArithmeticException e) {
            throw new BadValueException(
                    "is not a time with an offset", "write it like 2026-01-01T00:00:00Z or 2026-01-01T06:00:00+02:00");
        }
    }

    private static long atMostADay(String text) throws BadValueException {
        long millis = Quantities.duration(text).toMillis();
        if (millis > MILLIS_PER_DAY) {
            throw new BadValueException("is longer than a day", "use a time like 300s");
        }
        return millis;
    }

    private static long signalTimeout(String text) throws BadValueException {
        if (text.equalsIgnoreCase("off")) {
            return ProcessDefinition.NO_TIMEOUT;
        }
        long millis = Quantities.duration(text).toMillis();
        if (millis == 0) {
            throw new BadValueException("leaves no time for a signal", "use a duration like 15m, or off");
        }
        return millis;
    }

    /** Names a definition by its content, so that the same content has the same version wherever it stands. */
    static ProcessDefinition named(ProcessDefinition d) {
        Map<String, Map<String, Long>> sortedCycles = new TreeMap<>();
        d.idealCycleMicros().forEach((step, byProduct) -> sortedCycles.put(step, new TreeMap<>(byProduct)));
        String content = String.join(
                "\n",
                String.valueOf(d.stepOrder()),
                String.valueOf(d.outputStep()),
                String.valueOf(d.profile()),
                String.valueOf(d.basis()),
                Long.toString(d.targetOeeNano()),
                Long.toString(d.minorStopMillis()),
                Long.toString(d.signalTimeoutMillis()),
                String.valueOf(sortedCycles),
                Long.toString(d.utilizationThresholdNano()));
        // Where nothing may be changed the version is what it was before anything could be.
        String named = d.control().equals(Control.NONE) ? content : content + "\n" + d.control();
        named = d.calendar() == null ? named : named + "\n" + d.calendar();
        named = d.inference().equals(Inference.NONE) ? named : named + "\n" + d.inference();
        WaitingRule waiting = d.waiting();
        named = waiting.inferred() ? named + "\nwaiting inferred " + new TreeMap<>(waiting.placesAfter()) : named;
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(named.getBytes(StandardCharsets.UTF_8));
            String version = HexFormat.of().formatHex(hash, 0, VERSION_BYTES);
            return d.named(version);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private int line(String key) {
        Entry entry = given.get(key);
        return entry == null ? 0 : entry.line();
    }

    private void problem(int line, String message) {
        problems.add(new Problem(source, line, message));
    }
}
