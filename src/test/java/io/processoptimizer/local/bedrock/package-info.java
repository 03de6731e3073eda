/** Tests of the embedded Bedrock. */
@NullMarked
package io.processoptimizer.local.bedrock;

import org.jspecify.annotations.NullMarked;
