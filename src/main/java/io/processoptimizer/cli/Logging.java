package io.processoptimizer.cli;

import io.processoptimizer.config.Settings.LogLevel;
import java.util.Locale;

/**
 * How much is logged. The logger reads its level once, when the first class that logs is loaded, so it must be set before any
 * part of the product is touched.
 */
final class Logging {
    private static final String LEVEL = "org.slf4j.simpleLogger.defaultLogLevel";

    private Logging() {}

    /** Before the configuration is read: {@code --verbose} means info. */
    static void configure(boolean verbose) {
        if (verbose) {
            System.setProperty(LEVEL, "info");
        }
    }

    /** After the configuration is read; {@code --verbose} stays. */
    static void configure(LogLevel level) {
        if (System.getProperty(LEVEL) == null) {
            System.setProperty(LEVEL, level.name().toLowerCase(Locale.ROOT));
        }
    }

    /** Whether more than warnings was asked for. */
    static boolean isTalkative() {
        String level = System.getProperty(LEVEL, "warn");
        return level.equals("info") || level.equals("debug");
    }
}
