/**
 * What a person sees of a running worker: results and adjustments enter, a live table or plain lines leave. Knows how to draw, not how
 * anything was computed or where it is stored.
 */
@NullMarked
package io.processoptimizer.status;

import org.jspecify.annotations.NullMarked;
