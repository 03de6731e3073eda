/**
 * Amazon's DynamoDB Local inside this process: requests of DynamoDB and DynamoDB Streams enter as the SDKs send them and are
 * answered by Amazon's own handler. It only loads the native SQLite library and opens the store; it knows nothing of tables.
 */
@NullMarked
package io.processoptimizer.local.dynamodb;

import org.jspecify.annotations.NullMarked;
