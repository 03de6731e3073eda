/**
 * State runs and parts of a step enter; its times, factors, six big losses and KPIs leave, and the same for the process on its
 * basis (ISO 22400-2, Nakajima, or as a record states them). Sums are integers and every published ratio is one division of
 * them. Knows nothing of which step is the bottleneck: it is told.
 */
@NullMarked
package io.processoptimizer.analyse.oee;

import org.jspecify.annotations.NullMarked;
