package io.processoptimizer.config;

import io.processoptimizer.config.Settings.Application;
import io.processoptimizer.config.Settings.Aws;
import io.processoptimizer.config.Settings.Outputs;
import io.processoptimizer.config.Settings.State;
import io.processoptimizer.config.Settings.Stream;
import io.processoptimizer.config.WindowSettings.NamedWindow;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What values may not be, alone (ranges, names) and together. Every rule names the settings it looks at and a remedy. */
final class SettingsRules {
    /** A day by one minute: each record of a process touches so many windows at most. */
    private static final long MAX_OVERLAPPING_WINDOWS = 1_440;

    /** Names of tables in DynamoDB; of streams and applications, too, since the lease table is named after the application. */
    private static final Pattern AWS_NAME = Pattern.compile("[A-Za-z0-9_.-]{3,255}");

    private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");

    /** Characters that S3 calls safe in a key, and room for the names of shard and state behind them. */
    private static final Pattern KEY_PREFIX = Pattern.compile("[A-Za-z0-9!_.*()-][A-Za-z0-9!_.*()/-]{0,511}");

    private static final Pattern STREAM_NAME = Pattern.compile("[A-Za-z0-9_.-]{1,128}");
    private static final Pattern REGION = Pattern.compile("[a-z]{2}(-[a-z]+)+-\\d");
    private static final Pattern WINDOW_NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    /**
     * A broken rule.
     *
     * @param paths the settings that it is about; the message begins with the first
     */
    record Violation(List<String> paths, String message) {}

    private final List<Violation> violations = new ArrayList<>();

    private SettingsRules() {}

    static void requireValid(List<? extends Record> sections) {
        List<Violation> found = violations(sections);
        if (!found.isEmpty()) {
            throw new ConfigurationException(found.stream()
                    .map(v -> new Problem("settings", 0, v.message))
                    .toList());
        }
    }

    /** Everything that is wrong with the sections of {@link Settings}. */
    static List<Violation> violations(List<? extends Record> sections) {
        SettingsRules rules = new SettingsRules();
        Map<Class<?>, Record> byType = new HashMap<>();
        sections.forEach(section -> byType.put(section.getClass(), section));
        for (SettingKey key : SettingKey.ALL.values()) {
            Record section = byType.get(key.component().getDeclaringRecord());
            if (section == null) {
                throw new IllegalArgumentException("no section for " + key.path());
            }
            rules.range(key, key.path(), key.valueIn(section));
        }
        rules.window(get(byType, WindowSettings.class), get(byType, State.class));
        rules.kcl(get(byType, KclSettings.class));
        rules.names(get(byType, Stream.class), get(byType, Application.class), get(byType, Aws.class));
        rules.tables(get(byType, Application.class), get(byType, State.class), get(byType, Outputs.class));
        rules.store(get(byType, State.class));
        rules.status(get(byType, StatusSettings.class));
        return List.copyOf(rules.violations);
    }

    private static <T extends Record> T get(Map<Class<?>, Record> byType, Class<T> type) {
        Record section = byType.get(type);
        if (section == null) {
            throw new IllegalArgumentException("no section " + type);
        }
        return type.cast(section);
    }

    private void broken(String message, String... paths) {
        violations.add(new Violation(List.of(paths), message));
    }

