/** Where the bottleneck of a line is found, over lines of which the true one is known. */
@NullMarked
package io.processoptimizer.analyse.bottleneck;

import org.jspecify.annotations.NullMarked;
