/**
 * What a person sees of a running worker, and what watches over it asks: results and adjustments enter, a live table or plain lines leave,
 * and over HTTP health, metrics and a page. Knows how to draw and to answer, not how anything was computed or where it is stored.
 */
@NullMarked
package io.processoptimizer.status;

import org.jspecify.annotations.NullMarked;
