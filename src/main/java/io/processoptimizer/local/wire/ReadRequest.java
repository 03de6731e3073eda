package io.processoptimizer.local.wire;

import java.nio.ByteBuffer;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.content.ByteBufferContentSource;
import org.eclipse.jetty.server.Request;

/** A request whose body was read already, and can be read once more. */
public final class ReadRequest extends Request.Wrapper {
    private final ByteBufferContentSource content;
    private final long length;

    public ReadRequest(Request request, byte[] body) {
        super(request);
        this.content = new ByteBufferContentSource(ByteBuffer.wrap(body));
        this.length = body.length;
    }

    @Override
    public long getLength() {
        return length;
    }

    @Override
    public Content.Chunk read() {
        return content.read();
    }

    @Override
    public void demand(Runnable demandCallback) {
        content.demand(demandCallback);
    }

    @Override
    public void fail(Throwable failure) {
        content.fail(failure);
    }
}
