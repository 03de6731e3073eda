/** Tests of the embedded S3. */
@NullMarked
package io.processoptimizer.local.s3;

import org.jspecify.annotations.NullMarked;
