/** Rules that hold for all of the code: which way imports run, how long things may be. */
@NullMarked
package io.processoptimizer;

import org.jspecify.annotations.NullMarked;
