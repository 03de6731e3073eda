package io.processoptimizer.local.faults;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;

/** A service whose requests can go wrong, and how it says so. */
public enum FaultyService {
    DYNAMODB(
            "DynamoDB_20120810\\..*",
            "application/x-amz-json-1.0",
            Refusal.THROUGHPUT_EXCEEDED,
            Refusal.INTERNAL_SERVER_ERROR,
            null),
    EVENTBRIDGE("AWSEvents\\..*", "application/x-amz-json-1.1", Refusal.THROTTLED, Refusal.INTERNAL_EXCEPTION, null),
    BEDROCK(
            "/model/.+/(converse|invoke)",
            "application/json",
            Refusal.TOO_MANY_REQUESTS,
            Refusal.UNAVAILABLE_EXCEPTION,
            Refusal.MODEL_TIMEOUT),
    SAGEMAKER(
            "/endpoints/[^/]+/invocations",
            "application/json",
            Refusal.THROTTLED,
            Refusal.UNAVAILABLE,
            Refusal.MODEL_ERROR);

    private static final Pattern TABLES =
            Pattern.compile(".*\\.(Create|Describe|Update|Delete|List)(Table|Tables|TimeToLive)");

    private final Pattern asked;
    private final String contentType;
    private final Refusal throttled;
    private final Refusal failed;
    private final @Nullable Refusal timedOut;

    /**
     * @param asked how a request names the service: all of its X-Amz-Target or, where it has none, of its path
     * @param timedOut null: the service knows no such thing
     */
    FaultyService(String asked, String contentType, Refusal throttled, Refusal failed, @Nullable Refusal timedOut) {
        this.asked = Pattern.compile(asked);
        this.contentType = contentType;
        this.throttled = throttled;
        this.failed = failed;
        this.timedOut = timedOut;
    }

    /** The documented errors, with their HTTP status. */
    private enum Refusal {
        THROUGHPUT_EXCEEDED(HttpStatus.BAD_REQUEST_400, "ProvisionedThroughputExceededException"),
        THROTTLED(HttpStatus.BAD_REQUEST_400, "ThrottlingException"),
        TOO_MANY_REQUESTS(HttpStatus.TOO_MANY_REQUESTS_429, "ThrottlingException"),
        INTERNAL_SERVER_ERROR(HttpStatus.INTERNAL_SERVER_ERROR_500, "InternalServerError"),
        INTERNAL_EXCEPTION(HttpStatus.INTERNAL_SERVER_ERROR_500, "InternalException"),
        UNAVAILABLE_EXCEPTION(HttpStatus.SERVICE_UNAVAILABLE_503, "ServiceUnavailableException"),
        UNAVAILABLE(HttpStatus.SERVICE_UNAVAILABLE_503, "ServiceUnavailable"),
        MODEL_TIMEOUT(HttpStatus.REQUEST_TIMEOUT_408, "ModelTimeoutException"),
        MODEL_ERROR(HttpStatus.FAILED_DEPENDENCY_424, "ModelError");

        private final int status;
        private final String error;

        Refusal(int status, String error) {
            this.status = status;
            this.error = error;
        }
    }

    /** The service of a request, unless it is about a table itself: in the service, too, that goes another way and works on. */
    static @Nullable FaultyService of(Request request) {
        String target = request.getHeaders().get("X-Amz-Target");
        String name = target != null ? target : request.getHttpURI().getPath();
        if (name == null || TABLES.matcher(name).matches()) {
            return null;
        }
        for (FaultyService service : values()) {
            if (service.asked.matcher(name).matches()) {
                return service;
            }
        }
        return null;
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    boolean hasTimeouts() {
        return timedOut != null;
    }

    /**
     * Sets status and headers of the answer that says what went wrong.
     *
     * @return its body
     */
    ByteBuffer refuse(Fault.Kind kind, Response response) {
        Refusal refusal = refusal(kind);
        response.setStatus(refusal.status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, contentType);
        response.getHeaders().put("x-amzn-ErrorType", refusal.error);
        return StandardCharsets.UTF_8.encode("{\"__type\":\"" + refusal.error
                + "\",\"message\":\"a fault that was asked for: " + kind.label() + "\"}");
    }

    private Refusal refusal(Fault.Kind kind) {
        return switch (kind) {
            case THROTTLE -> throttled;
            case TIME_OUT -> timedOut == null ? failed : timedOut;
            case FAIL, HANG, LOSE_ANSWER, DELAY -> failed;
        };
    }
}
