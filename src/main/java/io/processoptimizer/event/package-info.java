/**
 * What a factory says and what is known of it beforehand: canonical telemetry events, process definitions, positions in the
 * stream. Plain values enter and leave; every later stage reads them. Knows nothing of bytes, windows or AWS.
 */
@NullMarked
package io.processoptimizer.event;

import org.jspecify.annotations.NullMarked;
