@NullMarked
package io.processoptimizer.window;

import org.jspecify.annotations.NullMarked;
