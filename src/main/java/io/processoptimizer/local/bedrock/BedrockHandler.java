package io.processoptimizer.local.bedrock;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
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
 * Bedrock's Converse and InvokeModel as a handler: START HERE. Whatever the model is called, the rules in the question are the answer.
 * What has no window's data is answered by a text that says so, and what the service would refuse by its ValidationException. Thread safe.
 */
public final class BedrockHandler extends Handler.Abstract {
    /** The name of the model is one part of the path by the SDKs, encoded; by hand an ARN may come with its slashes as they are. */
    private static final Pattern PATH = Pattern.compile("/model/(.+)/(converse|invoke)");

    private static final Form CONVERSE = new Converse();
    private static final Form INVOKE = new AnthropicMessages();

    /** As in the service. */
    private static final int MAX_MODEL_CHARACTERS = 2048;

    /** InvokeModel's limit is 25,000,000; images are not for here. */
    static final int MAX_BYTES = 20 << 20;

    /** What is still read of a longer request, so that its sender comes to read the refusal and not that it was cut off. */
    private static final long MAX_UNREAD_BYTES = 100 << 20;

    /** The schema of a tool may be deep; none has so many levels. */
    private static final int MAX_DEPTH = 200;

    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxStringLength(MAX_BYTES)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws IOException {
        String path = request.getHttpURI().getPath();
        Matcher asked = PATH.matcher(path == null ? "" : path);
        if (!HttpMethod.POST.is(request.getMethod()) || !asked.matches()) {
            return false;
        }
        long start = System.nanoTime();
        byte[] body = body(request);
        String requestId = UUID.randomUUID().toString();
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        response.getHeaders().put("x-amzn-RequestId", requestId);
        ObjectNode said;
        try {
            Form form = asked.group(2).equals("invoke") ? INVOKE : CONVERSE;
            String modelId = modelId(asked.group(1));
            Answer answer = RulesModel.answer(form.read(object(body)));
            Form.Reply reply = new Form.Reply(
                    modelId,
                    requestId,
                    Tokens.of(body.length),
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
            said = form.write(answer, reply);
            if (form == INVOKE) {
                figures(answer, reply, response);
            }
        } catch (RefusedException e) {
            response.setStatus(HttpStatus.BAD_REQUEST_400);
            response.getHeaders().put("x-amzn-ErrorType", "ValidationException");
            said = JSON.createObjectNode().put("message", e.getMessage());
        }
        response.write(true, StandardCharsets.UTF_8.encode(said.toString()), callback);
        return true;
    }

    private static byte[] body(Request request) throws IOException {
        try (InputStream in = Content.Source.asInputStream(request)) {
            byte[] body = in.readNBytes(MAX_BYTES + 1);
            in.skip(body.length > MAX_BYTES ? MAX_UNREAD_BYTES : 0);
            return body;
        }
    }

    private static String modelId(String encoded) throws RefusedException {
        String modelId;
        try {
            // In a path a plus is a plus.
            modelId = URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new RefusedException("The provided model identifier is invalid.");
        }
        if (modelId.length() > MAX_MODEL_CHARACTERS) {
            throw RefusedException.constraint(
                    "modelId", modelId, "Member must have length less than or equal to " + MAX_MODEL_CHARACTERS);
        }
        return modelId;
    }

    private static ObjectNode object(byte[] body) throws RefusedException {
        if (body.length > MAX_BYTES) {
            throw new RefusedException(
                    "Input is too long for requested model: at most " + MAX_BYTES + " bytes are read.");
        }
        JsonNode read;
        try {
            read = JSON.readTree(body);
        } catch (IOException e) {
            throw new RefusedException("Malformed input request, please reformat your input and try again.");
        }
        if (read instanceof ObjectNode object) {
            return object;
        }
        throw new RefusedException(
                "Malformed input request: the body is no JSON object, please reformat it and try again.");
    }

    /** InvokeModel does not know what its models write, so the service tells these beside it. */
    private static void figures(Answer answer, Form.Reply reply, Response response) {
        response.getHeaders().put("X-Amzn-Bedrock-Input-Token-Count", reply.inputTokens());
        response.getHeaders().put("X-Amzn-Bedrock-Output-Token-Count", answer.outputTokens());
        response.getHeaders().put("X-Amzn-Bedrock-Invocation-Latency", reply.latencyMillis());
    }
}
