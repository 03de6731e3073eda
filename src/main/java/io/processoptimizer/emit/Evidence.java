package io.processoptimizer.emit;

/**
 * A figure of the window that stands behind a piece of advice. The value is ours, whatever a model took it for.
 *
 * @param figure its name in the prompt
 * @param value as the prompt gave it
 */
public record Evidence(String figure, double value) {}
