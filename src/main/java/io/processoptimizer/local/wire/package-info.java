/**
 * The wire protocols that the embedded services share: AWS JSON 1.0 and 1.1, Smithy RPC v2 CBOR and AWS Query. A request of any
 * of them becomes an {@link io.processoptimizer.local.wire.Input} for the operation that it names, and the operation's answer, a
 * map of members, leaves in the same protocol. It knows no service.
 */
@NullMarked
package io.processoptimizer.local.wire;

import org.jspecify.annotations.NullMarked;
