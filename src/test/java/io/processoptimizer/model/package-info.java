@NullMarked
package io.processoptimizer.model;

import org.jspecify.annotations.NullMarked;
