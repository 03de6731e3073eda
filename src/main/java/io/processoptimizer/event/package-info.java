/**
 * What a factory says: canonical telemetry events, their ids and their position in the stream. Nothing enters but values;
 * every later stage reads these. Knows nothing of bytes, windows or AWS.
 */
@NullMarked
package io.processoptimizer.event;

import org.jspecify.annotations.NullMarked;
