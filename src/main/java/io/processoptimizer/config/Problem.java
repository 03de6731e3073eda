package io.processoptimizer.config;

/**
 * One thing that is wrong with the configuration.
 *
 * @param source the file, environment variable or option that it stands in
 * @param line line in the file, from 1; 0 where there is none
 * @param message names the setting, the value and the remedy
 */
public record Problem(String source, int line, String message) {
    @Override
    public String toString() {
        return source + (line > 0 ? ":" + line : "") + ": " + message;
    }
}
