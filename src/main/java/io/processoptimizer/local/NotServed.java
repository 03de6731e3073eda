package io.processoptimizer.local;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** The last in line: says what was asked for and what is served instead. */
final class NotServed extends Handler.Abstract {
    private static final String TARGET = "X-Amz-Target";

    private final String served;

    NotServed(List<String> served) {
        this.served = String.join(", ", served);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        String target = request.getHeaders().get(TARGET);
        String asked = target != null
                ? target
                : request.getMethod() + " " + request.getHttpURI().getPath();
        response.setStatus(HttpStatus.NOT_IMPLEMENTED_501);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain; charset=utf-8");
        response.write(
                true,
                StandardCharsets.UTF_8.encode(
                        "the embedded AWS does not serve " + asked + "; it serves " + served + "\n"),
                callback);
        return true;
    }
}
