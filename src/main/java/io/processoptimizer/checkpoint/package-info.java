/**
 * What is durable up to where: the state of a shard enters as bytes with a position, and a pointer that only its present holder may
 * move says which of them counts. The port to the store is here, its adapters are elsewhere; knows nothing of KCL or AWS.
 */
@NullMarked
package io.processoptimizer.checkpoint;

import org.jspecify.annotations.NullMarked;
