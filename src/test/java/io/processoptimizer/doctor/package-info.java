@NullMarked
package io.processoptimizer.doctor;

import org.jspecify.annotations.NullMarked;
