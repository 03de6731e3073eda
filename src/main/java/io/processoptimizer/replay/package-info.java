/**
 * The pipeline over what was recorded: files or a stream's range come in, result files, comparisons and a report go out. The same
 * core as the worker's, driven as fast as the machine goes; nothing in here writes to AWS or asks a paid model.
 */
@NullMarked
package io.processoptimizer.replay;

import org.jspecify.annotations.NullMarked;
