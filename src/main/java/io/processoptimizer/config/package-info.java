/**
 * Settings and process definitions: YAML text, environment variables and command-line overrides enter, validated immutable
 * values leave, or every problem at once with its file, line, value and remedy. Defaults are complete, so no file is needed.
 * Knows no AWS and starts nothing.
 */
@NullMarked
package io.processoptimizer.config;

import org.jspecify.annotations.NullMarked;
