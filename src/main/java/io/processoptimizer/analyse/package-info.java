/**
 * The facts of a window enter, what they mean leaves: OEE, losses and KPIs ({@code analyse.oee}), and which step constrains the
 * process ({@code analyse.bottleneck}). Pure arithmetic on integers; every published ratio is one division.
 */
@NullMarked
package io.processoptimizer.analyse;

import org.jspecify.annotations.NullMarked;