    private void range(SettingKey key, String shownAs, @Nullable Object value) {
        if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                Record element = (Record) list.get(i);
                for (SettingKey inner : SettingKey.of(element.getClass(), "")) {
                    String innerName = shownAs + "[" + i + "]." + inner.path();
                    checkRange(inner, key.path(), innerName, inner.valueIn(element));
                }
            }
        } else {
            checkRange(key, key.path(), shownAs, value);
        }
    }

    private void checkRange(SettingKey key, String path, String shownAs, @Nullable Object value) {
        Setting about = key.about();
        if (value == null || (about.min().isEmpty() && about.max().isEmpty())) {
            return;
        }
        boolean below = !about.min().isEmpty() && compare(value, bound(key, about.min())) < 0;
        boolean above = !about.max().isEmpty() && compare(value, bound(key, about.max())) > 0;
        if (below || above) {
            String remedy = about.value().isEmpty() ? "" : "; the default is " + about.value();
            broken(
                    shownAs + " (" + SettingValue.text(key, value) + ") must be between " + about.min() + " and "
                            + about.max() + remedy,
                    path);
        }
    }

    private static Object bound(SettingKey key, String text) {
        try {
            Object value = SettingValue.read(key, new YamlNode.Scalar(text, false, 0));
            if (value == null) {
                throw new IllegalStateException("a bound of " + key.path() + " cannot be off");
            }
            return value;
        } catch (BadValueException e) {
            throw new IllegalStateException("the annotation of " + key.path() + " has a bad bound: " + text, e);
        }
    }

    private static int compare(Object value, Object bound) {
        return value instanceof Duration duration
                ? duration.compareTo((Duration) bound)
                : Integer.compare((Integer) value, (Integer) bound);
    }

    private void window(WindowSettings window, State state) {
        slide("window.size", window.size(), "window.slide", window.slide(), window.pane());
        Set<String> names = new HashSet<>(Set.of(Settings.DEFAULT_WINDOW));
        Duration longest = window.size();
        String path = "window.additional";
        for (int i = 0; i < window.additional().size(); i++) {
            NamedWindow named = window.additional().get(i);
            String at = path + "[" + i + "]";
            slide(at + ".size", named.size(), at + ".slide", named.slide(), window.pane());
            if (!WINDOW_NAME.matcher(named.name()).matches()) {
                broken(at + ".name (" + named.name() + ") must be 1 to 64 letters, digits, - or _", path);
            } else if (!names.add(named.name())) {
                broken(
                        at + ".name (" + named.name() + ") is taken already (" + Settings.DEFAULT_WINDOW
                                + " is the default window); use another name",
                        path);
            }
            longest = longest.compareTo(named.size()) >= 0 ? longest : named.size();
        }
        Duration horizon = longest.plus(window.allowedLateness());
        if (state.forgetAfter().compareTo(horizon) <= 0) {
            broken(
                    "state.forget_after (" + Quantities.text(state.forgetAfter())
                            + ") must be longer than the longest window and window.allowed_lateness together ("
                            + Quantities.text(horizon) + "); use " + Quantities.text(horizon.multipliedBy(2))
                            + " or more",
                    "state.forget_after",
                    "window.size",
                    "window.allowed_lateness",
                    "window.additional");
        }
    }

    private void slide(String sizeName, Duration size, String slideName, Duration slide, Duration pane) {
        String sizePath = sizeName.replaceAll("\\[.*", "");
        String slidePath = slideName.replaceAll("\\[.*", "");
        if (pane.isZero() || slide.isZero() || size.isZero()) {
            return; // out of its range, which is said already
        }
        String remedy = slideRemedy(size.toMillis(), slide.toMillis(), pane.toMillis());
        if (size.toMillis() % slide.toMillis() != 0) {
            String[] both = Quantities.textOfBoth(slide, size);
            broken(
                    slideName + " (" + both[0] + ") must divide " + sizeName + " (" + both[1] + "); " + remedy,
                    slidePath,
                    sizePath);
        } else if (slide.toMillis() % pane.toMillis() != 0) {
            String[] both = Quantities.textOfBoth(slide, pane);
            broken(
                    slideName + " (" + both[0] + ") must be a multiple of window.pane (" + both[1]
                            + "); make window.pane a divisor of " + both[0] + ", or " + remedy,
                    slidePath,
                    "window.pane",
                    sizePath);
        } else if (size.toMillis() / slide.toMillis() > MAX_OVERLAPPING_WINDOWS) {
            broken(
                    slideName + " (" + Quantities.text(slide) + ") makes " + size.toMillis() / slide.toMillis()
                            + " windows of " + sizeName + " (" + Quantities.text(size) + ") overlap; use a slide of "
                            + Quantities.text(Duration.ofMillis(ceilDiv(size.toMillis(), MAX_OVERLAPPING_WINDOWS)))
                            + " or more",
                    slidePath,
                    sizePath);
        }
    }

    private static long ceilDiv(long a, long b) {
        return (a + b - 1) / b;
    }

    /** The nearest slides below and above that divide the size and are whole panes. */
    private static String slideRemedy(long size, long slide, long pane) {
        TreeSet<Long> good = new TreeSet<>();
        // Divisors come in pairs (d, size/d): the smaller of a pair is at most √size, here at most √(31 d in ms) <
        // 52,000.
        for (long d = 1; d * d <= size; d++) {
            if (size % d == 0) {
                for (long divisor : new long[] {d, size / d}) {
                    if (divisor % pane == 0) {
                        good.add(divisor);
                    }
                }
            }
        }
        List<String> near = new ArrayList<>();
        Long below = good.lower(slide);
        Long above = good.higher(slide);
        if (below != null) {
            near.add(Quantities.text(Duration.ofMillis(below)));
        }
        if (above != null) {
            near.add(Quantities.text(Duration.ofMillis(above)));
        }
        return near.isEmpty()
                ? "use a size that is a multiple of window.pane (" + Quantities.text(Duration.ofMillis(pane)) + ")"
                : "use " + String.join(" or ", near);
    }

    private void status(StatusSettings status) {
        String listen = status.listen();
        if (listen != null) {
            try {
                StatusSettings.address(listen);
            } catch (IllegalArgumentException e) {
                broken(
                        "status.listen (" + listen
                                + ") must be an address and a port, like 127.0.0.1:8090 or 0.0.0.0:8090, or off",
                        "status.listen");
            }
        }
    }

    private void kcl(KclSettings kcl) {
        if (kcl.dynamodbRequestTimeout().compareTo(kcl.failover()) >= 0) {
            String[] both = Quantities.textOfBoth(kcl.dynamodbRequestTimeout(), kcl.failover());
            broken(
                    "kcl.dynamodb_request_timeout (" + both[0] + ") must be shorter than kcl.failover (" + both[1]
                            + "), or a slow request outlives the lease; use "
                            + Quantities.text(kcl.failover().dividedBy(2)) + " or less",
                    "kcl.dynamodb_request_timeout",
                    "kcl.failover");
        }
        if (kcl.leaderHeartbeat().multipliedBy(2).compareTo(kcl.leaderLock()) > 0) {
            String[] both = Quantities.textOfBoth(kcl.leaderHeartbeat(), kcl.leaderLock());
            broken(
                    "kcl.leader_heartbeat (" + both[0] + ") must be at most half of kcl.leader_lock (" + both[1]
                            + "); use " + Quantities.text(kcl.leaderLock().dividedBy(4)),
                    "kcl.leader_heartbeat",
                    "kcl.leader_lock");
        }
    }

    private void names(Stream stream, Application application, Aws aws) {
        if (!STREAM_NAME.matcher(stream.name()).matches()) {
            broken("stream.name (" + stream.name() + ") must be 1 to 128 letters, digits, -, _ or .", "stream.name");
        }
        requireAwsName("application.name", application.name());
        if (!REGION.matcher(aws.region()).matches()) {
            broken("aws.region (" + aws.region() + ") is not a region; write it like us-east-1", "aws.region");
        }
        if (!aws.endpoint().equals(Settings.AUTO) && !isHttp(aws.endpoint())) {
            broken(
                    "aws.endpoint (" + aws.endpoint()
                            + ") is not an address; write it like http://127.0.0.1:4566, or auto",
                    "aws.endpoint");
        }
    }

    private static boolean isHttp(String text) {
        try {
            URI uri = new URI(text);
            return uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()));
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private void requireAwsName(String path, String name) {
        if (!AWS_NAME.matcher(name).matches()) {
            broken(path + " (" + name + ") must be 3 to 255 letters, digits, -, _ or .", path);
        }
    }

    private void tables(Application application, State state, Outputs outputs) {
        Map<String, String> pathByTable = new HashMap<>();
        pathByTable.put(application.name(), "application.name");
        String[][] tables = {
            {"state.table", state.table()},
            {"outputs.metrics_table", outputs.metricsTable()},
            {"outputs.advice_table", outputs.adviceTable()},
            {"outputs.dead_letters_table", outputs.deadLettersTable()},
        };
        for (String[] table : tables) {
            requireAwsName(table[0], table[1]);
            String other = pathByTable.putIfAbsent(table[1], table[0]);
            if (other != null) {
                broken(
                        table[0] + " (" + table[1] + ") is the table of " + other + " already; use another name",
                        table[0],
                        other);
            }
        }
    }

    private void store(State state) {
        String bucket = state.bucket();
        if (bucket == null && state.store() == Settings.StateStore.S3) {
            broken(
                    "state.bucket (off) must be given where state.store is s3; name a bucket, or set state.store: dynamodb",
                    "state.store",
                    "state.bucket");
        }
        if (bucket != null && !BUCKET.matcher(bucket).matches()) {
            broken(
                    "state.bucket (" + bucket
                            + ") must be 3 to 63 lower-case letters, digits, - or ., without s3:// and without a path;"
                            + " the path is state.prefix",
                    "state.bucket");
        }
        if (!KEY_PREFIX.matcher(state.prefix()).matches()) {
            broken(
                    "state.prefix (" + state.prefix()
                            + ") must be 1 to 512 letters, digits, !, -, _, ., *, (, ) or /, and not begin with /",
                    "state.prefix");
        }
    }
}
