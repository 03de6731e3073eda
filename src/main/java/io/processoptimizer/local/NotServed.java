package io.processoptimizer.local;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** The last in line: says what was asked for and what is served instead, in the form in which that client reads errors. */
final class NotServed extends Handler.Abstract {
    private static final String CODE = "NotImplemented";
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
        String message = "the embedded AWS does not serve " + asked + "; it serves " + served;
        response.setStatus(HttpStatus.NOT_IMPLEMENTED_501);
        response.getHeaders()
                .put(HttpHeader.CONTENT_TYPE, target != null ? "application/x-amz-json-1.1" : "application/xml");
        response.write(true, StandardCharsets.UTF_8.encode(target != null ? json(message) : xml(message)), callback);
        return true;
    }

    private static String json(String message) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("__type", CODE)
                .put("message", message)
                .toString();
    }

    private static String xml(String message) {
        String text = message.replace("&", "&amp;").replace("<", "&lt;");
        return "<Error><Code>" + CODE + "</Code><Message>" + text + "</Message></Error>";
    }
}
