/** Tests of the folder of states. */
@NullMarked
package io.processoptimizer.disk;

import org.jspecify.annotations.NullMarked;
