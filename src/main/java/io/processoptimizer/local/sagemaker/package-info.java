/** SageMaker runtime: requests to an endpoint enter, what the efficiency model says leaves. */
@NullMarked
package io.processoptimizer.local.sagemaker;

import org.jspecify.annotations.NullMarked;
