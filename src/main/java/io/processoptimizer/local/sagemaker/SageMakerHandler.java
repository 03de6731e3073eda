package io.processoptimizer.local.sagemaker;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.processoptimizer.model.EfficiencyModel;
import io.processoptimizer.model.Invocation;
import io.processoptimizer.model.Invocation.BadRequestException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * SageMaker's InvokeEndpoint as a handler: START HERE. Whatever the endpoint is called, the one model answers, by the same code as in
 * a container of its own; a request that a container would refuse is a ModelError, as there. Thread safe.
 */
public final class SageMakerHandler extends Handler.Abstract {
    private static final Pattern PATH = Pattern.compile("/endpoints/[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}/invocations");
    private static final String JSON = "application/json";

    private final Invocation invocation;

    public SageMakerHandler(EfficiencyModel model) {
        invocation = new Invocation(model);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws IOException {
        if (!HttpMethod.POST.is(request.getMethod())
                || !PATH.matcher(Request.getPathInContext(request)).matches()) {
            return false;
        }
        byte[] body;
        try (InputStream in = Content.Source.asInputStream(request)) {
            body = in.readNBytes(Invocation.MAX_BYTES + 1);
        }
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, JSON);
        response.getHeaders().put("x-Amzn-Invoked-Production-Variant", "local");
        try {
            response.write(true, StandardCharsets.UTF_8.encode(invocation.answer(body)), callback);
        } catch (BadRequestException e) {
            refuse(String.valueOf(e.getMessage()), response, callback);
        }
        return true;
    }

    private static void refuse(String why, Response response, Callback callback) {
        response.setStatus(HttpStatus.FAILED_DEPENDENCY_424);
        response.getHeaders().put("x-amzn-ErrorType", "ModelError");
        String error = JsonNodeFactory.instance
                .objectNode()
                .put("Message", "Received client error (400) from local with message \"" + why + "\"")
                .put("OriginalStatusCode", HttpStatus.BAD_REQUEST_400)
                .put("OriginalMessage", why)
                .toString();
        response.write(true, StandardCharsets.UTF_8.encode(error), callback);
    }
}
