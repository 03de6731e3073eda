@NullMarked
package io.processoptimizer.simulate;

import org.jspecify.annotations.NullMarked;
