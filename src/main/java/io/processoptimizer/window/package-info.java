/**
 * Events enter, the facts of closed windows leave. Panes, state timelines, the watermark, lateness and revisions of one process
 * live here, and so does their snapshot. Knows neither OEE nor bottlenecks, and no clock: time is what the events say.
 */
@NullMarked
package io.processoptimizer.window;

import org.jspecify.annotations.NullMarked;
