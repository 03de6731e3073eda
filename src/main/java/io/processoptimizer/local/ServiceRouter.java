package io.processoptimizer.local;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Hands each request to the service that it names and says what is served where it names another. */
final class ServiceRouter extends Handler.Abstract {
    private static final String TARGET = "X-Amz-Target";

    private final List<Route> routes;

    ServiceRouter(List<Route> routes) {
        this.routes = List.copyOf(routes);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        String target = request.getHeaders().get(TARGET);
        if (target != null) {
            for (Route route : routes) {
                if (target.startsWith(route.targetPrefix())) {
                    return route.handler().handle(request, response, callback);
                }
            }
        }
        refuse(request, target, response, callback);
        return true;
    }

    private void refuse(Request request, @Nullable String target, Response response, Callback callback) {
        String asked = target != null
                ? target
                : request.getMethod() + " " + request.getHttpURI().getPath();
        String served = routes.stream().map(Route::service).distinct().collect(Collectors.joining(", "));
        response.setStatus(HttpStatus.NOT_IMPLEMENTED_501);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain; charset=utf-8");
        response.write(
                true,
                StandardCharsets.UTF_8.encode(
                        "the embedded AWS does not serve " + asked + "; it serves " + served + "\n"),
                callback);
    }
}
