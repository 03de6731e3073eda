package io.processoptimizer.config;

/** What is logged. */
@Section("What is logged, to standard error.")
public record LogSettings(
        @Setting(value = "warn", about = "error, warn, info or debug; --verbose means info.")
        Level level,

        @Setting(
                value = "warn",
                about = "The same of the libraries: KCL, the AWS SDK and what they use. What they say of themselves at"
                        + " every start, and nobody can do anything about, is left out whatever stands here.")
        Level libraries,

        @Setting(
                value = "text",
                about =
                        "How 'run' and 'forward' write an event: text (for people), key_value or json (a line an event, with"
                                + " shard, process and window where it is about one).")
        Format format) {
    /** How much is logged. */
    public enum Level {
        ERROR,
        WARN,
        INFO,
        DEBUG
    }

    /** How an event is written. */
    public enum Format {
        TEXT,
        KEY_VALUE,
        JSON
    }
}
