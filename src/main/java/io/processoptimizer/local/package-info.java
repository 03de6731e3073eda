/**
 * The embedded AWS: one loopback port that answers as DynamoDB, Kinesis, S3, CloudWatch and EventBridge, so that the unmodified
 * SDKs, the Kinesis Client Library and the AWS CLI work against it by endpoint setting alone. Requests of the documented wire
 * protocols enter, the documented answers and errors leave. It knows nothing of the optimizer and is development and test
 * equipment: none of it is in the production jar.
 */
@NullMarked
package io.processoptimizer.local;

import org.jspecify.annotations.NullMarked;
