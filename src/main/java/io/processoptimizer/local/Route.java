package io.processoptimizer.local;

import org.eclipse.jetty.server.Handler;

/**
 * A service that is told by the operation header.
 *
 * @param service its name, for messages
 * @param targetPrefix what its {@code X-Amz-Target} begins with, including the full stop
 * @param handler who answers
 */
record Route(String service, String targetPrefix, Handler handler) {}
