/**
 * Results of windows enter, advice and adjustments leave: when to ask for advice, the rules that give it, and which advice becomes
 * an adjustment. Decides only; what is stored and published, and when it is too late for that, is not known here.
 */
@NullMarked
package io.processoptimizer.advise;

import org.jspecify.annotations.NullMarked;
