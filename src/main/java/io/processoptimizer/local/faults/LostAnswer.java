package io.processoptimizer.local.faults;

import java.nio.ByteBuffer;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Instead of the answer that is written to it, whatever that is, the client gets a failure. */
final class LostAnswer extends Response.Wrapper {
    private final FaultyService service;

    LostAnswer(Request request, Response response, FaultyService service) {
        super(request, response);
        this.service = service;
    }

    @Override
    public void write(boolean last, ByteBuffer content, Callback callback) {
        if (!last) {
            if (content != null) {
                content.position(content.limit());
            }
            callback.succeeded();
            return;
        }
        // Its headers, a checksum among them, belong to the answer that is lost.
        getHeaders().clear();
        super.write(true, service.refuse(Fault.Kind.LOSE_ANSWER, getWrapped()), callback);
    }
}
