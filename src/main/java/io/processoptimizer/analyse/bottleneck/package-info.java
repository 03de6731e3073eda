/**
 * State runs and the OEE of each step enter; which step constrains the process leaves, with each method's vote and a confidence
 * (Roser 2002, Li 2009), and how evenly the steps are used. Time is measured on the same runs as OEE, and ties fall to the step
 * that stands first in the line, so the answer is the same everywhere.
 */
@NullMarked
package io.processoptimizer.analyse.bottleneck;

import org.jspecify.annotations.NullMarked;
