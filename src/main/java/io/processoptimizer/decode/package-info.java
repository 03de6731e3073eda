/**
 * Bytes of a record enter, canonical events or a reason for refusal leave. Everything that is wrong with a single record is
 * found here, before any state is touched; what depends on time or on other records is not known here.
 */
@NullMarked
package io.processoptimizer.decode;

import org.jspecify.annotations.NullMarked;
