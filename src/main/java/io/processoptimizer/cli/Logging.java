package io.processoptimizer.cli;

import io.processoptimizer.config.LogSettings;
import io.processoptimizer.config.LogSettings.Format;
import io.processoptimizer.config.LogSettings.Level;
import java.util.Locale;

/**
 * How much is logged. The logger reads its levels once, when the first class that logs is loaded, so they must be set before any
 * part of the product is touched. What the JVM was told by {@code -D} stays.
 */
final class Logging {
    /** Of everything: set for what is not ours. */
    private static final String ALL = "org.slf4j.simpleLogger.defaultLogLevel";

    /** Of this program. */
    static final String OURS = "org.slf4j.simpleLogger.log.io.processoptimizer";

    private Logging() {}

    /** Before the configuration is read: {@code --verbose} means info. */
    static void configure(boolean verbose) {
        if (verbose) {
            System.setProperty(OURS, name(Level.INFO));
        }
    }

    /** After the configuration is read; {@code --verbose} stays. */
    static void configure(LogSettings log) {
        if (System.getProperty(ALL) != null) {
            return;
        }
        if (System.getProperty(OURS) == null) {
            System.setProperty(OURS, name(log.level()));
        }
        System.setProperty(ALL, name(log.libraries()));
    }

    private static String name(Level level) {
        return level.name().toLowerCase(Locale.ROOT);
    }

    /** Whether more than warnings was asked for. */
    static boolean isTalkative() {
        String level = System.getProperty(OURS, System.getProperty(ALL, "warn"));
        return level.equals("info") || level.equals("debug");
    }

    /** From now on a long run's log is written in this form. */
    static void write(LogSettings log) {
        if (log.format() != Format.TEXT || !isTalkative()) {
            System.setErr(CalmLog.over(System.err, log.format(), isTalkative()));
        }
    }
}
