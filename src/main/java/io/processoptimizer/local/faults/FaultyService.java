package io.processoptimizer.local.faults;

import java.util.Locale;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpStatus;
import org.jspecify.annotations.Nullable;

/** A service whose requests can go wrong, and how it says so. */
public enum FaultyService {
    DYNAMODB("DynamoDB_20120810.", "1.0", "ProvisionedThroughputExceededException", "InternalServerError"),
    EVENTBRIDGE("AWSEvents.", "1.1", "ThrottlingException", "InternalException");

    private static final Pattern TABLES =
            Pattern.compile(".*\\.(Create|Describe|Update|Delete|List)(Table|Tables|TimeToLive)");

    private final String targetPrefix;
    private final String jsonVersion;
    private final String throttling;
    private final String failure;

    FaultyService(String targetPrefix, String jsonVersion, String throttling, String failure) {
        this.targetPrefix = targetPrefix;
        this.jsonVersion = jsonVersion;
        this.throttling = throttling;
        this.failure = failure;
    }

    /**
     * The service of a request, unless it is about a table itself: in the service, too, that goes another way and works on.
     *
     * @param target what X-Amz-Target says, or null
     */
    static @Nullable FaultyService of(@Nullable String target) {
        for (FaultyService service : values()) {
            if (target != null && target.startsWith(service.targetPrefix)) {
                boolean aboutTables = TABLES.matcher(target).matches();
                return aboutTables ? null : service;
            }
        }
        return null;
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    String contentType() {
        return "application/x-amz-json-" + jsonVersion;
    }

    int status(Fault.Kind kind) {
        return kind == Fault.Kind.THROTTLE ? HttpStatus.BAD_REQUEST_400 : HttpStatus.INTERNAL_SERVER_ERROR_500;
    }

    String body(Fault.Kind kind) {
        String error = kind == Fault.Kind.THROTTLE ? throttling : failure;
        return "{\"__type\":\"" + error + "\",\"message\":\"a fault that was asked for: " + kind.label() + "\"}";
    }
}
