@NullMarked
package io.processoptimizer.recover;

import org.jspecify.annotations.NullMarked;
