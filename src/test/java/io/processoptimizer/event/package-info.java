@NullMarked
package io.processoptimizer.event;

import org.jspecify.annotations.NullMarked;
