package io.processoptimizer.emit;

/** Takes all that leaves the core, where advice is settled at once. */
public interface Outputs extends ResultOutputs, AdviceOutputs {}
