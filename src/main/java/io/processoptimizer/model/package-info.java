/**
 * The efficiency model: how a process will do one horizon ahead. Windows' results enter, a folder with a model and its card leaves
 * ({@link io.processoptimizer.model.Training}: START HERE); served, it answers requests as a SageMaker endpoint does.
 */
@NullMarked
package io.processoptimizer.model;

import org.jspecify.annotations.NullMarked;
