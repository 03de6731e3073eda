/**
 * Objects in buckets, in memory: requests of S3 enter as the SDKs and the AWS CLI send them with the bucket in the path, the documented
 * answers and errors leave. It keeps what a store of snapshots needs: no versions, no multipart uploads, no access rules.
 */
@NullMarked
package io.processoptimizer.local.s3;

import org.jspecify.annotations.NullMarked;
