@NullMarked
package io.processoptimizer.pipeline;

import org.jspecify.annotations.NullMarked;
