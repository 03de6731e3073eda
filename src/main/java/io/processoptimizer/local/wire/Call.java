package io.processoptimizer.local.wire;

/**
 * A request as its envelope describes it.
 *
 * @param service which service is meant
 * @param operation the operation's name, which the service may not know
 * @param protocol how its members travel
 * @param requestId what the answer is told by
 */
record Call(Service service, String operation, Protocol protocol, String requestId) {}
