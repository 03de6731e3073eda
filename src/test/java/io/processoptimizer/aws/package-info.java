/** Tests of the adapters to AWS. */
@NullMarked
package io.processoptimizer.aws;

import org.jspecify.annotations.NullMarked;
